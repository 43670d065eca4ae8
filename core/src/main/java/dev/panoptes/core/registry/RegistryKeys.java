package dev.panoptes.core.registry;

import dev.panoptes.core.issue.Masking;
import dev.panoptes.core.yaml.Problems;
import dev.panoptes.core.yaml.YamlNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys that a registry is read by, map by map, and what is probably meant where others stand. */
final class RegistryKeys {
    private static final KeySpelling TOP = new KeySpelling(
            Set.of("version", "updated", "config", "hosts", "agents", "chains", "routing", "intent_patterns"),
            Map.of(
                    "intents", "intent_patterns",
                    "intent", "intent_patterns",
                    "workflows", "chains",
                    "pipelines", "chains",
                    "nodes", "hosts",
                    "machines", "hosts"));
    private static final KeySpelling AGENT = new KeySpelling(
            Set.of(
                    "name",
                    "version",
                    "category",
                    "host",
                    "path",
                    "unit",
                    "exe",
                    "core",
                    "public_key",
                    "enroll",
                    "enabled",
                    "disabled",
                    "deprecated",
                    "retired",
                    "status",
                    "placement",
                    "kubernetes",
                    "connection",
                    "capabilities",
                    "health",
                    "actions"),
            Map.of("conn", "connection", "systemd_unit", "unit", "service_unit", "unit", "enable", "enabled"));
    private static final KeySpelling CONNECTION = new KeySpelling(
            Set.of("url", "protocol", "health_endpoint", "timeout_ms"),
            Map.ofEntries(
                    Map.entry("uri", "url"),
                    Map.entry("urls", "url"),
                    Map.entry("base_url", "url"),
                    Map.entry("endpoint", "url"),
                    Map.entry("address", "url"),
                    Map.entry("health", "health_endpoint"),
                    Map.entry("health_url", "health_endpoint"),
                    Map.entry("health_path", "health_endpoint"),
                    Map.entry("health_check", "health_endpoint"),
                    Map.entry("healthcheck", "health_endpoint"),
                    Map.entry("healthendpoint", "health_endpoint"),
                    Map.entry("timeout", "timeout_ms"),
                    Map.entry("timeoutms", "timeout_ms")));
    private static final KeySpelling ACTION =
            KeySpelling.of("endpoint", "method", "description", "timeout_ms", "params", "returns");
    private static final KeySpelling PLACEMENT = KeySpelling.of("hosts", "selector", "replicas");
    private static final KeySpelling REPLICAS = KeySpelling.of("min", "max")
            .meaning("mim", "min")
            .meaning("minimum", "min")
            .meaning("maximum", "max");
    private static final KeySpelling INTENTS = KeySpelling.of("agents", "chains");
    private static final KeySpelling PATTERN = KeySpelling.of("pattern", "chain");
    private static final KeySpelling HOST = KeySpelling.of("address", "labels");
    private static final KeySpelling CHAIN =
            KeySpelling.of("steps").meaning("stages", "steps").meaning("tasks", "steps");
    private static final KeySpelling STEP =
            KeySpelling.of("id", "agent", "action", "chain", "substeps", "parallel", "then", "else", "do", "steps");
    /** What belongs below {@code connection}, or would make its URL. */
    private static final Set<String> OF_CONNECTION =
            Set.of("url", "uri", "base_url", "endpoint", "address", "port", "ports", "health_endpoint", "timeout_ms");

    private static final KeySpelling KUBERNETES = new KeySpelling(
            Set.of("namespace", "service", "image"), Map.of("ns", "namespace", "svc", "service", "name", "service"));

    private static final Set<String> INCLUDES =
            Set.of("include", "includes", "import", "imports", "$ref", "extends", "$include", "$import");

    private RegistryKeys() {}

    static void top(YamlNode.Mapping top, Problems problems) {
        TOP.judge(top, "the registry", problems);
        for (YamlNode.Entry entry : top.entries()) {
            if (INCLUDES.contains(entry.key().toLowerCase(Locale.ROOT)) && !RegistryLoader.isEmpty(entry.value())) {
                problems.add(
                        "not-followed",
                        entry.location(),
                        "the key " + Problems.quote(entry.key())
                                + " names other files; they are not followed: a registry is one file");
            }
        }
    }

    static boolean isTop(String key) {
        return TOP.known().contains(key);
    }

    /** True where this key of the top was meant to be {@code agents}. */
    static boolean meansAgents(YamlNode.Entry entry) {
        return entry.value() instanceof YamlNode.Mapping && "agents".equals(TOP.near(entry.key()));
    }

    /** True where the keys of the top look like those of agents, which somebody forgot to put below {@code agents}. */
    static boolean areAgents(YamlNode.Mapping top) {
        return top.entries().stream()
                .anyMatch(entry -> !TOP.known().contains(entry.key())
                        && entry.value() instanceof YamlNode.Mapping map
                        && (map.find("connection").isPresent()
                                || (map.find("actions").isPresent()
                                        && map.find("name").isPresent())));
    }

    static void agent(YamlNode.Mapping agent, String key, Problems problems) {
        String what = "agent " + Problems.quote(key);
        AGENT.judge(agent, what, problems);
        YamlNode.Mapping connection =
                agent.find("connection").map(YamlNode.Entry::value).orElse(null) instanceof YamlNode.Mapping map
                        ? map
                        : null;
        if (connection != null && connection.find("url").isPresent()) {
            return;
        }
        YamlNode.Entry misplaced = first(agent, OF_CONNECTION);
        if (misplaced != null && connection == null) {
            problems.add("misplaced-key", misplaced.location(), misplaced(misplaced, agent, key, what));
        }
        YamlNode.Entry replicas = first(agent, Set.of("replicas", "selector"));
        if (replicas != null && agent.find("placement").isEmpty()) {
            problems.add(
                    "misplaced-key",
                    replicas.location(),
                    Problems.quote(replicas.key()) + " stands directly below " + what
                            + "; it belongs under placement and was not read");
        }
    }

    private static String misplaced(YamlNode.Entry entry, YamlNode.Mapping agent, String key, String what) {
        String url = url(agent, key);
        return Problems.quote(entry.key()) + " stands directly below " + what + "; it belongs under connection and was"
                + " not read: write connection: {"
                + (entry.key().equals("health_endpoint") || entry.key().equals("timeout_ms")
                        ? entry.key() + ": ..."
                        : "url: '" + url + "'")
                + "}";
    }

    static void connection(YamlNode.Mapping connection, String key, Problems problems) {
        String what = "connection of agent " + Problems.quote(key);
        CONNECTION.judge(connection, what, problems);
        YamlNode.Entry port = connection.find("port").orElse(null);
        if (port != null && connection.find("url").isEmpty()) {
            problems.add(
                    "misplaced-key",
                    port.location(),
                    what + " gives its port apart, which was not read: write url: '" + url(connection, key) + "'");
        }
        for (YamlNode.Entry entry : connection.entries()) {
            if (connection.find("url").isEmpty()
                    && entry.value() instanceof YamlNode.Mapping below
                    && below.find("url").isPresent()) {
                problems.add(
                        "misplaced-key",
                        below.find("url").map(YamlNode.Entry::location).orElse(entry.location()),
                        "'url' stands below " + Problems.quote(entry.key()) + " of " + what
                                + ", one level too deep, and was not read: write connection: {url: '" + url(below, key)
                                + "'}");
            }
        }
    }

    static void action(YamlNode.Mapping action, String what, Problems problems) {
        ACTION.judge(action, what, problems);
    }

    static void kubernetes(YamlNode.Mapping kubernetes, String what, Problems problems) {
        KUBERNETES.judge(kubernetes, what, problems);
    }

    static void placement(YamlNode.Mapping placement, String what, Problems problems) {
        PLACEMENT.judge(placement, what, problems);
        YamlNode.Entry count = first(placement, Set.of("min", "max"));
        if (count != null && placement.find("replicas").isEmpty()) {
            problems.add(
                    "misplaced-key",
                    count.location(),
                    Problems.quote(count.key()) + " stands directly below " + what
                            + "; it belongs under replicas and was not read: write replicas: {" + count.key()
                            + ": ...}");
        }
    }

    static void replicas(YamlNode.Mapping replicas, String what, Problems problems) {
        REPLICAS.judge(replicas, what, problems);
    }

    static void intents(YamlNode.Mapping intents, Problems problems) {
        INTENTS.judge(intents, "intent_patterns", problems);
    }

    static void pattern(YamlNode.Mapping pattern, Problems problems) {
        PATTERN.judge(pattern, "an intent pattern", problems);
    }

    static void host(YamlNode.Mapping host, String what, Problems problems) {
        HOST.judge(host, what, problems);
    }

    static void chain(YamlNode.Mapping chain, String what, Problems problems) {
        CHAIN.judge(chain, what, problems);
        if (chain.find("steps").isEmpty() && !chain.entries().isEmpty()) {
            problems.add("missing", chain.location(), what + " has no steps; nothing of it was read");
        }
    }

    static void step(YamlNode.Mapping step, String what, Problems problems) {
        STEP.judge(step, what, problems);
    }

    /** The URL that host, port and the like of this map make; masked like all that is quoted from a registry. */
    private static String url(YamlNode.Mapping map, String key) {
        for (String name : Set.of("url", "uri", "base_url", "endpoint", "address")) {
            String written = text(map, name);
            if (written != null && written.contains("://")) {
                return Masking.maskOwnWords(written);
            }
        }
        String host = text(map, "host");
        String port = text(map, "port");
        return "http://" + (host == null ? key : host) + ":"
                + (port == null ? "PORT" : port.replaceFirst("\\.0+$", ""));
    }

    private static YamlNode.@Nullable Entry first(YamlNode.Mapping map, Set<String> keys) {
        for (YamlNode.Entry entry : map.entries()) {
            if (keys.contains(entry.key().toLowerCase(Locale.ROOT)) && !RegistryLoader.isEmpty(entry.value())) {
                return entry;
            }
        }
        return null;
    }

    private static @Nullable String text(YamlNode.Mapping map, String key) {
        return map.find(key).map(YamlNode.Entry::value).orElse(null) instanceof YamlNode.Scalar scalar
                        && !scalar.isNull()
                ? scalar.text().strip()
                : null;
    }
}
