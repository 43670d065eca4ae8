package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.core.yaml.Problems;
import dev.panoptes.core.yaml.YamlFields;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code agent-registry.yaml} as {@code docs/registry.md} describes it. Never throws for bad content: what is wrong is
 * told as {@link Problem}s, all at once, and what can be read is read. Safe for use by several threads.
 */
public final class RegistryLoader {
    /** Agents are compared with hosts one by one. */
    private static final int MOST_HOSTS = 10_000;

    private final YamlReader yaml;

    public RegistryLoader() {
        this(new YamlReader());
    }

    RegistryLoader(YamlReader yaml) {
        this.yaml = yaml;
    }

    /** Reads one registry; problems call it by the path as it is given. */
    public RegistryResult load(Path file) {
        return load(file, file.toString());
    }

    /** Reads one registry. @param name how problems and evidence call it */
    public RegistryResult load(Path file, String name) {
        return registry(yaml.read(file, name), name);
    }

    /** Reads a registry from memory. @param name how problems call it */
    public RegistryResult parse(byte[] bytes, String name) {
        return registry(yaml.parse(bytes, name), name);
    }

    private static RegistryResult registry(YamlResult result, String name) {
        return switch (result) {
            case YamlResult.Absent() -> new RegistryResult.Absent(name);
            case YamlResult.Broken(List<Problem> problems) -> new RegistryResult.Broken(name, problems);
            case YamlResult.Parsed parsed -> registry(parsed, name);
        };
    }

    private static RegistryResult registry(YamlResult.Parsed parsed, String name) {
        Problems problems = new Problems(name);
        problems.addAll(parsed.problems());
        YamlNode root = parsed.root();
        if (!(root instanceof YamlNode.Mapping top)) {
            String kind = root == null ? "is empty" : "is " + root.kind() + " at the top, not a map";
            return notARegistry(name, problems, root == null ? Location.WHOLE_FILE : root.location(), kind);
        }
        YamlNode.Entry agents = top.find("agents").orElse(null);
        if (agents == null) {
            return notARegistry(name, problems, Location.WHOLE_FILE, "has no agents");
        }
        if (!(agents.value() instanceof YamlNode.Mapping agentMap)) {
            return notARegistry(
                    name,
                    problems,
                    agents.location(),
                    "agents is " + agents.value().kind() + ", not a map");
        }
        YamlFields fields = new YamlFields(top, "the registry", problems);
        Registry registry = new Registry(
                name,
                parsed.digest(),
                fields.plainText("version"),
                hosts(fields, problems),
                agents(agentMap, problems),
                new ChainReader(problems).chains(fields),
                intents(fields, problems));
        return new RegistryResult.Loaded(registry, problems.all());
    }

    private static RegistryResult notARegistry(String name, Problems problems, Location location, String message) {
        return new RegistryResult.Broken(name, problems.headedBy("not-a-registry", location, message));
    }

    private static Map<String, DeclaredHost> hosts(YamlFields top, Problems problems) {
        Map<String, DeclaredHost> hosts = new LinkedHashMap<>();
        for (YamlNode.Entry entry : entries(top.map("hosts").orElse(null))) {
            if (hosts.size() == MOST_HOSTS) {
                problems.add(
                        "too-complex",
                        entry.location(),
                        "hosts has more than " + MOST_HOSTS + " entries; the rest was ignored");
                break;
            }
            String what = "host " + Problems.quote(entry.key());
            String address = null;
            Map<String, String> labels = Map.of();
            if (entry.value() instanceof YamlNode.Mapping map) {
                YamlFields fields = new YamlFields(map, what, problems);
                address = fields.plainText("address");
                labels = labels(fields.map("labels").orElse(null), what, problems);
            } else if (!isEmpty(entry.value())) {
                problems.add(
                        "wrong-type",
                        entry.value().location(),
                        what + " is " + entry.value().kind() + ", not a map");
            }
            hosts.put(entry.key(), new DeclaredHost(entry.key(), address, labels, entry.location()));
        }
        return hosts;
    }

    private static List<DeclaredAgent> agents(YamlNode.Mapping map, Problems problems) {
        List<DeclaredAgent> agents = new ArrayList<>();
        AgentReader reader = new AgentReader(problems);
        for (YamlNode.Entry entry : map.entries()) {
            if (entry.key().isBlank()) {
                problems.add("empty-key", entry.location(), "an agent has no key; it was ignored");
            } else {
                agents.add(reader.agent(entry));
            }
        }
        return agents;
    }

    private static Intents intents(YamlFields top, Problems problems) {
        YamlNode.Mapping map = top.map("intent_patterns").orElse(null);
        if (map == null) {
            return Intents.NONE;
        }
        YamlFields fields = new YamlFields(map, "intent_patterns", problems);
        List<Located<String>> agents = new ArrayList<>();
        for (YamlNode.Entry entry : entries(fields.map("agents").orElse(null))) {
            agents.add(new Located<>(entry.key(), entry.location()));
        }
        List<Located<String>> chains = new ArrayList<>();
        for (YamlNode item : fields.list("chains")) {
            if (item instanceof YamlNode.Mapping pattern) {
                Located<String> chain = new YamlFields(pattern, "an intent pattern", problems).text("chain");
                if (chain != null) {
                    chains.add(chain);
                }
            } else {
                problems.add("wrong-type", item.location(), "an intent pattern is " + item.kind() + ", not a map");
            }
        }
        return new Intents(agents, chains);
    }

    /** A map of single values; others are problems. */
    static Map<String, String> labels(YamlNode.@Nullable Mapping map, String what, Problems problems) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (YamlNode.Entry entry : entries(map)) {
            if (entry.value() instanceof YamlNode.Scalar scalar) {
                labels.put(entry.key(), scalar.text());
            } else {
                problems.add(
                        "wrong-type",
                        entry.value().location(),
                        "the label " + Problems.quote(entry.key()) + " of " + what + " is "
                                + entry.value().kind() + ", not a text");
            }
        }
        return labels;
    }

    static List<YamlNode.Entry> entries(YamlNode.@Nullable Mapping map) {
        return map == null ? List.of() : map.entries();
    }

    static boolean isEmpty(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.isNull();
    }
}
