package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.PortArgument;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.Hcl.Block;
import dev.panoptes.integrity.declared.Hcl.Body;
import dev.panoptes.integrity.declared.Workload.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a group (Nomad, "network block").
 *
 * @param mode {@code host} unless it is said
 * @param ports by label
 * @param unknown why it may have others; null where these are all
 */
record NomadNetwork(
        String file,
        String mode,
        Map<String, Port> ports,
        @Nullable String unknown) {
    /**
     * @param host the port of the host; null where Nomad picks one
     * @param inside the port in the group's network; null where that is the host's
     */
    record Port(@Nullable PortValue host, @Nullable PortValue inside, int line) {
        /** What {@code NOMAD_PORT_label} holds. */
        PortValue seen() {
            return inside != null
                    ? inside
                    : host != null ? host : new PortValue.Unresolved("Nomad picks the port when it starts", null);
        }
    }

    static NomadNetwork of(String file, Body group) {
        Map<String, Port> ports = new LinkedHashMap<>();
        String mode = "host";
        String unknown = null;
        List<Body> networks = new ArrayList<>();
        group.all("network").forEach(block -> networks.add(block.body()));
        for (Block task : group.all("task")) {
            Body resources = task.body().first("resources");
            if (resources != null) {
                resources.all("network").forEach(block -> networks.add(block.body()));
            }
        }
        for (Body network : networks) {
            String said = network.text("mode");
            mode = said == null ? mode : said;
            if (network.isOpen("mode") || !network.all("dynamic").isEmpty()) {
                unknown = "its network is computed";
            }
            for (Block port : network.all("port")) {
                if (!port.label().isEmpty()) {
                    ports.put(
                            port.label(),
                            new Port(value(port.body(), "static"), value(port.body(), "to"), port.line()));
                }
            }
        }
        if (!group.all("dynamic").isEmpty()) {
            unknown = "its blocks are computed";
        }
        return new NomadNetwork(file, mode, ports, unknown);
    }

    private static @Nullable PortValue value(Body port, String name) {
        String text = port.text(name);
        if (text != null) {
            return text.equals("-1") || text.equals("0") ? null : number(text);
        }
        Hcl value = port.get(name);
        return value == null
                ? null
                : new PortValue.Unresolved("the port is " + shown(value) + ", which is not followed", null);
    }

    private static String shown(Hcl value) {
        String text = value instanceof Hcl.Open open
                ? open.text()
                : value instanceof Hcl.Text written ? written.value() : "computed";
        return text.length() > 60 ? text.substring(0, 60) + " ..." : text;
    }

    static PortValue number(String text) {
        int port = PortArgument.number(text);
        return port >= 1
                ? new PortValue.Known(port, null)
                : new PortValue.Unresolved("the port is no number from 1 to 65535", null);
    }

    boolean bridge() {
        return !mode.equals("host");
    }

    /** True where a label is named that is surely not declared. */
    boolean lacks(String label) {
        return unknown == null && !ports.containsKey(label);
    }

    Evidence evidence(String label) {
        Port port = ports.get(label);
        return new Evidence("launch", file, port == null ? 0 : port.line(), "port \"" + label + "\"");
    }

    /** The ports of the host that the job asks for by number. */
    Map<String, PortValue> reserved() {
        Map<String, PortValue> reserved = new LinkedHashMap<>();
        ports.forEach((label, port) -> {
            PortValue host = port.host();
            if (host != null) {
                reserved.put(label, host);
            }
        });
        return reserved;
    }

    List<ComposeFile.Published> published() {
        return ports.keySet().stream().map(this::published).toList();
    }

    /** @param label of a port that is declared */
    ComposeFile.Published published(String label) {
        Port port = ports.getOrDefault(label, new Port(null, null, 0));
        return new ComposeFile.Published(
                "", port.host(), port.seen(), "tcp", file, port.line(), "port \"" + label + "\"");
    }

    /** Static ports that one group asks for twice: Nomad refuses the job. */
    List<Refusal> collisions() {
        Map<Integer, List<String>> byPort = new TreeMap<>();
        reserved().forEach((label, port) -> {
            if (port instanceof PortValue.Known known) {
                byPort.computeIfAbsent(known.port(), any -> new ArrayList<>()).add(label);
            }
        });
        List<Refusal> refusals = new ArrayList<>();
        byPort.forEach((port, labels) -> {
            if (labels.size() > 1) {
                refusals.add(new Refusal(
                        "its ports " + String.join(" and ", labels) + " are both " + port + " of the host",
                        "Give each its own static port",
                        evidence(labels.getLast())));
            }
        });
        return refusals;
    }
}
