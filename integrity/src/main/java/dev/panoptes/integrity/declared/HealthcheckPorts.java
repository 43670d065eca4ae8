package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.PortArgument;
import dev.panoptes.code.command.Word;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the port that the command of a health check asks on its own container. */
public final class HealthcheckPorts {
    private static final int LONGEST = 8_192;
    private static final int LONGEST_NAME = 100;
    private static final String PORT =
            "(?<port>[0-9]{1,5}|\\$\\w{1,64}|\\$\\{\\w{1,64}(?::?-[0-9]{1,5})?\\})(?![\\w.>])";

    /** How curl, nc, Python, Node and bash put a port behind a host. */
    private static final String BETWEEN =
            "(?<between>:|/|['\"]?\\s{0,4}[, ]\\s{0,4}(?:['\"]?port['\"]?\\s{0,4}[:=]\\s{0,4})?)";

    private static final Pattern PROBE =
            Pattern.compile("-addr[= ](?:localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0)?:" + PORT);

    private HealthcheckPorts() {}

    /**
     * @param names what the container calls itself besides localhost
     * @param environment what is set in it
     * @return the ports, in order; empty where it asks none that can be seen
     */
    public static SequencedSet<PortValue> of(String command, Set<String> names, Map<String, String> environment) {
        String text = command.length() > LONGEST ? command.substring(0, LONGEST) : command;
        SequencedSet<PortValue> ports = new LinkedHashSet<>();
        Matcher asked = asked(names).matcher(text);
        while (asked.find()) {
            String scheme = asked.group("scheme");
            String port = asked.group("port");
            String between = asked.group("between");
            boolean counts = port != null
                    && between != null
                    && (scheme != null
                            ? between.equals(":")
                            : !between.equals("/")
                                    || text.startsWith("/dev/tcp/", asked.start() - "/dev/tcp/".length()));
            if (port != null && counts) {
                ports.add(value(port, environment));
            } else if (scheme != null
                    && !text.startsWith(
                            ":", asked.start("host") + asked.group("host").length())) {
                ports.add(new PortValue.Known(scheme.startsWith("https") ? 443 : 80, null));
            } else if (scheme != null) {
                ports.add(new PortValue.Unresolved("the port that the health check asks is computed", null));
            }
        }
        Matcher probe = PROBE.matcher(text);
        while (ports.isEmpty() && probe.find()) {
            ports.add(value(probe.group("port"), environment));
        }
        return ports;
    }

    private static Pattern asked(Set<String> names) {
        StringBuilder hosts = new StringBuilder("localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1?\\]");
        for (String name : names) {
            if (!name.isEmpty() && name.length() <= LONGEST_NAME) {
                hosts.append('|').append(Pattern.quote(name));
            }
        }
        return Pattern.compile("(?<scheme>https?://(?:[^/@\\s]{0,64}@)?)?(?<![\\w.-])(?<host>" + hosts
                + ")(?![\\w.-])(?:" + BETWEEN + PORT + ")?");
    }

    private static PortValue value(String written, Map<String, String> environment) {
        return PortArgument.port(Word.of(written).expand(environment));
    }

    /** The command line of {@code test}; null where it is switched off or absent. */
    static @Nullable String command(List<String> test) {
        if (test.isEmpty() || test.getFirst().equals("NONE")) {
            return null;
        }
        boolean form = test.getFirst().equals("CMD") || test.getFirst().equals("CMD-SHELL");
        String command = String.join(" ", test.subList(form ? 1 : 0, test.size()));
        return command.isBlank() ? null : command;
    }
}
