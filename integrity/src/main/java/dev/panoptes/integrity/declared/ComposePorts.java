package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.PortArgument;
import dev.panoptes.integrity.declared.ComposeVariables.Replaced;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the {@code ports} of a service, short and long form (Compose Specification, "Ports"). */
final class ComposePorts {
    private final int most;
    private final List<ComposeFile.Published> published = new ArrayList<>();
    private boolean complete = true;

    /** @param most ports that are read at most; a range counts with all of its ports */
    ComposePorts(int most) {
        this.most = most;
    }

    List<ComposeFile.Published> published() {
        return published;
    }

    /** False where more are published than are read. */
    boolean isComplete() {
        return complete;
    }

    /** Adds one entry; null where it could be read, else what is wrong with it. */
    @Nullable
    String add(YamlNode entry, ComposeVariables variables) {
        return switch (entry) {
            case YamlNode.Scalar scalar -> shortForm(scalar, variables.replace(scalar.text()));
            case YamlNode.Fields fields -> longForm(fields, variables);
            case YamlNode.Items items -> "a port is a list";
        };
    }

    private @Nullable String shortForm(YamlNode.Scalar at, Replaced written) {
        String text = written.value().strip();
        Replaced trimmed =
                written.from(written.value().indexOf(text), written.value().indexOf(text) + text.length());
        if (text.isEmpty()) {
            return "a port is empty";
        }
        if (text.length() == 1 && !trimmed.isKnown()) {
            PortValue.Unresolved open = unresolved(trimmed);
            add(at, at.text(), new Mapping("", open, null, open, null, "tcp"));
            return null;
        }
        int slash = text.lastIndexOf('/');
        String protocol = slash < 0 ? "tcp" : text.substring(slash + 1).toLowerCase(Locale.ROOT);
        int end = slash < 0 ? text.length() : slash;
        int last = text.lastIndexOf(':', end - 1);
        int middle = last < 0 ? -1 : text.lastIndexOf(':', last - 1);
        Replaced container = trimmed.from(last + 1, end);
        Replaced host = last < 0 ? null : trimmed.from(middle + 1, last);
        String address = middle < 0 ? "" : trimmed.from(0, middle).readable();
        return mapped(at, at.text(), address, host, container, protocol);
    }

    private @Nullable String longForm(YamlNode.Fields fields, ComposeVariables variables) {
        Replaced target = scalar(fields, "target", variables);
        if (target == null) {
            return "a port has no target";
        }
        Replaced host = scalar(fields, "published", variables);
        Replaced address = scalar(fields, "host_ip", variables);
        Replaced protocol = scalar(fields, "protocol", variables);
        String published = written(fields, "published");
        String text = (published.isEmpty() ? "" : published + ":") + written(fields, "target");
        return mapped(
                fields,
                text,
                address == null ? "" : address.readable(),
                host == null || host.value().isEmpty() ? null : host,
                target,
                protocol == null || !protocol.isKnown() || protocol.value().isEmpty()
                        ? "tcp"
                        : protocol.value().toLowerCase(Locale.ROOT));
    }

    private static String written(YamlNode.Fields fields, String key) {
        return fields.get(key) instanceof YamlNode.Scalar scalar && !scalar.isNull() ? scalar.text() : "";
    }

    private static @Nullable Replaced scalar(YamlNode.Fields fields, String key, ComposeVariables variables) {
        return fields.get(key) instanceof YamlNode.Scalar scalar && !scalar.isNull()
                ? variables.replace(scalar.text())
                : null;
    }

    /** @param host null where Docker picks one; @param hostRange null unless it is one, like {@code containerRange} */
    private record Mapping(
            String address,
            @Nullable PortValue host,
            @Nullable Range hostRange,
            PortValue container,
            @Nullable Range containerRange,
            String protocol) {}

    private record Range(int first, int last) {
        int size() {
            return last - first + 1;
        }
    }

    private @Nullable String mapped(
            YamlNode at, String text, String address, @Nullable Replaced host, Replaced container, String protocol) {
        String plainAddress =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        Range containerRange = range(container);
        Range hostRange = host == null ? null : range(host);
        if (container.isKnown() && containerRange == null) {
            return "a port is no number from 1 to 65535";
        }
        PortValue containerPort =
                containerRange == null ? unresolved(container) : new PortValue.Known(containerRange.first, null);
        PortValue hostPort = null;
        boolean picked = host == null || host.value().isEmpty() || host.value().equals("0");
        if (hostRange != null && containerRange != null && hostRange.size() > containerRange.size()) {
            // Of a longer range Docker picks a free one.
            hostRange = null;
        } else if (hostRange != null) {
            hostPort = new PortValue.Known(hostRange.first, null);
        } else if (host != null && !picked) {
            if (host.isKnown()) {
                return "a published port is no number from 1 to 65535";
            }
            hostPort = unresolved(host);
        }
        if (hostRange != null && containerRange != null && hostRange.size() < containerRange.size()) {
            return "the ranges of a port differ in length";
        }
        add(at, text, new Mapping(plainAddress, hostPort, hostRange, containerPort, containerRange, protocol));
        return null;
    }

    private void add(YamlNode at, String text, Mapping mapping) {
        int size = Math.max(
                mapping.hostRange == null ? 1 : mapping.hostRange.size(),
                mapping.containerRange == null ? 1 : mapping.containerRange.size());
        for (int i = 0; i < size; i++) {
            if (published.size() >= most) {
                complete = false;
                return;
            }
            PortValue host =
                    mapping.hostRange == null ? mapping.host : new PortValue.Known(mapping.hostRange.first + i, null);
            PortValue container = mapping.containerRange == null
                    ? mapping.container
                    : new PortValue.Known(mapping.containerRange.first + i, null);
            published.add(new ComposeFile.Published(
                    mapping.address, host, container, mapping.protocol, at.file(), at.line(), text));
        }
    }

    /** {@code 80} or {@code 80-90}; null where it is neither or not known. */
    private static @Nullable Range range(Replaced written) {
        if (!written.isKnown()) {
            return null;
        }
        String text = written.value().strip();
        int dash = text.indexOf('-');
        int first =
                PortArgument.number(dash < 0 ? text : text.substring(0, dash).strip());
        int last =
                dash < 0 ? first : PortArgument.number(text.substring(dash + 1).strip());
        return first >= 1 && last >= first ? new Range(first, last) : null;
    }

    private static PortValue.Unresolved unresolved(Replaced written) {
        String variable = written.open().isEmpty() ? null : written.open().getFirst();
        return new PortValue.Unresolved(variable == null ? "the port is not known" : written.why(), variable);
    }
}
