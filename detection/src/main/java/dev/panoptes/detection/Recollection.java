package dev.panoptes.detection;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.analytics.Analytic;
import dev.panoptes.detection.analytics.Analytics;
import dev.panoptes.detection.analytics.ReconBurst;
import dev.panoptes.detection.analytics.Seen;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.sigma.Correlator;
import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.RuleSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Draws the conclusions of analytics and correlations from what was kept of events, group by group: what follows from the
 * observations of a group is what follows from all events, where that is about the group. So events may come in any order, in
 * any batches and to any of several servers. Thread-safe.
 */
public final class Recollection {
    private static final String CORRELATION = "correlation ";
    private static final int MOST_GROUPS = 16;
    /** What analytics ask of an event. */
    private static final List<String> PATHS = List.of(
            "event.dataset",
            "event.action",
            "event.count",
            "host.name",
            "host.id",
            "user.name",
            "user.target.name",
            "source.ip",
            "source.port",
            "source.domain",
            "source.bytes",
            "destination.ip",
            "destination.port",
            "destination.domain",
            "destination.bytes",
            "dns.question.name",
            "dns.question.type",
            "process.pid",
            "process.executable",
            "process.parent.executable",
            "process.cpu_percent",
            "process.memory_bytes",
            "service.name",
            "network.direction",
            "auth.method",
            "file.path");

    private final RuleSet rules;
    private final EventLines lines = new EventLines();

    public Recollection(RuleSet rules) {
        this.rules = rules;
    }

    /** What a store remembers of what was noted before. */
    public interface Remembered {
        /** True where the store has an observation of this that is no later. */
        boolean has(String concluder, String group, String once, Instant at);
    }

    /** @param remembered what need not be noted again */
    public Notes notes(Remembered remembered) {
        return new Notes(remembered);
    }

    public Notes notes() {
        return new Notes((_, _, _, _) -> false);
    }

    /** Notes what must be kept of events. For one thread. */
    public final class Notes {
        private final List<Analytic> analytics = Analytics.all();
        private final Correlator correlator = new Correlator(rules);
        private final List<Observation> observations = new ArrayList<>();
        private final Map<String, List<Analytic>> looking = new HashMap<>();
        private final Map<List<String>, Instant> noted = new HashMap<>();
        private final Remembered remembered;

        private Notes(Remembered remembered) {
            this.remembered = remembered;
        }

        /** What was noted. */
        public List<Observation> all() {
            return List.copyOf(observations);
        }

        /** @param matched the numbers of the rules that the event matches */
        public void see(Seen seen, List<Integer> matched) {
            String body = "";
            for (Analytic analytic : looking(dataset(seen))) {
                for (String group : analytic.keys(seen)) {
                    String once = analytic.once(seen, group);
                    if (once == null || fresh(analytic.name(), group, once, seen.at())) {
                        body = body.isEmpty() ? body(seen.event()) : body;
                        observations.add(new Observation(analytic.name(), group, seen.at(), seen.id(), body, once));
                    }
                }
            }
            for (int number : matched) {
                match(number, seen);
            }
        }

        private List<Analytic> looking(String dataset) {
            return dataset.startsWith("panoptes.")
                    ? looking.computeIfAbsent(
                            dataset,
                            name -> analytics.stream()
                                    .filter(one -> one.looksAt(name))
                                    .toList())
                    : List.of();
        }

        private boolean fresh(String concluder, String group, String once, Instant at) {
            Instant before = noted.get(List.of(concluder, group, once));
            if ((before != null && !at.isBefore(before)) || remembered.has(concluder, group, once, at)) {
                return false;
            }
            noted.put(List.of(concluder, group, once), at);
            return true;
        }

        private void match(int number, Seen seen) {
            RuleInfo rule = rules.rules().get(number);
            String group = rule.silent() ? null : ReconBurst.key(rule.name(), seen);
            if (group != null) {
                String body = json(Map.of("rule", rule.name()));
                observations.add(new Observation(ReconBurst.NAME, group, seen.at(), seen.id(), body));
            }
            if (correlator.wants(number)) {
                correlator.kept(number, seen.event()).stream()
                        .limit(MOST_GROUPS)
                        .forEach(kept -> observations.add(new Observation(
                                CORRELATION + kept.root(), kept.group(), seen.at(), seen.id(), body(kept))));
            }
        }
    }

    /** Of fewer observations of a group nothing follows. */
    public int least(String concluder) {
        if (concluder.startsWith(CORRELATION)) {
            return new Correlator(rules).least(concluder.substring(CORRELATION.length()));
        }
        if (concluder.equals(ReconBurst.NAME)) {
            return ReconBurst.KINDS;
        }
        return analytic(concluder).least();
    }

    /** What follows from the observations of a group, in any order; the same one twice is one. */
    public List<Hit> conclude(String concluder, String group, Collection<Observation> observations) {
        Set<List<String>> known = new HashSet<>();
        List<Observation> different = observations.stream()
                .filter(one -> known.add(List.of(one.event(), one.body())))
                .toList();
        if (concluder.startsWith(CORRELATION)) {
            return correlated(concluder.substring(CORRELATION.length()), group, different);
        }
        if (concluder.equals(ReconBurst.NAME)) {
            ReconBurst burst = new ReconBurst();
            for (Observation one : different) {
                Event body = lines.read(one.body());
                String rule = body == null ? null : body.text("rule");
                if (rule != null) {
                    burst.add(rule, group, one.at(), one.event());
                }
            }
            return burst.conclude();
        }
        Analytic analytic = analytic(concluder);
        for (Observation one : different) {
            Event body = lines.read(one.body());
            if (body != null) {
                analytic.see(Seen.of(body, one.event(), one.at()));
            }
        }
        return analytic.conclude();
    }

    private List<Hit> correlated(String root, String group, List<Observation> observations) {
        Correlator correlator = new Correlator(rules);
        for (Observation one : observations) {
            Event body = lines.read(one.body());
            if (body != null) {
                correlator.add(kept(root, group, body), one.at(), one.event());
            }
        }
        List<Hit> hits = new ArrayList<>();
        for (Correlator.Completed completed : correlator.completed()) {
            RuleInfo rule = rules.rules().get(completed.rule());
            boolean wanted = rule.key().equals(root)
                    && (group.isEmpty()
                            || group.equals(String.join("\n", completed.group().values())));
            if (wanted && !rule.silent()) {
                hits.add(Detector.hit(rule, completed));
            }
        }
        return hits;
    }

    private static String dataset(Seen seen) {
        return Objects.requireNonNullElse(seen.event().dataset(), "");
    }

    private static Analytic analytic(String name) {
        return Analytics.all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no analytic " + name));
    }

    private static String body(Event event) {
        Event.Builder body = Event.builder();
        for (String path : PATHS) {
            Object value = event.value(path).orElse(null);
            if (value != null && !(value instanceof Map) && !(value instanceof List)) {
                body.put(path, value);
            }
        }
        return body.build().json();
    }

    private static String body(Correlator.Kept kept) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("direct", kept.direct());
        fields.put("referred", kept.referred());
        List<Object> values = new ArrayList<>();
        kept.fields().forEach((name, texts) -> values.add(List.of(List.of(name), texts)));
        fields.put("fields", values);
        return json(fields);
    }

    private static String json(Map<String, ?> fields) {
        return Event.of(fields).json();
    }

    private static Correlator.Kept kept(String root, String group, Event body) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (Object pair : body.values("fields")) {
            if (pair instanceof List<?> two
                    && two.size() == 2
                    && two.get(0) instanceof List<?> name
                    && two.get(1) instanceof List<?> texts) {
                fields.put(
                        String.valueOf(name.getFirst()),
                        texts.stream().map(String::valueOf).toList());
            }
        }
        return new Correlator.Kept(root, group, text(body, "direct"), text(body, "referred"), fields);
    }

    private static String text(Event body, String path) {
        String text = body.text(path);
        return text == null ? "" : text;
    }
}
