package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.core.issue.Masking;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.ComposeVariables.Replaced;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes one service of what all layers say of it. What has the wrong type is a problem and counts as absent. */
final class ComposeServiceReader {
    private static final int MOST_ENTRIES = 2_000;
    private static final int LONGEST_TEXT = 300;

    private final ScannedTree tree;
    private final ComposeVariables variables;
    private final Function<YamlNode, String> directory;
    private final Map<String, YamlNode> configs;
    private final List<Problem> problems;

    /** Ports that may still be read of this file, so that ranges cannot fill the memory. */
    private int portsLeft;

    /**
     * @param directory where the relative paths begin that stand in a place: a rootPath
     * @param configs what the project declares under {@code configs}
     */
    ComposeServiceReader(
            ScannedTree tree,
            ComposeVariables variables,
            Function<YamlNode, String> directory,
            Map<String, YamlNode> configs,
            int portsLeft,
            List<Problem> problems) {
        this.tree = tree;
        this.variables = variables;
        this.directory = directory;
        this.configs = configs;
        this.portsLeft = portsLeft;
        this.problems = problems;
    }

    /** @param at where the service is defined */
    ComposeFile.Service read(String name, YamlNode at, ServiceLayers layers) {
        String network = text(layers.last("network_mode"));
        ComposeFile.Environment environment = environment(layers);
        return new ComposeFile.Service(
                name,
                at.file(),
                at.line(),
                ports(layers),
                profiles(layers),
                "host".equals(network),
                network != null && network.startsWith("service:") ? network.substring("service:".length()) : null,
                text(layers.last("image")),
                build(layers),
                invocation(layers.last("entrypoint")),
                invocation(layers.last("command")),
                text(layers.last("working_dir")),
                healthcheck(name, layers, environment.known()),
                environment,
                mounts(layers),
                details(layers));
    }

    private ComposeFile.Details details(ServiceLayers layers) {
        YamlNode test = null;
        boolean off = false;
        for (YamlNode value : layers.all("healthcheck")) {
            if (value instanceof YamlNode.Fields fields) {
                test = fields.get("test") == null ? test : fields.get("test");
                off = "true".equalsIgnoreCase(text(fields.get("disable")));
            }
        }
        List<String> words = test == null ? List.of() : texts(test);
        if (test instanceof YamlNode.Scalar && !words.isEmpty()) {
            // A plain text is run by a shell (Compose Specification, "healthcheck").
            words = List.of("CMD-SHELL", words.getFirst());
        }
        off |= !words.isEmpty() && words.getFirst().equals("NONE");
        return new ComposeFile.Details(
                replicas(layers),
                names(layers),
                off,
                off ? List.of() : words,
                test == null ? null : test.file(),
                test == null ? 0 : test.line(),
                environmentFiles(layers),
                isForSwarm(layers),
                ProxyLabels.read(layers, this::replaced),
                networks(layers));
    }

    /** Compose passes over these keys of {@code deploy}, and over {@code mode: ingress} (Compose Deploy Specification). */
    private boolean isForSwarm(ServiceLayers layers) {
        for (YamlNode value : layers.all("deploy")) {
            if (value instanceof YamlNode.Fields fields
                    && (fields.get("update_config") != null
                            || fields.get("rollback_config") != null
                            || fields.get("placement") != null
                            || fields.get("endpoint_mode") != null)) {
                return true;
            }
        }
        for (YamlNode value : layers.all("ports")) {
            for (YamlNode entry : value instanceof YamlNode.Items items ? items.items() : List.<YamlNode>of()) {
                if (entry instanceof YamlNode.Fields fields && "ingress".equals(text(fields.get("mode")))) {
                    return true;
                }
            }
        }
        return false;
    }

    private List<ComposeFile.EnvironmentFile> environmentFiles(ServiceLayers layers) {
        List<ComposeFile.EnvironmentFile> files = new ArrayList<>();
        for (YamlNode value : layers.all("env_file")) {
            for (YamlNode entry : value instanceof YamlNode.Items items ? items.items() : List.of(value)) {
                if (files.size() < MOST_ENTRIES) {
                    YamlNode.Fields fields = entry instanceof YamlNode.Fields each ? each : null;
                    YamlNode named = fields == null ? entry : fields.get("path");
                    Replaced path = replaced(named);
                    if (named != null && path != null) {
                        files.add(new ComposeFile.EnvironmentFile(
                                oneLine(path.readable()),
                                placed(named, path),
                                fields == null || !"false".equalsIgnoreCase(text(fields.get("required"))),
                                named.file(),
                                named.line()));
                    }
                }
            }
        }
        return files;
    }

    /** Where the file lies below the root; null where that is not known, or elsewhere. */
    private @Nullable String placed(YamlNode at, Replaced path) {
        return path.isKnown() && !path.value().startsWith("/") && !path.value().startsWith("~")
                ? ContainerPath.belowRoot(directory.apply(at), path.value())
                : null;
    }

    /** {@code deploy.replicas}, else the older {@code scale}; one where neither says a number. */
    private int replicas(ServiceLayers layers) {
        String said = text(layers.last("scale"));
        for (YamlNode value : layers.all("deploy")) {
            YamlNode replicas = value instanceof YamlNode.Fields fields ? fields.get("replicas") : null;
            said = replicas == null ? said : ServiceLayers.isReset(replicas) ? null : text(replicas);
        }
        return said != null && said.matches("[0-9]{1,6}") ? Integer.parseInt(said) : 1;
    }

    private List<String> names(ServiceLayers layers) {
        SequencedSet<String> names = new LinkedHashSet<>();
        for (String key : List.of("container_name", "hostname")) {
            String name = text(layers.last(key));
            if (name != null) {
                names.add(name);
            }
        }
        for (YamlNode value : layers.all("networks")) {
            if (value instanceof YamlNode.Fields fields) {
                for (YamlNode.Field network : fields.entries(MOST_ENTRIES).values()) {
                    YamlNode aliases =
                            network.value() instanceof YamlNode.Fields options ? options.get("aliases") : null;
                    if (aliases != null) {
                        names.addAll(texts(aliases));
                    }
                }
            }
        }
        return List.copyOf(names);
    }

    private Set<String> networks(ServiceLayers layers) {
        YamlNode mode = layers.last("network_mode");
        if (mode != null && !mode.isNull()) {
            return Set.of();
        }
        Set<String> networks = new HashSet<>();
        for (YamlNode value : layers.all("networks")) {
            networks.addAll(
                    value instanceof YamlNode.Fields fields
                            ? fields.entries(MOST_ENTRIES).keySet()
                            : texts(value));
        }
        return networks.stream().anyMatch(name -> name.contains("$"))
                ? Set.of()
                : networks.isEmpty() ? Set.of("default") : networks;
    }

    private List<ComposeFile.Published> ports(ServiceLayers layers) {
        ComposePorts ports = new ComposePorts(portsLeft);
        for (YamlNode value : layers.all("ports")) {
            if (!(value instanceof YamlNode.Items items)) {
                problem("wrong-type", value, "ports is no list");
                continue;
            }
            for (YamlNode entry :
                    items.items().subList(0, Math.min(items.items().size(), MOST_ENTRIES))) {
                String wrong = entry.isNull() ? "a port is empty" : ports.add(entry, variables);
                if (wrong != null) {
                    problem("wrong-port", entry, wrong);
                }
            }
        }
        if (!ports.isComplete()) {
            problem("too-many-ports", layers.layers().getLast(), "the file publishes more ports than are read");
        }
        portsLeft -= ports.published().size();
        // Compose drops a port that is published twice in the same way, as by a file and its override.
        Set<List<Object>> seen = new HashSet<>();
        return ports.published().stream()
                .filter(port -> port.host() == null
                        || seen.add(List.of(port.address(), port.host(), port.container(), port.protocol())))
                .toList();
    }

    private List<String> profiles(ServiceLayers layers) {
        SequencedSet<String> profiles = new LinkedHashSet<>();
        layers.all("profiles").forEach(value -> profiles.addAll(texts(value)));
        return List.copyOf(profiles);
    }

    private ComposeFile.@Nullable Build build(ServiceLayers layers) {
        List<YamlNode> all = layers.all("build");
        if (all.isEmpty()) {
            return null;
        }
        YamlNode at = all.getLast();
        Replaced context = null;
        YamlNode contextAt = at;
        Replaced dockerfile = null;
        Replaced target = null;
        Dockerfile inline = null;
        Map<String, Replaced> arguments = new LinkedHashMap<>();
        for (YamlNode value : all) {
            Replaced written =
                    value instanceof YamlNode.Fields fields ? replaced(fields.get("context")) : replaced(value);
            contextAt = written == null ? contextAt : value;
            context = written == null ? context : written;
            if (value instanceof YamlNode.Fields fields) {
                Replaced file = replaced(fields.get("dockerfile"));
                dockerfile = file == null ? dockerfile : file;
                Replaced stage = replaced(fields.get("target"));
                target = stage == null ? target : stage;
                inline = fields.get("dockerfile_inline") instanceof YamlNode.Scalar scalar ? inline(scalar) : inline;
                assignments(fields.get("args")).forEach(arguments::put);
            } else if (!(value instanceof YamlNode.Scalar)) {
                problem("wrong-type", value, "build is neither a path nor a map");
            }
        }
        Map<String, String> known = new LinkedHashMap<>();
        Set<String> unclear = new LinkedHashSet<>();
        arguments.forEach((argument, value) -> {
            if (value.isKnown()) {
                known.put(argument, value.value());
            } else {
                unclear.add(argument);
            }
        });
        boolean targetKnown = target == null || target.isKnown();
        return new ComposeFile.Build(
                context == null ? "." : context.readable(),
                context == null || context.isKnown() ? null : context.why(),
                dockerfile == null ? null : dockerfile.readable(),
                dockerfile == null || dockerfile.isKnown() ? targetKnown ? null : why(target) : dockerfile.why(),
                inline,
                target == null || target.value().isEmpty() ? null : target.readable(),
                known,
                unclear,
                directory.apply(contextAt),
                contextAt.file(),
                contextAt.line());
    }

    private static String why(@Nullable Replaced replaced) {
        return replaced == null ? "" : replaced.why();
    }

    private Dockerfile inline(YamlNode.Scalar scalar) {
        return DockerfileReader.read(
                scalar.file(), variables.replace(scalar.text()).readable(), problems);
    }

    private @Nullable Invocation invocation(@Nullable YamlNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        List<String> words = new ArrayList<>();
        List<String> written = new ArrayList<>();
        Set<String> open = new LinkedHashSet<>();
        if (value instanceof YamlNode.Items items) {
            for (YamlNode item : items.items().subList(0, Math.min(items.items().size(), MOST_ENTRIES))) {
                Replaced word = replaced(item);
                if (word == null) {
                    problem("wrong-type", item, "a word of a command is no text");
                    return null;
                }
                words.add(word.readable());
                written.add(((YamlNode.Scalar) item).text());
                open.addAll(word.open());
            }
        } else if (value instanceof YamlNode.Scalar scalar) {
            Replaced line = variables.replace(scalar.text());
            words.addAll(ShellWords.split(line.readable()));
            written.addAll(ShellWords.split(scalar.text()));
            open.addAll(line.open());
        } else {
            problem("wrong-type", value, "a command is neither text nor a list");
            return null;
        }
        return new Invocation(words, written, false, open, value.file(), value.line());
    }

    private ComposeFile.@Nullable HealthcheckPort healthcheck(
            String name, ServiceLayers layers, Map<String, String> environment) {
        YamlNode test = null;
        for (YamlNode value : layers.all("healthcheck")) {
            if (value instanceof YamlNode.Fields fields) {
                test = fields.get("test") == null ? test : fields.get("test");
                test = "true".equalsIgnoreCase(text(fields.get("disable"))) ? null : test;
            } else {
                problem("wrong-type", value, "healthcheck is no map");
            }
        }
        List<String> words = test == null ? List.of() : texts(test);
        String command = HealthcheckPorts.command(words);
        if (test == null || command == null) {
            return null;
        }
        SequencedSet<PortValue> ports = HealthcheckPorts.of(command, Set.of(name), environment);
        if (ports.isEmpty()) {
            return null;
        }
        PortValue port = ports.size() == 1
                ? ports.getFirst()
                : new PortValue.Unresolved("the health check asks several ports", null);
        return new ComposeFile.HealthcheckPort(port, test.file(), test.line(), oneLine(written(test)));
    }

    /** Without replaced variables, whose values may be secret. */
    private static String written(YamlNode test) {
        if (test instanceof YamlNode.Items items) {
            List<String> words = new ArrayList<>();
            for (YamlNode item : items.items().subList(0, Math.min(items.items().size(), MOST_ENTRIES))) {
                if (item instanceof YamlNode.Scalar scalar && !scalar.text().startsWith("CMD")) {
                    words.add(scalar.text());
                }
            }
            return String.join(" ", words);
        }
        return test instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    }

    private static String oneLine(String text) {
        String line = Masking.mask(text.strip().replaceAll("\\s+", " "));
        return line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) + " ..." : line;
    }

    private ComposeFile.Environment environment(ServiceLayers layers) {
        Map<String, String> known = new LinkedHashMap<>();
        Set<String> unclear = new LinkedHashSet<>();
        String incomplete = null;
        for (YamlNode value : layers.all("env_file")) {
            for (YamlNode file : value instanceof YamlNode.Items items ? items.items() : List.of(value)) {
                String missing = environmentFile(file, known);
                incomplete = missing == null ? incomplete : missing;
            }
        }
        for (YamlNode value : layers.all("environment")) {
            if (value instanceof YamlNode.Fields fields) {
                fields.entries(MOST_ENTRIES).forEach((variable, field) -> {
                    if (ServiceLayers.isReset(field.value())) {
                        known.remove(variable);
                        unclear.remove(variable);
                    }
                });
            }
            assignments(value).forEach((variable, assigned) -> {
                known.remove(variable);
                unclear.remove(variable);
                if (assigned.isKnown()) {
                    known.put(variable, assigned.value());
                } else {
                    unclear.add(variable);
                }
            });
        }
        return new ComposeFile.Environment(known, unclear, incomplete);
    }

    /** Why it could not be read; null where it was. */
    private @Nullable String environmentFile(YamlNode entry, Map<String, String> into) {
        YamlNode named = entry instanceof YamlNode.Fields fields ? fields.get("path") : entry;
        Replaced path = replaced(named);
        if (path == null || !path.isKnown() || path.value().startsWith("/")) {
            return "an env_file is not in the scanned tree";
        }
        String rootPath = placed(entry, path);
        if (rootPath != null
                && tree.read(rootPath, EnvironmentFile.LARGEST_BYTES)
                        instanceof ScannedTree.Content.Text(String text, String digest)) {
            into.putAll(EnvironmentFile.parse(text));
            return null;
        }
        return "the env_file " + oneLine(path.value()) + " is not in the scanned tree";
    }

    private List<ComposeFile.Mount> mounts(ServiceLayers layers) {
        List<ComposeFile.Mount> mounts = new ArrayList<>();
        for (YamlNode value : layers.all("volumes")) {
            List<YamlNode> entries = value instanceof YamlNode.Items items ? items.items() : List.of();
            // One target is mounted once: a later file's volume replaces an earlier one's (Compose Specification,
            // "Merge").
            Set<String> replaced = new HashSet<>();
            entries.forEach(entry -> replaced.add(target(entry)));
            mounts.removeIf(mount -> replaced.contains(withoutSlash(mount.target())));
            for (YamlNode entry : entries) {
                if (mounts.size() < MOST_ENTRIES) {
                    mount(entry, mounts);
                }
            }
        }
        for (YamlNode value : layers.all("configs")) {
            for (YamlNode entry : value instanceof YamlNode.Items items ? items.items() : List.<YamlNode>of()) {
                if (mounts.size() < MOST_ENTRIES) {
                    config(entry, mounts);
                }
            }
        }
        return mounts;
    }

    /** A config is a file that the container only reads, by default at {@code /NAME} (Compose Specification, "configs"). */
    private void config(YamlNode entry, List<ComposeFile.Mount> into) {
        YamlNode.Fields options = entry instanceof YamlNode.Fields fields ? fields : null;
        String name = text(options == null ? entry : options.get("source"));
        String target = options == null ? null : text(options.get("target"));
        if (name == null) {
            return;
        }
        YamlNode file = configs.get(name) instanceof YamlNode.Fields declared ? declared.get("file") : null;
        Replaced path = replaced(file);
        String rootPath = file == null || path == null ? null : placed(file, path);
        boolean there = rootPath != null && tree.look(rootPath) instanceof ScannedTree.Place.Here;
        into.add(new ComposeFile.Mount(
                there && path != null ? "./" + path.value() : null,
                ContainerPath.resolve("/", target == null ? name : target),
                directory.apply(file == null ? entry : file),
                entry.file(),
                entry.line(),
                false,
                true));
    }

    /** Where a volume is mounted; empty where that is not known. */
    private String target(YamlNode entry) {
        if (entry instanceof YamlNode.Fields fields) {
            String target = text(fields.get("target"));
            return target == null ? "" : withoutSlash(target);
        }
        Replaced written = replaced(entry);
        String[] parts = written == null || !written.isKnown()
                ? new String[0]
                : written.value().split(":", 3);
        return parts.length == 0 ? "" : withoutSlash(parts[parts.length == 1 ? 0 : 1]);
    }

    private static String withoutSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private void mount(YamlNode entry, List<ComposeFile.Mount> into) {
        String from = directory.apply(entry);
        if (entry instanceof YamlNode.Fields fields) {
            Replaced source = replaced(fields.get("source"));
            Replaced target = replaced(fields.get("target"));
            if ("bind".equals(text(fields.get("type"))) && target != null && target.isKnown()) {
                String known = source == null || !source.isKnown() ? null : source.value();
                boolean made = !(fields.get("bind") instanceof YamlNode.Fields bind
                        && "false".equals(text(bind.get("create_host_path"))));
                boolean readOnly = "true".equals(text(fields.get("read_only")));
                into.add(
                        new ComposeFile.Mount(known, target.value(), from, entry.file(), entry.line(), made, readOnly));
            }
            return;
        }
        Replaced written = replaced(entry);
        if (written == null) {
            return;
        }
        String[] parts = written.value().split(":", 3);
        if (parts.length < 2 || !parts[1].startsWith("/") || parts[1].indexOf(ComposeVariables.OPEN) >= 0) {
            return;
        }
        boolean open = parts[0].indexOf(ComposeVariables.OPEN) >= 0;
        if (open || parts[0].startsWith(".") || parts[0].startsWith("/") || parts[0].startsWith("~")) {
            into.add(new ComposeFile.Mount(
                    open ? null : parts[0],
                    parts[1],
                    from,
                    entry.file(),
                    entry.line(),
                    true,
                    parts.length > 2 && List.of(parts[2].split(",")).contains("ro")));
        }
    }

    /** A map or a list of {@code NAME=value}; a name without a value is passed through. */
    private Map<String, Replaced> assignments(@Nullable YamlNode value) {
        Map<String, Replaced> assignments = new LinkedHashMap<>();
        if (value instanceof YamlNode.Fields fields) {
            for (YamlNode.Field field : fields.entries(MOST_ENTRIES).values()) {
                String name = field.key().text();
                if (ServiceLayers.isReset(field.value())) {
                    continue;
                }
                Replaced assigned = field.value().isNull() ? variables.passedThrough(name) : replaced(field.value());
                if (assigned == null) {
                    problem("wrong-type", field.value(), "the value of a variable is no text");
                } else {
                    assignments.put(name, assigned);
                }
            }
        } else if (value instanceof YamlNode.Items items) {
            for (YamlNode item : items.items().subList(0, Math.min(items.items().size(), MOST_ENTRIES))) {
                Replaced written = replaced(item);
                int equals = written == null ? -1 : written.value().indexOf('=');
                if (written == null) {
                    problem("wrong-type", item, "a variable is no text");
                } else if (equals < 0) {
                    assignments.put(written.readable(), variables.passedThrough(written.readable()));
                } else {
                    assignments.put(
                            written.from(0, equals).readable(),
                            written.from(equals + 1, written.value().length()));
                }
            }
        } else if (value != null && !value.isNull()) {
            problem("wrong-type", value, "variables are neither a map nor a list");
        }
        return assignments;
    }

    private List<String> texts(YamlNode value) {
        if (value instanceof YamlNode.Items items) {
            List<String> texts = new ArrayList<>();
            for (YamlNode item : items.items().subList(0, Math.min(items.items().size(), MOST_ENTRIES))) {
                String text = text(item);
                if (text != null) {
                    texts.add(text);
                }
            }
            return texts;
        }
        String text = text(value);
        return text == null ? List.of() : List.of(text);
    }

    /** A scalar with its variables replaced, open ones as written; null where it is none. */
    private @Nullable String text(@Nullable YamlNode value) {
        Replaced replaced = replaced(value);
        return replaced == null ? null : replaced.readable();
    }

    private @Nullable Replaced replaced(@Nullable YamlNode value) {
        return value instanceof YamlNode.Scalar scalar && !scalar.isNull() ? variables.replace(scalar.text()) : null;
    }

    private void problem(String code, YamlNode at, String message) {
        if (problems.size() < ComposeReader.MOST_PROBLEMS) {
            problems.add(new Problem(code, at.file(), new Location(at.line(), at.column()), message));
        }
    }

    int portsLeft() {
        return portsLeft;
    }
}
