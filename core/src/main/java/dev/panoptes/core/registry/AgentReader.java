package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problems;
import dev.panoptes.core.yaml.YamlFields;
import dev.panoptes.core.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code agents}. An agent is declared by its key alone, whatever stands below it. */
final class AgentReader {
    private static final YamlNode.Mapping NOTHING = new YamlNode.Mapping(List.of(), Location.WHOLE_FILE);

    private final Problems problems;

    AgentReader(Problems problems) {
        this.problems = problems;
    }

    DeclaredAgent agent(YamlNode.Entry entry) {
        String what = "agent " + Problems.quote(entry.key());
        YamlNode.Mapping map = NOTHING;
        if (entry.value() instanceof YamlNode.Mapping body) {
            map = body;
        } else if (!RegistryLoader.isEmpty(entry.value())) {
            problems.add(
                    "wrong-type",
                    entry.value().location(),
                    what + " is " + entry.value().kind() + ", not a map");
        }
        YamlFields fields = new YamlFields(map, what, problems);
        return new DeclaredAgent(
                entry.key().strip(),
                fields.text("name"),
                fields.plainText("version"),
                fields.plainText("category"),
                fields.plainText("host"),
                fields.plainText("path"),
                fields.plainText("unit"),
                fields.plainText("exe"),
                fields.flag("core"),
                fields.plainText("public_key"),
                enrollRequired(fields, what),
                placement(fields, what),
                connection(fields, what),
                capabilities(fields),
                actions(fields, what),
                entry.location());
    }

    private @Nullable Connection connection(YamlFields agent, String what) {
        YamlNode.Mapping map = agent.map("connection").orElse(null);
        if (map == null) {
            return null;
        }
        YamlFields fields = new YamlFields(map, "connection of " + what, problems);
        String health = fields.plainText("health_endpoint");
        Integer milliseconds = fields.number("timeout_ms", 1);
        Duration timeout = milliseconds == null ? null : Duration.ofMillis(milliseconds);
        return new Connection(fields.text("url"), healthPath(health), timeout, map.location());
    }

    /** A path; of a whole URL its path, because an agent is probed where its {@code url} says. */
    private static String healthPath(@Nullable String written) {
        if (written == null) {
            return Connection.DEFAULT_HEALTH_ENDPOINT;
        }
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

    private Placement placement(YamlFields agent, String what) {
        YamlNode.Mapping map = agent.map("placement").orElse(null);
        if (map == null) {
            return Placement.SINGLE;
        }
        String where = "placement of " + what;
        YamlFields fields = new YamlFields(map, where, problems);
        Integer min = null;
        Integer max = null;
        if (fields.present("replicas").orElse(null) instanceof YamlNode.Scalar) {
            min = fields.number("replicas", 0);
            max = min;
        } else {
            YamlNode.Mapping replicas = fields.map("replicas").orElse(null);
            if (replicas != null) {
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
        return new Placement(
                fields.texts("hosts"),
                RegistryLoader.labels(fields.map("selector").orElse(null), where, problems),
                least,
                most);
    }

    private List<Action> actions(YamlFields agent, String what) {
        YamlNode value = agent.present("actions").orElse(null);
        if (value instanceof YamlNode.Sequence list) {
            problems.add("wrong-type", list.location(), "actions of " + what + " is a list, not a map");
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
