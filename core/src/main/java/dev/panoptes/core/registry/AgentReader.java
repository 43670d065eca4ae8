package dev.panoptes.core.registry;

import static java.util.stream.Collectors.joining;

import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problems;
import dev.panoptes.core.yaml.YamlFields;
import dev.panoptes.core.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code agents}. An agent is declared by its key alone, whatever stands below it. */
final class AgentReader {
    private static final YamlNode.Mapping NOTHING = new YamlNode.Mapping(List.of(), Location.WHOLE_FILE);

    /** States in which an agent is declared and must not run. */
    private static final Set<String> OFF = Set.of("disabled", "deprecated", "retired");

    /** Words for the same that are not read. */
    private static final Set<String> GONE =
            Set.of("decommissioned", "archived", "removed", "obsolete", "inactive", "off", "offline", "dead");

    /** Keys that switch an agent off in other formats, and the value that does. */
    private static final Map<String, Boolean> SWITCHES = new TreeMap<>(Map.of(
            "active",
            false,
            "is_active",
            false,
            "is_enabled",
            false,
            "inactive",
            true,
            "is_disabled",
            true,
            "archived",
            true,
            "decommissioned",
            true));

    private static final int MOST_NAMED = 5;

    private final Map<String, DeclaredHost> hosts;
    private final Problems problems;

    /** @param hosts those that the registry declares, by name */
    AgentReader(Map<String, DeclaredHost> hosts, Problems problems) {
        this.hosts = hosts;
        this.problems = problems;
    }

    DeclaredAgent agent(YamlNode.Entry entry) {
        String what = "agent " + Problems.quote(entry.key());
        YamlNode.Mapping map = NOTHING;
        if (entry.value() instanceof YamlNode.Mapping body) {
            map = body;
            RegistryKeys.agent(body, entry.key(), problems);
        } else if (entry.value() instanceof YamlNode.Scalar text && text.text().contains("://")) {
            problems.add(
                    "wrong-type",
                    text.location(),
                    what + " is a text, not a map; write connection: {url: ...} below it");
        } else if (!RegistryLoader.isEmpty(entry.value()) && !(entry.value() instanceof YamlNode.Elsewhere)) {
            problems.add(
                    "wrong-type",
                    entry.value().location(),
                    what + " is " + entry.value().kind() + ", not a map; write what it has, such as connection:, below"
                            + " it");
        }
        YamlFields fields = new YamlFields(map, what, problems);
        String unread = unread(entry.value(), map, what);
        YamlNode connection = fields.present("connection").orElse(null);
        boolean portless = connection instanceof YamlNode.Scalar text
                && text.text().strip().equalsIgnoreCase("none");
        Located<String> host = fields.text("host");
        if (host != null && !hosts.isEmpty() && !isKnownHost(host.value())) {
            problems.add(
                    "unknown-host",
                    host.location(),
                    "host of " + what + " is none of the declared hosts: " + Problems.quote(host.value()) + "; "
                            + declare());
        }
        return new DeclaredAgent(
                entry.key().strip(),
                fields.text("name"),
                fields.plainText("version"),
                fields.plainText("category"),
                host == null ? null : host.value(),
                fields.plainText("path"),
                unit(fields, what),
                fields.plainText("exe"),
                fields.flag("core"),
                fields.plainText("public_key"),
                enrollRequired(fields, what),
                enabled(fields, what),
                portless,
                statusOnly(fields, what),
                unread,
                placement(fields, what),
                kubernetes(fields, what),
                portless ? null : connection(fields, entry.key(), what),
                capabilities(fields),
                actions(fields, what),
                entry.location());
    }

    /** A unit is known by its name, wherever its file lies (systemd.unit(5)). */
    private @Nullable String unit(YamlFields agent, String what) {
        Located<String> written = agent.text("unit");
        if (written == null || written.value().indexOf('/') < 0) {
            return written == null ? null : written.value();
        }
        String name = written.value().substring(written.value().lastIndexOf('/') + 1);
        problems.add(
                "wrong-value",
                written.location(),
                "unit of " + what + " is a path, and a unit has a name; write unit: "
                        + (name.isEmpty() ? "NAME.service" : name));
        return name.isEmpty() ? null : name;
    }

    /** Any of the ways to switch an agent off does. */
    private boolean enabled(YamlFields agent, String what) {
        YamlNode.Scalar written =
                agent.present("status").orElse(null) instanceof YamlNode.Scalar scalar ? scalar : null;
        String status = written == null ? "" : written.text();
        String meant = status(status.strip().toLowerCase(Locale.ROOT));
        if (written != null && meant != null) {
            problems.add(
                    "wrong-value",
                    written.location(),
                    "status of " + what + " is " + Problems.quote(status) + ", which switches nothing off, so it is"
                            + " judged as one that must run; " + Problems.quote(meant) + " was probably meant");
        }
        if (written == null && agent.present("status").isPresent()) {
            YamlNode other = agent.present("status").orElseThrow();
            problems.add(
                    "wrong-type",
                    other.location(),
                    "status of " + what + " is " + other.kind()
                            + ", not a text; it was not read, so the agent is judged" + " as one that must run");
        }
        for (Map.Entry<String, Boolean> word : SWITCHES.entrySet()) {
            if (agent.present(word.getKey()).orElse(null) instanceof YamlNode.Scalar value
                    && word.getValue().equals(YamlFields.truth(value.text()))) {
                problems.add(
                        "misspelt-key",
                        value.location(),
                        "the key " + Problems.quote(word.getKey()) + " of " + what + " is not read, so it is judged as"
                                + " one that must run; enabled: false was probably meant");
            }
        }
        boolean on = !Boolean.FALSE.equals(agent.flag("enabled"));
        boolean off = OFF.stream().anyMatch(flag -> Boolean.TRUE.equals(agent.flag(flag)));
        return on && !off && !OFF.contains(status.strip().toLowerCase(Locale.ROOT));
    }

    /** The state that switches off and was probably meant; null where it is one, or another word. */
    private static @Nullable String status(String written) {
        if (OFF.contains(written)) {
            return null;
        }
        if (GONE.contains(written)) {
            return "retired";
        }
        for (String state : OFF.stream().sorted().toList()) {
            if (written.length() > 4 && KeySpelling.distance(written, state) <= 2) {
                return state;
            }
        }
        return null;
    }

    private boolean statusOnly(YamlFields agent, String what) {
        return agent.present("health").orElse(null) instanceof YamlNode.Mapping map
                && Boolean.TRUE.equals(new YamlFields(map, "health of " + what, problems).flag("status_only"));
    }

    /** What of the entry stands behind a tag or a reference; null where nothing does. */
    private @Nullable String unread(YamlNode value, YamlNode.Mapping body, String what) {
        if (value instanceof YamlNode.Elsewhere elsewhere) {
            return elsewhere.tag();
        }
        String found = reference(body, what);
        for (String key : List.of("connection", "actions")) {
            YamlNode part = body.find(key).map(YamlNode.Entry::value).orElse(null);
            if (part instanceof YamlNode.Elsewhere elsewhere) {
                found = elsewhere.tag();
            } else if (part instanceof YamlNode.Mapping map) {
                String reference = reference(map, key + " of " + what);
                found = reference == null ? found : reference;
            }
        }
        return found;
    }

    private @Nullable String reference(YamlNode.Mapping map, String what) {
        YamlNode.Entry reference = map.find("$ref").orElse(null);
        if (reference == null) {
            return null;
        }
        problems.add(
                "not-followed",
                reference.location(),
                "$ref of " + what + " refers to another place; references are not followed: write the entry here");
        return "$ref";
    }

    /** What to do about a host that nobody declared. */
    private String declare() {
        String known = hosts.keySet().stream()
                .sorted()
                .limit(MOST_NAMED)
                .map(Problems::quote)
                .collect(joining(", "));
        return "declare it under hosts" + (known.isEmpty() ? "" : ", or write one of them: " + known);
    }

    private boolean isKnownHost(String written) {
        return written.indexOf('$') >= 0
                || written.indexOf('{') >= 0
                || Endpoints.isAddress(written)
                || new Endpoints(hosts).known(written).isPresent();
    }

    private @Nullable Connection connection(YamlFields agent, String key, String what) {
        YamlNode written = agent.present("connection").orElse(null);
        if (written instanceof YamlNode.Elsewhere) {
            return null;
        }
        if (written instanceof YamlNode.Scalar text && text.text().contains("://")) {
            problems.add(
                    "wrong-type",
                    text.location(),
                    "connection of " + what + " is a text, not a map; "
                            + (text.text().startsWith("url:")
                                    ? "write a blank behind the colon of url:"
                                    : "write connection: {url: ...}"));
            return null;
        }
        YamlNode.Mapping map = agent.map("connection").orElse(null);
        if (map == null) {
            return null;
        }
        RegistryKeys.connection(map, key, problems);
        YamlFields fields = new YamlFields(map, "connection of " + what, problems);
        String health = fields.plainText("health_endpoint");
        Integer milliseconds = fields.number("timeout_ms", 1);
        Duration timeout = milliseconds == null ? null : Duration.ofMillis(milliseconds);
        Protocol protocol = protocol(fields.text("protocol"), what);
        return new Connection(
                fields.text("url"),
                protocol,
                health == null ? protocol.endpoint() : healthPath(health),
                timeout,
                map.location());
    }

    private Protocol protocol(@Nullable Located<String> written, String what) {
        if (written == null) {
            return Protocol.HTTP;
        }
        return Protocol.of(written.value()).orElseGet(() -> {
            problems.add(
                    "wrong-value",
                    written.location(),
                    "protocol of connection of " + what + " is " + Problems.quote(written.value())
                            + ", which is none of " + String.join(", ", Protocol.words()));
            return Protocol.HTTP;
        });
    }

    /** A path; of a whole URL its path, because an agent is probed where its {@code url} says. */
    private static String healthPath(String written) {
        String path = written.contains("://") ? UrlText.of(written).path() : written;
        return path.startsWith("/") ? path : "/" + path;
    }

    private boolean enrollRequired(YamlFields agent, String what) {
        Located<String> enroll = agent.text("enroll");
        if (enroll == null) {
            return false;
        }
        return switch (enroll.value().toLowerCase(Locale.ROOT)) {
            case "required", "true", "yes" -> true;
            case "optional", "false", "no" -> false;
            default -> {
                problems.add(
                        "wrong-value", enroll.location(), "enroll of " + what + " is neither required nor optional");
                yield false;
            }
        };
    }

    /** Also a map, whose keys then count, and maps in the list, whose {@code name} counts: richer descriptions of the same. */
    private List<String> capabilities(YamlFields agent) {
        if (agent.present("capabilities").orElse(null) instanceof YamlNode.Mapping map) {
            return map.entries().stream().map(YamlNode.Entry::key).toList();
        }
        List<String> capabilities = new ArrayList<>();
        for (YamlNode item : agent.list("capabilities")) {
            if (item instanceof YamlNode.Scalar scalar && !scalar.isNull()) {
                capabilities.add(scalar.text());
            } else if (item instanceof YamlNode.Mapping map
                    && map.find("name").map(YamlNode.Entry::value).orElse(null) instanceof YamlNode.Scalar name) {
                capabilities.add(name.text());
            }
        }
        return capabilities;
    }

    private @Nullable KubernetesService kubernetes(YamlFields agent, String what) {
        YamlNode.Mapping map = agent.map("kubernetes").orElse(null);
        if (map == null) {
            return null;
        }
        String where = "kubernetes of " + what;
        RegistryKeys.kubernetes(map, where, problems);
        YamlFields fields = new YamlFields(map, where, problems);
        String namespace = name(fields, "namespace", where);
        String service = name(fields, "service", where);
        if (service == null) {
            if (map.find("service").isEmpty()) {
                problems.add("missing", map.location(), where + " names no service; nothing of it was read");
            }
            return null;
        }
        return new KubernetesService(
                namespace == null ? KubernetesService.DEFAULT_NAMESPACE : namespace,
                service,
                fields.plainText("image"));
    }

    /** A name as Kubernetes takes it (RFC 1123 label); null where it is absent or none. */
    private @Nullable String name(YamlFields fields, String key, String where) {
        Located<String> written = fields.text(key);
        if (written == null) {
            return null;
        }
        if (!written.value().matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
            problems.add(
                    "wrong-value",
                    written.location(),
                    key + " of " + where + " is " + Problems.quote(written.value())
                            + ", which is no name of Kubernetes: lower-case letters, digits and -");
            return null;
        }
        return written.value();
    }

    private Placement placement(YamlFields agent, String what) {
        YamlNode.Mapping map = agent.map("placement").orElse(null);
        if (map == null) {
            return Placement.SINGLE;
        }
        String where = "placement of " + what;
        RegistryKeys.placement(map, where, problems);
        YamlFields fields = new YamlFields(map, where, problems);
        Integer min = null;
        Integer max = null;
        if (fields.present("replicas").orElse(null) instanceof YamlNode.Scalar) {
            min = fields.number("replicas", 0);
            max = min;
        } else {
            YamlNode.Mapping replicas = fields.map("replicas").orElse(null);
            if (replicas != null) {
                RegistryKeys.replicas(replicas, "replicas of " + what, problems);
                YamlFields counts = new YamlFields(replicas, "replicas of " + what, problems);
                min = counts.number("min", 0);
                max = counts.number("max", 0);
            }
        }
        int least = min == null ? Math.min(1, max == null ? 1 : max) : min;
        int most = max == null ? Math.max(1, least) : max;
        if (most < least) {
            problems.add("wrong-value", map.location(), "replicas of " + what + " has min above max; max was raised");
            most = least;
        }
        List<String> named = fields.texts("hosts");
        Map<String, String> selector =
                RegistryLoader.labels(fields.map("selector").orElse(null), where, problems);
        matches(map, where, named, selector);
        return new Placement(named, selector, least, most);
    }

    /** Hosts and selectors that match nothing place an agent nowhere. */
    private void matches(YamlNode.Mapping map, String where, List<String> named, Map<String, String> selector) {
        Location location = map.find("hosts")
                .or(() -> map.find("selector"))
                .map(YamlNode.Entry::location)
                .orElse(map.location());
        for (String host : named) {
            if (!isKnownHost(host)) {
                problems.add(
                        "unknown-host",
                        location,
                        where + " names " + Problems.quote(host) + ", which is none of the declared hosts; "
                                + declare());
            }
        }
        List<DeclaredHost> selected = hosts.values().stream()
                .filter(host -> host.labels().entrySet().containsAll(selector.entrySet()))
                .toList();
        if (!selector.isEmpty() && selected.isEmpty()) {
            problems.add(
                    "unknown-host",
                    location,
                    "the selector of " + where + " matches none of the declared hosts; give one of them "
                            + selector.entrySet().stream()
                                    .map(label -> Problems.quote(label.getKey() + ": " + label.getValue()))
                                    .sorted()
                                    .collect(joining(" and ")));
        } else if (!selector.isEmpty()
                && !named.isEmpty()
                && selected.stream().noneMatch(host -> named.contains(host.name()))) {
            problems.add(
                    "unknown-host", location, where + " names hosts that its selector does not match; the hosts count");
        }
    }

    private List<Action> actions(YamlFields agent, String what) {
        YamlNode value = agent.present("actions").orElse(null);
        if (value instanceof YamlNode.Elsewhere) {
            return List.of();
        }
        if (value instanceof YamlNode.Sequence list) {
            problems.add(
                    "wrong-type",
                    list.location(),
                    "actions of " + what + " is a list, not a map; write each as its name: {endpoint: ...}");
            return listed(list);
        }
        List<Action> actions = new ArrayList<>();
        for (YamlNode.Entry entry : RegistryLoader.entries(agent.map("actions").orElse(null))) {
            actions.add(action(entry.key(), entry.value(), entry.location()));
        }
        return actions;
    }

    /** A list where a map is expected still names actions; an agent that has some must not be told that it has none. */
    private List<Action> listed(YamlNode.Sequence list) {
        List<Action> actions = new ArrayList<>();
        for (YamlNode item : list.items()) {
            if (item instanceof YamlNode.Scalar scalar && !scalar.isNull()) {
                actions.add(new Action(scalar.text(), null, null, scalar.location()));
            } else if (item instanceof YamlNode.Mapping map
                    && map.find("name").map(YamlNode.Entry::value).orElse(null) instanceof YamlNode.Scalar name) {
                actions.add(action(name.text(), map, map.location()));
            }
        }
        return actions;
    }

    private Action action(String name, YamlNode value, Location location) {
        String what = "action " + Problems.quote(name);
        if (value instanceof YamlNode.Mapping map) {
            RegistryKeys.action(map, what, problems);
            YamlFields fields = new YamlFields(map, what, problems);
            return new Action(name, fields.plainText("endpoint"), fields.plainText("method"), location);
        }
        if (value instanceof YamlNode.Scalar scalar && !scalar.isNull()) {
            return new Action(name, scalar.text().strip(), null, location);
        }
        if (!RegistryLoader.isEmpty(value)) {
            problems.add("wrong-type", value.location(), what + " is " + value.kind() + ", not a map");
        }
        return new Action(name, null, null, location);
    }
}
