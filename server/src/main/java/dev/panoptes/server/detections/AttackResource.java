package dev.panoptes.server.detections;

import dev.panoptes.detection.analytics.Analytics;
import dev.panoptes.detection.analytics.Conclusion;
import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.RuleSet;
import dev.panoptes.detection.sigma.Techniques;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What of ATT&CK could be seen, by which rules, analytics and sensors, on which hosts: as it is, not as it is wished. */
final class AttackResource implements Resource {
    private static final String PREFIX = "panoptes.";
    private static final int MOST_HOSTS = 100;

    private final Detections detections;

    AttackResource(Detections detections) {
        this.detections = detections;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/attack", Access.VIEWER, this::attack));
    }

    /** The sensor whose events are of a dataset. */
    static String sensor(String dataset) {
        return dataset.startsWith(PREFIX) ? dataset.substring(PREFIX.length()) : dataset;
    }

    /**
     * A technique and what there is to see it.
     *
     * @param sources log sources of its rules
     * @param analytics conclusions of analytics that name it
     * @param sensors any of which can show it
     * @param hostCount on how many hosts one of them reported within the last day
     * @param hosts the first hundred of these
     * @param blindCount how many hosts have other sensors only
     * @param hits how many events its rules and analytics matched
     * @param lastHit null where there was none
     */
    record TechniqueView(
            String technique,
            List<String> names,
            List<String> rules,
            List<String> analytics,
            List<String> sources,
            List<String> sensors,
            int hostCount,
            List<String> hosts,
            int blindCount,
            long hits,
            @Nullable Instant lastHit) {}

    /** @param reporting true where it sent something within the last day */
    record SensorView(String sensor, Instant lastAt, boolean reporting) {}

    record WatchedView(String host, List<SensorView> sensors) {}

    record AttackView(List<TechniqueView> items, List<WatchedView> hosts) {}

    /** What is gathered of a technique. */
    private static final class Covered {
        private final SortedSet<String> rules = new TreeSet<>();
        private final SortedSet<String> analytics = new TreeSet<>();
        private final SortedSet<String> sources = new TreeSet<>();
        private final SortedSet<String> sensors = new TreeSet<>();
        private long hits;
        private @Nullable Instant last;

        private void count(HitStore.@Nullable Counted counted) {
            if (counted != null) {
                hits += counted.hits();
                last = last == null || counted.last().isAfter(last) ? counted.last() : last;
            }
        }
    }

    private Response attack(Request request) {
        String only = request.query("host").orElse(null);
        Map<String, List<SensorView>> watching = new TreeMap<>();
        for (LagStore.Watching one : detections.watching()) {
            if (only == null || only.equals(one.host())) {
                watching.computeIfAbsent(one.host(), _ -> new ArrayList<>())
                        .add(new SensorView(one.sensor(), one.lastAt(), !detections.silent(one.lastAt())));
            }
        }
        List<TechniqueView> items = new ArrayList<>();
        covered().forEach((technique, covered) -> items.add(view(technique, covered, watching)));
        return Response.json(new AttackView(
                items,
                watching.entrySet().stream()
                        .map(entry -> new WatchedView(entry.getKey(), List.copyOf(entry.getValue())))
                        .toList()));
    }

    private Map<String, Covered> covered() {
        Map<String, HitStore.Counted> counts = detections.counts();
        RuleSet rules = detections.rules();
        Map<String, Covered> all = new TreeMap<>();
        for (int number = 0; number < rules.rules().size(); number++) {
            RuleInfo rule = rules.rules().get(number);
            for (String technique : Techniques.current(rule.techniques())) {
                Covered covered = all.computeIfAbsent(technique, _ -> new Covered());
                covered.rules.add(rule.name());
                if (rule.source() != null) {
                    covered.sources.add(rule.source().text());
                }
                rules.datasets(number).forEach(dataset -> covered.sensors.add(sensor(dataset)));
                covered.count(counts.get(rule.key()));
            }
        }
        for (Conclusion conclusion : Analytics.conclusions()) {
            for (String technique : Techniques.current(conclusion.techniques())) {
                Covered covered = all.computeIfAbsent(technique, _ -> new Covered());
                covered.analytics.add(conclusion.name());
                conclusion.datasets().forEach(dataset -> covered.sensors.add(sensor(dataset)));
                covered.count(counts.get(conclusion.name()));
            }
        }
        return all;
    }

    private static TechniqueView view(String technique, Covered covered, Map<String, List<SensorView>> watching) {
        List<String> seeing = watching.entrySet().stream()
                .filter(entry -> entry.getValue().stream()
                        .anyMatch(sensor -> sensor.reporting() && covered.sensors.contains(sensor.sensor())))
                .map(Map.Entry::getKey)
                .toList();
        return new TechniqueView(
                technique,
                Techniques.names(technique),
                List.copyOf(covered.rules),
                List.copyOf(covered.analytics),
                List.copyOf(covered.sources),
                List.copyOf(covered.sensors),
                seeing.size(),
                seeing.stream().limit(MOST_HOSTS).toList(),
                watching.size() - seeing.size(),
                covered.hits,
                covered.last);
    }
}
