package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.PortArgument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads what podman publishes (podman-run(1), "--publish"): {@code [[ip:][hostPort]:]containerPort[/protocol]}, ports or ranges.
 */
final class WorkloadPorts {
    private static final int MOST = 2_000;

    private WorkloadPorts() {}

    /**
     * @param text specifiers and variables replaced as far as they are known
     * @param problem gets what is wrong with it, where it is no port
     * @return empty where it is no port
     */
    static List<ComposeFile.Published> read(String text, String file, int line, List<String> problem) {
        String plain = text.strip();
        int slash = plain.lastIndexOf('/');
        String protocol = slash < 0 ? "tcp" : plain.substring(slash + 1).toLowerCase(Locale.ROOT);
        String body = slash < 0 ? plain : plain.substring(0, slash);
        int last = separator(body, body.length());
        int middle = last < 0 ? -1 : separator(body, last);
        String container = body.substring(last + 1);
        String host = last < 0 ? "" : body.substring(middle + 1, last);
        String address = middle < 0 ? "" : body.substring(0, middle).replaceAll("^\\[|]$", "");
        boolean open = isOpen(host) || isOpen(container) || isOpen(address) || isOpen(protocol);
        if (open) {
            PortValue unknown = new PortValue.Unresolved("the port that it publishes is computed: " + plain, null);
            return List.of(new ComposeFile.Published(
                    isOpen(address) ? "" : address,
                    host.isEmpty() ? null : value(host, unknown),
                    value(container, unknown),
                    isOpen(protocol) ? "tcp" : protocol,
                    file,
                    line,
                    plain));
        }
        int[] inner = range(container);
        int[] outer = host.isEmpty() || host.equals("0") ? null : range(host);
        if (inner.length == 0 || (outer != null && outer.length == 0)) {
            problem.add(plain + " is no port from 1 to 65535");
            return List.of();
        }
        if (outer != null && outer[1] - outer[0] != inner[1] - inner[0]) {
            problem.add("the ranges of " + plain + " differ in length");
            return List.of();
        }
        List<ComposeFile.Published> published = new ArrayList<>();
        for (int i = 0; i <= inner[1] - inner[0] && i < MOST; i++) {
            published.add(new ComposeFile.Published(
                    address,
                    outer == null ? null : new PortValue.Known(outer[0] + i, null),
                    new PortValue.Known(inner[0] + i, null),
                    protocol,
                    file,
                    line,
                    plain));
        }
        return published;
    }

    private static PortValue value(String text, PortValue unknown) {
        int port = PortArgument.number(text);
        return port >= 1 ? new PortValue.Known(port, null) : unknown;
    }

    private static boolean isOpen(String text) {
        return text.indexOf('$') >= 0 || text.indexOf('%') >= 0 || text.indexOf('{') >= 0;
    }

    /** The colon before this place that stands in no brackets and no {@code ${...}}. */
    private static int separator(String text, int before) {
        int depth = 0;
        for (int i = before - 1; i >= 0; i--) {
            char c = text.charAt(i);
            if (c == ']' || c == '}') {
                depth++;
            } else if (c == '[' || c == '{') {
                depth--;
            } else if (c == ':' && depth == 0) {
                return i;
            }
        }
        return -1;
    }

    /** First and last; empty where it is no port and no range. */
    private static int[] range(String text) {
        int dash = text.indexOf('-');
        int first = PortArgument.number(dash < 0 ? text : text.substring(0, dash));
        int last = dash < 0 ? first : PortArgument.number(text.substring(dash + 1));
        return first >= 1 && last >= first ? new int[] {first, last} : new int[0];
    }
}
