package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.Hcl.Block;
import dev.panoptes.integrity.declared.Hcl.Body;
import dev.panoptes.integrity.declared.Workload.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A task of a group (Nomad, "task block", and the drivers docker, podman, exec, raw_exec and java). */
final class NomadTask {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]{0,200})}");
    private static final Set<String> CONTAINERS = Set.of("docker", "podman", "containerd-driver");
    private static final Set<String> COMMANDS = Set.of("exec", "raw_exec", "exec2", "java");
    /** Stands in a command line for what is not known. */
    private static final String OPEN = "NOMAD_OPEN";

    private final String file;
    private final Block task;
    private final List<String> names;
    private final NomadNetwork network;
    private final Body config;
    private final String driver;
    private final ComposeFile.Environment environment;

    /** @param names what it is called, the name of its launch first */
    NomadTask(String file, Block task, List<String> names, NomadNetwork network) {
        this.file = file;
        this.task = task;
        this.names = names;
        this.network = network;
        Body written = task.body().first("config");
        this.config = written == null ? new Body(Map.of(), List.of(), task.line()) : written;
        String named = task.body().text("driver");
        this.driver = named == null ? "" : named;
        this.environment = environmentOf();
    }

    boolean isContainer() {
        return CONTAINERS.contains(driver);
    }

    boolean onHost() {
        return "host".equals(config.text("network_mode"));
    }

    List<Refusal> refusals() {
        List<Refusal> refusals = new ArrayList<>();
        if (isContainer() && config.get("ports") instanceof Hcl.Items items) {
            for (Hcl item : items.items()) {
                if (item instanceof Hcl.Text text && !text.isOpen() && network.lacks(text.value())) {
                    refusals.add(new Refusal(
                            "the task " + task.label() + " names the port " + text.value()
                                    + ", which no network declares",
                            "Declare port \"" + text.value()
                                    + "\" in the group's network, or name one that is declared",
                            new Evidence("launch", file, text.line(), "ports = [\"" + text.value() + "\"]")));
                }
            }
        }
        return refusals;
    }

    /** What its driver publishes itself; the group does where it has a network of its own. */
    List<ComposeFile.Published> published() {
        if (network.bridge() || onHost()) {
            return List.of();
        }
        List<ComposeFile.Published> published = new ArrayList<>();
        Body map = config.first("port_map");
        if (map != null) {
            // The older form: inside of the container by label.
            map.attributes().forEach((label, inside) -> {
                NomadNetwork.Port port = network.ports().get(label);
                if (port != null && inside instanceof Hcl.Text text) {
                    published.add(new ComposeFile.Published(
                            "",
                            port.host(),
                            NomadNetwork.number(text.value()),
                            "tcp",
                            file,
                            text.line(),
                            label + " = " + text.value()));
                }
            });
        }
        if (!(config.get("ports") instanceof Hcl.Items items)) {
            return published;
        }
        for (Hcl item : items.items()) {
            if (item instanceof Hcl.Text text && network.ports().containsKey(text.value())) {
                published.add(network.published(text.value()));
            }
        }
        return published;
    }

    ComposeFile.Service container() {
        String image = config.text("image");
        return new ComposeFile.Service(
                names.getFirst(),
                file,
                task.line(),
                published(),
                List.of(),
                onHost(),
                null,
                image,
                null,
                words("entrypoint", null),
                words("args", "command"),
                config.text("work_dir"),
                null,
                environment,
                List.of(),
                new ComposeFile.Details(
                        1,
                        names.subList(1, names.size()),
                        false,
                        List.of(),
                        null,
                        0,
                        List.of(),
                        false,
                        List.of(),
                        Set.of()));
    }

    HostProcess process() {
        List<String> words = new ArrayList<>();
        Set<String> open = new HashSet<>(environment.unclear());
        int line = task.line();
        if (driver.equals("java") && config.text("jar_path") != null) {
            words.addAll(List.of("java", "-jar", String.valueOf(config.text("jar_path"))));
        }
        Invocation invocation = words("args", "command");
        if (invocation != null) {
            words.addAll(invocation.words());
            open.addAll(invocation.open());
            line = invocation.line();
        }
        boolean known = COMMANDS.contains(driver) && !words.isEmpty();
        Map<String, String> set = new HashMap<>(environment.known());
        StartCommand start = known ? StartCommandParser.ofArguments(words, set, line) : null;
        String unknown = open.contains(OPEN)
                ? "its command line holds what only Nomad knows"
                : environment.incomplete() != null && start != null && start.port() == null
                        ? environment.incomplete()
                        : start == null ? "what the driver " + driver + " starts is not read" : null;
        return new HostProcess(HostProcess.Kind.NOMAD, names.getFirst(), file, line, start, null, set, open, unknown);
    }

    /** @param first the attribute whose text comes before the others; null where there is none */
    private @Nullable Invocation words(String list, @Nullable String first) {
        List<Hcl> written = new ArrayList<>();
        if (first != null && config.get(first) != null) {
            written.add(config.get(first));
        }
        Hcl rest = config.get(list);
        if (rest instanceof Hcl.Items items) {
            written.addAll(items.items());
        } else if (rest != null) {
            written.add(rest);
        }
        if (written.isEmpty()) {
            return null;
        }
        List<String> words = new ArrayList<>();
        List<String> raw = new ArrayList<>();
        Set<String> open = new HashSet<>();
        for (Hcl each : written) {
            String text = each instanceof Hcl.Text literal ? literal.value() : "${" + OPEN + "}";
            raw.add(text);
            words.add(filled(text, open));
        }
        return new Invocation(words, raw, false, open, file, written.getFirst().line());
    }

    /** Replaces what Nomad replaces and is known; what is not is a variable in {@code open}. */
    private String filled(String text, Set<String> open) {
        Matcher found = REFERENCE.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (found.find()) {
            PortValue port = port(found.group(1));
            String value = port instanceof PortValue.Known known ? Integer.toString(known.port()) : "${" + OPEN + "}";
            if (!(port instanceof PortValue.Known)) {
                open.add(OPEN);
            }
            found.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return found.appendTail(filled).toString();
    }

    private @Nullable PortValue port(String reference) {
        String label = reference.replaceFirst("^env\\[\"(.*)\"]$", "$1");
        NomadNetwork.Port port =
                label.startsWith("NOMAD_PORT_") ? network.ports().get(label.substring("NOMAD_PORT_".length())) : null;
        return port == null ? null : port.seen();
    }

    private ComposeFile.Environment environmentOf() {
        Map<String, String> known = new HashMap<>();
        Set<String> unclear = new HashSet<>();
        network.ports().forEach((label, port) -> {
            String name = "NOMAD_PORT_" + label.replaceAll("[^A-Za-z0-9_]", "_");
            if (port.seen() instanceof PortValue.Known seen) {
                known.put(name, Integer.toString(seen.port()));
            } else {
                unclear.add(name);
            }
        });
        for (Block env : task.body().all("env")) {
            env.body().attributes().forEach((name, value) -> {
                Set<String> open = new HashSet<>();
                String filled = value instanceof Hcl.Text text ? filled(text.value(), open) : "";
                if (value instanceof Hcl.Text && open.isEmpty()) {
                    known.put(name, filled);
                } else {
                    unclear.add(name);
                }
            });
        }
        boolean template = task.body().all("template").stream()
                .anyMatch(each ->
                        "true".equals(each.body().text("env")) || each.body().isOpen("env"));
        String incomplete = template || task.body().isOpen("env")
                ? "a template of the task " + task.label() + " sets more variables"
                : null;
        return new ComposeFile.Environment(known, unclear, incomplete);
    }
}
