package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs correlations over what other rules matched. What is added may come in any order; {@link #completed} sorts it by the
 * events' own times and slides a window over it, so that the same matches always complete the same correlations. A correlation
 * completes with the event that makes its condition true, and again only after it was false. Bounded: what does not fit is
 * dropped and counted. For one thread.
 */
public final class Correlator {
    private static final int MOST = 2_000_000;
    private static final int MOST_IN_WINDOW = 20_000;
    private static final int MOST_TOLD = 200;

    /**
     * A correlation whose condition became true.
     *
     * @param rule the correlation's number
     * @param event the key of the event that completed it
     * @param group the fields that it was grouped by
     * @param events the keys of the events in the window, the oldest left out where there are many
     * @param count how many there were
     */
    public record Completed(
            int rule, String event, Instant at, Map<String, String> group, List<String> events, int count) {
        public Completed {
            group = new LinkedHashMap<>(group);
            events = List.copyOf(events);
        }
    }

    private record Occurrence(
            String referred, Instant at, long order, String event, Map<String, List<String>> fields) {}

    private final RuleSet rules;
    /** Correlations in the order in which they can be run. */
    private final List<Integer> order = new ArrayList<>();

    private final Map<Integer, List<Occurrence>> pending = new TreeMap<>();
    /** The rule -> the correlations that refer to it, and by which word. */
    private final Map<Integer, Map<Integer, String>> referring = new HashMap<>();

    private long kept;
    private long dropped;

    public Correlator(RuleSet rules) {
        this.rules = rules;
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < rules.rules().size(); i++) {
            numbers.putIfAbsent(rules.rules().get(i).name(), i);
        }
        for (int i = 0; i < rules.rules().size(); i++) {
            String id = rules.rules().get(i).id();
            if (id != null) {
                numbers.put(id, i);
            }
        }
        for (int i = 0; i < rules.rules().size(); i++) {
            if (rules.rule(i) instanceof Rule.Correlation correlation) {
                for (String name : correlation.rules()) {
                    referring
                            .computeIfAbsent(numbers.getOrDefault(name, -1), _ -> new TreeMap<>())
                            .put(i, name);
                }
            }
        }
        Set<Integer> done = new HashSet<>();
        for (int i = 0; i < rules.rules().size(); i++) {
            visit(i, numbers, done);
        }
    }

    private void visit(int number, Map<String, Integer> numbers, Set<Integer> done) {
        if (rules.rule(number) instanceof Rule.Correlation correlation && done.add(number)) {
            for (String name : correlation.rules()) {
                visit(numbers.getOrDefault(name, number), numbers, done);
            }
            order.add(number);
        }
    }

    /** True where some correlation refers to the rule. */
    public boolean wants(int rule) {
        return referring.containsKey(rule);
    }

    /**
     * What must be kept of a match so that a correlation can be run later over a part of all matches.
     *
     * @param root the key of the correlation that is told, which may refer to others
     * @param group what its matches must be seen together with; an empty text where that is all of them
     * @param direct the key of the correlation that refers to the rule
     * @param referred the word by which it does
     * @param fields the fields that it asks
     */
    public record Kept(String root, String group, String direct, String referred, Map<String, List<String>> fields) {
        public Kept {
            fields = new LinkedHashMap<>(fields);
        }
    }

    /** What must be kept of a match of a rule. */
    public List<Kept> kept(int rule, Event event) {
        List<Kept> kept = new ArrayList<>();
        referring.getOrDefault(rule, Map.of()).forEach((direct, referred) -> {
            Occurrence occurrence = occurrence(rule, event, "", 0, Instant.EPOCH, direct, referred);
            String key = rules.rules().get(direct).key();
            for (int root : roots(direct, new TreeSet<>())) {
                String name = rules.rules().get(root).key();
                if (root == direct && flat(root)) {
                    keys((Rule.Correlation) rules.rule(root), occurrence)
                            .forEach(group -> kept.add(
                                    new Kept(name, String.join("\n", group), key, referred, occurrence.fields())));
                } else {
                    kept.add(new Kept(name, "", key, referred, occurrence.fields()));
                }
            }
        });
        return kept;
    }

    /** The correlations that are told and come from this one. */
    private Set<Integer> roots(int correlation, Set<Integer> found) {
        if (!rules.rules().get(correlation).silent()) {
            found.add(correlation);
        }
        referring.getOrDefault(correlation, Map.of()).keySet().forEach(next -> roots(next, found));
        return found;
    }

    /** Whether a correlation refers to no other. */
    private boolean flat(int correlation) {
        return referring.entrySet().stream()
                .noneMatch(entry -> entry.getKey() >= 0
                        && rules.rule(entry.getKey()) instanceof Rule.Correlation
                        && entry.getValue().containsKey(correlation));
    }

    /** Takes what was kept of a match; what a correlation needs that is gone is left out. */
    public void add(Kept match, Instant at, String key) {
        for (int number : order) {
            if (rules.rules().get(number).key().equals(match.direct())) {
                kept++;
                pending.computeIfAbsent(number, _ -> new ArrayList<>())
                        .add(new Occurrence(match.referred(), at, 0, key, match.fields()));
            }
        }
    }

    /** Of fewer matches a correlation does not follow. */
    public int least(String root) {
        for (int number : order) {
            if (rules.rules().get(number).key().equals(root)
                    && rules.rule(number) instanceof Rule.Correlation correlation
                    && correlation.type() == Rule.Type.EVENT_COUNT
                    && flat(number)) {
                return correlation.limits().stream()
                        .filter(limit -> limit.comparison() == Test.Comparison.GTE)
                        .mapToInt(limit -> (int) Math.clamp(limit.number(), 1, 1_000_000))
                        .max()
                        .orElse(1);
            }
        }
        return 1;
    }

    /** How many matches did not fit or had no time. */
    public long dropped() {
        return dropped;
    }

    /**
     * Takes a match of a rule that some correlation refers to.
     *
     * @param key what the event is known by
     * @param place decides between events of the same time
     */
    public void add(int rule, Event event, String key, long place) {
        Instant at = event.timestamp();
        for (Map.Entry<Integer, String> entry :
                referring.getOrDefault(rule, Map.of()).entrySet()) {
            if (at == null || kept >= MOST) {
                dropped++;
                continue;
            }
            kept++;
            pending.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                    .add(occurrence(rule, event, key, place, at, entry.getKey(), entry.getValue()));
        }
    }

    private Occurrence occurrence(
            int rule, Event event, String key, long place, Instant at, int direct, String referred) {
        Rule.Correlation correlation = (Rule.Correlation) rules.rule(direct);
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (String field : wanted(correlation)) {
            fields.put(field, rules.texts(rule, event, named(correlation, referred, rule, field)));
        }
        return new Occurrence(referred, at, place, key, fields);
    }

    private static Set<String> wanted(Rule.Correlation correlation) {
        Set<String> wanted = new LinkedHashSet<>(correlation.groupBy());
        if (correlation.field() != null) {
            wanted.add(correlation.field());
        }
        return wanted;
    }

    /** The field that an alias stands for in events of a rule. */
    private String named(Rule.Correlation correlation, String referred, int rule, String field) {
        Map<String, String> alias = correlation.aliases().get(field);
        if (alias == null) {
            return field;
        }
        RuleInfo info = rules.rules().get(rule);
        String byName = alias.getOrDefault(referred, alias.get(info.name()));
        return byName == null ? alias.getOrDefault(info.key(), field) : byName;
    }

    /** Everything that was completed, by correlation and time. Forgets what was added. */
    public List<Completed> completed() {
        List<Completed> all = new ArrayList<>();
        for (int number : order) {
            List<Occurrence> occurrences = pending.getOrDefault(number, List.of());
            if (!occurrences.isEmpty()) {
                for (Completed completed : run(number, occurrences)) {
                    all.add(completed);
                    passOn(number, completed);
                }
            }
        }
        pending.clear();
        kept = 0;
        return all;
    }

    private void passOn(int number, Completed completed) {
        referring.getOrDefault(number, Map.of()).forEach((next, name) -> {
            Map<String, List<String>> fields = new LinkedHashMap<>();
            Rule.Correlation correlation = (Rule.Correlation) rules.rule(next);
            for (String field : wanted(correlation)) {
                Map<String, String> alias = correlation.aliases().get(field);
                String source = alias == null ? field : alias.getOrDefault(name, field);
                String value = completed.group().get(source);
                fields.put(field, value == null ? List.of() : List.of(value));
            }
            pending.computeIfAbsent(next, _ -> new ArrayList<>())
                    .add(new Occurrence(name, completed.at(), 0, completed.event(), fields));
        });
    }

    private List<Completed> run(int number, List<Occurrence> occurrences) {
        Rule.Correlation correlation = (Rule.Correlation) rules.rule(number);
        List<Occurrence> sorted = new ArrayList<>(occurrences);
        sorted.sort(Comparator.comparing(Occurrence::at)
                .thenComparingLong(Occurrence::order)
                .thenComparing(Occurrence::event)
                .thenComparing(Occurrence::referred));
        Map<List<String>, Group> groups = new HashMap<>();
        List<Completed> completed = new ArrayList<>();
        for (Occurrence occurrence : sorted) {
            for (List<String> key : keys(correlation, occurrence)) {
                Group group = groups.computeIfAbsent(key, _ -> new Group(correlation));
                if (group.completes(occurrence)) {
                    Map<String, String> named = new LinkedHashMap<>();
                    for (int i = 0; i < key.size(); i++) {
                        named.put(correlation.groupBy().get(i), key.get(i));
                    }
                    completed.add(new Completed(
                            number, occurrence.event(), occurrence.at(), named, group.events(), group.size()));
                }
            }
        }
        return completed;
    }

    /** The groups that an occurrence belongs to: one for each value of a field that has several; none where one is absent. */
    private static List<List<String>> keys(Rule.Correlation correlation, Occurrence occurrence) {
        List<List<String>> keys = new ArrayList<>();
        keys.add(List.of());
        for (String field : correlation.groupBy()) {
            List<String> values = occurrence.fields().getOrDefault(field, List.of()).stream()
                    .distinct()
                    .limit(16)
                    .toList();
            List<List<String>> more = new ArrayList<>();
            for (List<String> key : keys) {
                for (String value : values) {
                    List<String> longer = new ArrayList<>(key);
                    longer.add(value);
                    more.add(longer);
                }
            }
            keys = more;
        }
        return keys;
    }

    private final class Group {
        private final Rule.Correlation correlation;
        private final ArrayDeque<Occurrence> window = new ArrayDeque<>();
        private final Map<String, Integer> values = new HashMap<>();
        private final Set<String> seen = new HashSet<>();
        private boolean holding;

        Group(Rule.Correlation correlation) {
            this.correlation = correlation;
        }

        boolean completes(Occurrence occurrence) {
            Instant oldest = occurrence.at().minus(correlation.timespan());
            while (!window.isEmpty() && (window.getFirst().at().isBefore(oldest) || window.size() >= MOST_IN_WINDOW)) {
                if (!window.getFirst().at().isBefore(oldest)) {
                    dropped++;
                }
                forget(window.removeFirst());
            }
            if (!seen.add(occurrence.event() + '\n' + occurrence.referred())) {
                return false;
            }
            window.addLast(occurrence);
            texts(occurrence).forEach(value -> values.merge(value, 1, Integer::sum));
            boolean holds = holds();
            boolean completes = holds && !holding;
            holding = holds;
            return completes;
        }

        private void forget(Occurrence gone) {
            seen.remove(gone.event() + '\n' + gone.referred());
            for (String value : texts(gone)) {
                values.computeIfPresent(value, (_, count) -> count == 1 ? null : count - 1);
            }
        }

        private List<String> texts(Occurrence occurrence) {
            String field = correlation.field();
            return field == null ? List.of() : occurrence.fields().getOrDefault(field, List.of());
        }

        List<String> events() {
            return window.stream()
                    .skip(Math.max(0, window.size() - MOST_TOLD))
                    .map(Occurrence::event)
                    .distinct()
                    .toList();
        }

        int size() {
            return window.size();
        }

        private boolean holds() {
            return switch (correlation.type()) {
                case EVENT_COUNT -> within(window.size());
                case VALUE_COUNT -> within(values.size());
                case VALUE_SUM -> within(Arrays.stream(numbers()).sum());
                case VALUE_AVG -> within(Arrays.stream(numbers()).average().orElse(Double.NaN));
                case VALUE_PERCENTILE -> within(percentile(correlation.percentile()));
                case VALUE_MEDIAN -> within(percentile(50));
                case TEMPORAL -> temporal();
                case TEMPORAL_ORDERED -> temporal() && ordered();
            };
        }

        private boolean within(double value) {
            return !Double.isNaN(value)
                    && correlation.limits().stream()
                            .allMatch(limit -> limit.comparison().holds(value, limit.number()));
        }

        private double[] numbers() {
            return window.stream()
                    .flatMap(occurrence -> texts(occurrence).stream())
                    .mapToDouble(Test::number)
                    .filter(number -> !Double.isNaN(number))
                    .toArray();
        }

        /** The nearest rank. */
        private double percentile(double percent) {
            double[] numbers = numbers();
            Arrays.sort(numbers);
            int rank = (int) Math.ceil(percent / 100 * numbers.length);
            return numbers.length == 0 ? Double.NaN : numbers[Math.clamp(rank, 1, numbers.length) - 1];
        }

        private boolean temporal() {
            Set<String> present = new HashSet<>();
            window.forEach(occurrence -> present.add(occurrence.referred()));
            if (correlation.condition() != null) {
                return holds(correlation.condition(), present);
            }
            return correlation.limits().isEmpty() ? present.containsAll(correlation.rules()) : within(present.size());
        }

        private static boolean holds(@Nullable Expr condition, Set<String> present) {
            return switch (condition) {
                case null -> false;
                case Expr.And and -> and.parts().stream().allMatch(part -> holds(part, present));
                case Expr.Or or -> or.parts().stream().anyMatch(part -> holds(part, present));
                case Expr.Not not -> !holds(not.part(), present);
                case Expr.Field field -> present.contains(field.field());
                case Expr.Keyword _ -> false;
            };
        }

        /** Whether the rules occurred in the order in which they are named; those that need not occur are passed over. */
        private boolean ordered() {
            Set<String> present = new HashSet<>();
            window.forEach(occurrence -> present.add(occurrence.referred()));
            List<String> wanted =
                    correlation.rules().stream().filter(present::contains).toList();
            int next = 0;
            for (Occurrence occurrence : window) {
                if (next < wanted.size() && occurrence.referred().equals(wanted.get(next))) {
                    next++;
                }
            }
            return next == wanted.size();
        }
    }
}
