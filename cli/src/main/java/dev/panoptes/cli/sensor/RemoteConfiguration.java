package dev.panoptes.cli.sensor;

import dev.panoptes.core.yaml.Problem;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import dev.panoptes.sensors.Budgets;
import dev.panoptes.sensors.Orders;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.spool.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the server tells this host's sensors to do. It may order a closed set of things: the daemon runs as root, and nobody gets
 * to read a file or to open a port of this host by configuring it. A setting of the server wins over the same one of the host's
 * own file.
 *
 * @param version 0: the server has none for this host
 * @param hash what the server calls it by
 * @param document as the server sent it
 * @param settings by the names of the sensors that it speaks of
 * @param limits of every spool; null where it says nothing
 * @param budgets of every sensor; null where it says nothing
 */
record RemoteConfiguration(
        int version,
        String hash,
        JsonNode document,
        Map<String, Settings> settings,
        @Nullable Limits limits,
        @Nullable Budgets budgets) {
    private static final Set<String> EVERY = Set.of("enabled", "interval");
    private static final Map<String, Set<String>> OWN = Map.of(
            "proc", Set.of("usage_cpu_percent", "usage_memory_mb", "connector"),
            "file_integrity", Set.of("paths", "exclude", "inotify"));

    RemoteConfiguration {
        settings = Map.copyOf(settings);
    }

    /** What became of a document. */
    sealed interface Result {
        record Usable(RemoteConfiguration configuration) implements Result {}

        /** @param problems everything that is wrong, at least one */
        record Refused(List<String> problems) implements Result {
            String text() {
                return String.join("; ", problems);
            }
        }
    }

    /** The keys that a server may set for a sensor. */
    static Set<String> keys(String sensor) {
        Set<String> keys = new HashSet<>(EVERY);
        keys.addAll(OWN.getOrDefault(sensor, Set.of()));
        return keys;
    }

    /** @param sensors those that run here @param local the host's own settings */
    static Result of(int version, String hash, JsonNode document, List<Sensor> sensors, SensorConfiguration local) {
        // JSON is YAML: what reads the host's own file reads this too.
        return switch (new YamlReader().parse(document.toString().getBytes(StandardCharsets.UTF_8), "configuration")) {
            case YamlResult.Parsed parsed
            when parsed.root() instanceof YamlNode.Mapping map -> of(version, hash, document, map, sensors, local);
            case YamlResult.Broken broken ->
                new Result.Refused(broken.problems().stream().map(Problem::text).toList());
            case YamlResult.Parsed _, YamlResult.Absent _ ->
                new Result.Refused(List.of("what the server sent is no configuration"));
        };
    }

    private static Result of(
            int version,
            String hash,
            JsonNode document,
            YamlNode.Mapping map,
            List<Sensor> sensors,
            SensorConfiguration local) {
        List<String> problems = new ArrayList<>();
        Map<String, Settings> parts = new HashMap<>();
        refuseOthers(Settings.of(map, ""), Set.of("rules", "settings", "limits"), problems);
        if (!document.path("rules").isEmpty()) {
            problems.add("rules: sensors have none");
        }
        YamlNode.Mapping settings = mapping(map, "settings", problems);
        if (settings != null) {
            for (YamlNode.Entry entry : settings.entries()) {
                String name = entry.key();
                Sensor sensor = sensors.stream()
                        .filter(one -> one.name().equals(name))
                        .findFirst()
                        .orElse(null);
                YamlNode.Mapping own = mapping(settings, name, problems);
                if (sensor == null) {
                    problems.add("settings." + name + ": there is no such sensor");
                } else if (own != null) {
                    Settings part = Settings.of(own, name);
                    refuseOthers(part, keys(name), problems);
                    problems.addAll(SensorConfiguration.problems(sensor, part));
                    parts.put(name, part);
                }
            }
        }
        YamlNode.Mapping bounds = mapping(map, "limits", problems);
        Limits limits = limits(bounds, local, problems);
        Budgets budgets = null;
        if (bounds != null) {
            Settings part = Settings.of(bounds, "limits");
            budgets = SensorConfiguration.budgets(part, local.budgets());
            problems.addAll(part.problems());
        }
        return problems.isEmpty()
                ? new Result.Usable(new RemoteConfiguration(version, hash, document, parts, limits, budgets))
                : new Result.Refused(List.copyOf(problems));
    }

    private static YamlNode.@Nullable Mapping mapping(YamlNode.Mapping in, String key, List<String> problems) {
        YamlNode node = in.find(key).map(YamlNode.Entry::value).orElse(null);
        if (node instanceof YamlNode.Mapping inner) {
            return inner;
        }
        if (node != null) {
            problems.add(key + ": is no map");
        }
        return null;
    }

    private static void refuseOthers(Settings part, Set<String> known, List<String> problems) {
        for (String key : part.keys()) {
            if (!known.contains(key)) {
                part.refuse(key, "cannot be set by a server");
            }
        }
        problems.addAll(part.problems());
    }

    private static @Nullable Limits limits(
            YamlNode.@Nullable Mapping map, SensorConfiguration local, List<String> problems) {
        if (map == null) {
            return null;
        }
        Settings part = Settings.of(map, "limits");
        refuseOthers(part, Set.of("spool_bytes", "spool_drop", "cpu_percent", "memory_mb"), problems);
        Settings fresh = part.afresh();
        Limits own = local.spool();
        long bytes = fresh.number("spool_bytes", own.bytes());
        if (bytes < 2 * own.segmentBytes()) {
            fresh.refuse("spool_bytes", "is less than " + 2 * own.segmentBytes());
        }
        String drop = fresh.text("spool_drop").orElse(own.dropOldest() ? "oldest" : "newest");
        if (!drop.equals("oldest") && !drop.equals("newest")) {
            fresh.refuse("spool_drop", "is neither oldest nor newest");
        }
        problems.addAll(fresh.problems());
        return new Limits(bytes, own.segmentBytes(), drop.equals("oldest"));
    }

    /** What a sensor is told, on top of what the host's own file says. */
    Orders orders(String sensor, SensorConfiguration local) {
        Settings own = settings.get(sensor);
        return Orders.of(own == null ? local.of(sensor) : own.over(local.of(sensor)));
    }

    /** Whether another one says the same of a sensor. */
    boolean sameFor(String sensor, @Nullable RemoteConfiguration other) {
        JsonNode here = document.path("settings").path(sensor);
        JsonNode there = other == null
                ? here.path("nothing")
                : other.document().path("settings").path(sensor);
        return (here.isEmpty() && there.isEmpty()) || here.equals(there);
    }
}
