package dev.panoptes.core.registry;

import dev.panoptes.core.ContentDigest;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code agent-registry.yaml} as {@code docs/registry.md} describes it. Never throws for bad content: what is wrong is
 * told as {@link Problem}s, all at once, and what can be read is read. Safe for use by several threads.
 */
public final class RegistryLoader {
    /** Agents are compared with hosts one by one. */
    private static final String EXAMPLE =
            "; a registry maps keys to agents under 'agents', for example agents: {hermes:"
                    + " {connection: {url: 'http://hermes:8014'}}}";

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
        return load(file, name, _ -> {});
    }

    /** The same. @param bytes told what was read; not at all where nothing could be */
    public RegistryResult load(Path file, String name, Consumer<byte[]> bytes) {
        return registry(yaml.read(file, name, bytes), name);
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
        return switch (parsed.root()) {
            case null -> empty(name, problems);
            case YamlNode.Mapping top -> registry(top, parsed.digest(), name, problems);
            case YamlNode.Sequence list -> {
                String format = ForeignFormats.recognise(list);
                yield notARegistry(
                        name,
                        problems,
                        list.location(),
                        format == null ? "is a list at the top, not a map that holds agents" : format);
            }
            case YamlNode other ->
                notARegistry(
                        name, problems, other.location(), "is " + other.kind() + " at the top, not a map" + EXAMPLE);
        };
    }

    /** An empty first document hides what stands in the second. */
    private static RegistryResult empty(String name, Problems problems) {
        for (Problem problem : problems.all()) {
            if (problem.code().equals("several-documents")) {
                return notARegistry(name, new Problems(name), problem.location(), problem.message());
            }
        }
        return notARegistry(
                name,
                problems,
                Location.WHOLE_FILE,
                "is empty; panoptes adopt writes a registry from what listens on this host");
    }

    private static RegistryResult registry(YamlNode.Mapping top, ContentDigest digest, String name, Problems problems) {
        YamlNode.Entry agents = top.find("agents").orElse(null);
        if (agents == null) {
            return withoutAgents(top, name, problems);
        }
        if (!(agents.value() instanceof YamlNode.Mapping agentMap)) {
            return notARegistry(name, problems, agents.location(), notAMap(agents.value()));
        }
        RegistryKeys.top(top, problems);
        YamlFields fields = new YamlFields(top, "the registry", problems);
        String version = fields.plainText("version");
        Map<String, DeclaredHost> hosts = hosts(fields, problems);
        Registry registry = new Registry(
                name,
                digest,
                version,
                hosts,
                agents(agentMap, hosts, problems),
                new ChainReader(problems).chains(fields),
                intents(fields, problems));
        return new RegistryResult.Loaded(registry, problems.all());
    }

    private static String notAMap(YamlNode agents) {
        String how = "";
        if (agents instanceof YamlNode.Elsewhere elsewhere) {
            return "agents stands behind " + elsewhere.tag() + ", which is not followed: a registry is one file, write"
                    + " the agents in it";
        }
        if (agents instanceof YamlNode.Scalar && !isEmpty(agents)) {
            how = EXAMPLE;
        } else if (agents instanceof YamlNode.Sequence list
                && !list.items().isEmpty()
                && list.items().getFirst() instanceof YamlNode.Mapping item) {
            how = "; " + ForeignFormats.keyed(item);
        } else if (agents instanceof YamlNode.Sequence list
                && !list.items().isEmpty()
                && list.items().getFirst() instanceof YamlNode.Scalar name) {
            how = "; " + ForeignFormats.keyed(name.text());
        } else if (isEmpty(agents)) {
            how = "; write agents: {} where there is none yet, or let panoptes adopt write them";
        }
        return "agents is " + agents.kind() + ", not a map" + how;
    }

    /** What else the file may be: a registry with a mistake in one word, or another format. */
    private static RegistryResult withoutAgents(YamlNode.Mapping top, String name, Problems problems) {
        for (YamlNode.Entry entry : top.entries()) {
            if (RegistryKeys.meansAgents(entry)) {
                return notARegistry(
                        name,
                        problems,
                        entry.location(),
                        "has no agents; the key " + Problems.quote(entry.key()) + " in line "
                                + entry.location().line() + " is probably meant: write 'agents'");
            }
        }
        for (YamlNode.Entry entry : top.entries()) {
            if (entry.value() instanceof YamlNode.Mapping below
                    && below.find("agents").map(YamlNode.Entry::value).orElse(null) instanceof YamlNode.Mapping) {
                Location at = below.find("agents").map(YamlNode.Entry::location).orElse(entry.location());
                return notARegistry(
                        name,
                        problems,
                        at,
                        "has no agents at its top; those in line " + at.line() + " stand below "
                                + Problems.quote(entry.key()) + ": move 'agents' to the top");
            }
        }
        String format = ForeignFormats.recognise(top);
        if (format == null && RegistryKeys.areAgents(top)) {
            YamlNode.Entry first = top.entries().getFirst();
            return notARegistry(
                    name,
                    problems,
                    first.location(),
                    "has agents at its top, from " + Problems.quote(first.key())
                            + " on; write 'agents:' before them and indent them below it");
        }
        if (format != null) {
            return notARegistry(name, problems, top.location(), format);
        }
        for (YamlNode.Entry entry : top.entries()) {
            if (!RegistryKeys.isTop(entry.key())
                    && entry.value() instanceof YamlNode.Mapping below
                    && RegistryKeys.areAgents(below)) {
                return notARegistry(
                        name,
                        problems,
                        entry.location(),
                        "has no agents; what stands below " + Problems.quote(entry.key()) + " in line "
                                + entry.location().line() + " looks like agents: write 'agents'");
            }
        }
        RegistryKeys.top(top, problems);
        return notARegistry(name, problems, top.location(), "has no agents" + EXAMPLE);
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
                RegistryKeys.host(map, what, problems);
                YamlFields fields = new YamlFields(map, what, problems);
                address = fields.plainText("address");
                labels = labels(fields.map("labels").orElse(null), what, problems);
            } else if (!isEmpty(entry.value())) {
                problems.add(
                        "wrong-type",
                        entry.value().location(),
                        what + " is " + entry.value().kind() + ", not a map; write address: and labels: below it");
            }
            hosts.put(entry.key(), new DeclaredHost(entry.key(), address, labels, entry.location()));
        }
        return hosts;
    }

    private static List<DeclaredAgent> agents(
            YamlNode.Mapping map, Map<String, DeclaredHost> hosts, Problems problems) {
        List<DeclaredAgent> agents = new ArrayList<>();
        AgentReader reader = new AgentReader(hosts, problems);
        for (YamlNode.Entry entry : map.entries()) {
            if (entry.key().isBlank()) {
                problems.add("empty-key", entry.location(), "an agent has no key; it was ignored");
            } else if (entry.key().strip().startsWith("$")) {
                problems.add(
                        "not-followed",
                        entry.location(),
                        "the key " + Problems.quote(entry.key())
                                + " refers to another place; references are not followed: write the agents here");
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
        RegistryKeys.intents(map, problems);
        YamlFields fields = new YamlFields(map, "intent_patterns", problems);
        List<Located<String>> agents = new ArrayList<>();
        for (YamlNode.Entry entry : entries(fields.map("agents").orElse(null))) {
            agents.add(new Located<>(entry.key(), entry.location()));
        }
        List<Located<String>> chains = new ArrayList<>();
        for (YamlNode item : fields.list("chains")) {
            if (item instanceof YamlNode.Mapping pattern) {
                RegistryKeys.pattern(pattern, problems);
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
