package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Rules that were read together, ready to run. Immutable but for what is compiled when the first event of a kind comes;
 * thread-safe.
 */
public final class RuleSet {
    private static final int MOST_KINDS = 4_096;

    private final List<RuleInfo> infos;
    private final List<Rule> rules;
    private final List<Problem> problems;
    private final Sources sources = Sources.load();
    private final Map<Object, Verdicts> byKey = new ConcurrentHashMap<>();
    private final Map<List<LogSource>, Verdicts> bySources = new ConcurrentHashMap<>();

    private final int read;

    private RuleSet(List<Rule> rules, List<RuleInfo> infos, List<Problem> problems, int read) {
        this.read = read;
        this.rules = List.copyOf(rules);
        this.infos = List.copyOf(infos);
        this.problems = List.copyOf(problems);
    }

    /** Reads rules; what is broken is among the {@link #problems} and the others run. */
    public static RuleSet of(RuleFiles.Found found) {
        List<Problem> problems = new ArrayList<>();
        Map<String, List<String>> placeholders = RuleFiles.placeholders(found.placeholders(), problems);
        List<Rule> read = new ArrayList<>();
        for (RuleText text : found.rules()) {
            RuleReader.Result result = RuleReader.read(text.file(), text.text(), placeholders);
            read.addAll(result.rules());
            problems.addAll(result.problems());
        }
        int all = read.size() + problems.size();
        Linker linker = new Linker(read, problems);
        return new RuleSet(linker.rules(), linker.infos(), problems, all);
    }

    /** The same rules, with other problems to be told: those of texts in whose place earlier ones were loaded. */
    public RuleSet telling(List<Problem> told) {
        return new RuleSet(rules, infos, told, read);
    }

    /** What loaded, filters left out. A rule's place in this list is its number. */
    public List<RuleInfo> rules() {
        return infos;
    }

    public List<Problem> problems() {
        return problems;
    }

    /** How many there were, broken ones and filters included. */
    public int read() {
        return read;
    }

    Rule rule(int number) {
        return rules.get(number);
    }

    /** Tells the number of each rule that an event matches, also of those that only serve a correlation. */
    public void match(Event event, IntConsumer matched) {
        Object key = sources.key(event);
        Verdicts partition = byKey.get(key);
        if (partition == null) {
            partition = partition(event);
            if (byKey.size() < MOST_KINDS) {
                byKey.put(key, partition);
            }
        }
        if (!partition.isEmpty()) {
            partition.match(event, matched);
        }
    }

    private Verdicts partition(Event event) {
        List<Sources.Row> rows = sources.rows(event);
        return bySources.computeIfAbsent(
                rows.stream().map(Sources.Row::source).toList(), _ -> new Verdicts(entries(rows)));
    }

    List<Partition.Entry> entries(List<Sources.Row> rows) {
        List<Partition.Entry> entries = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i) instanceof Rule.Detection detection) {
                Map<String, List<String>> fields = fields(detection.source(), rows);
                if (fields != null) {
                    entries.add(new Partition.Entry(i, detection.expr(), fields));
                }
            }
        }
        return entries;
    }

    /** The names that a rule's fields have in such events; null where the events are none of its. */
    private @Nullable Map<String, List<String>> fields(LogSource source, List<Sources.Row> rows) {
        if (!sources.knows(source)) {
            return rows.isEmpty() || rows.getFirst().equals(Sources.UNKNOWN_CHANNEL) ? Map.of() : null;
        }
        for (Sources.Row row : rows) {
            if (source.covers(row.source())) {
                return row.fields();
            }
        }
        return null;
    }

    /** The texts of a field as a rule of this number names it. */
    List<String> texts(int number, Event event, String field) {
        LogSource source = infos.get(number).source();
        Map<String, List<String>> fields = source == null ? Map.of() : fields(source, sources.rows(event));
        Paths paths = new Paths();
        Compiler.Slots slots = new Compiler(paths, fields == null ? Map.of() : fields).slots(field);
        View view = new View(paths, event);
        List<String> texts = new ArrayList<>();
        for (int slot : slots.slots()) {
            texts.addAll(List.of(view.texts(slot)));
        }
        return texts;
    }

    /**
     * The datasets whose events a rule looks at, of a correlation those of the rules that it refers to; none where its log source
     * is not known by a dataset.
     */
    public SortedSet<String> datasets(int number) {
        SortedSet<String> datasets = new TreeSet<>();
        Set<Integer> looked = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(number));
        while (!open.isEmpty()) {
            int next = open.removeFirst();
            if (!looked.add(next)) {
                continue;
            }
            switch (rules.get(next)) {
                case Rule.Detection detection -> datasets.addAll(sources.datasets(detection.source()));
                case Rule.Correlation correlation -> {
                    for (int i = 0; i < infos.size(); i++) {
                        RuleInfo info = infos.get(i);
                        if (correlation.rules().contains(info.name())
                                || correlation.rules().contains(info.key())) {
                            open.add(i);
                        }
                    }
                }
                case Rule.Filter _ -> {}
            }
        }
        return datasets;
    }

    /** What an event must have to be one of a rule's log source, for events that are written by hand. */
    public Map<String, String> sample(int number) {
        LogSource source = infos.get(number).source();
        return source == null ? Map.of() : sources.sample(source);
    }

    /** Resolves what rules say of each other. */
    private static final class Linker {
        private final List<Rule> read;
        private final List<Problem> problems;
        private final Map<String, Integer> byName = new HashMap<>();
        private final List<Rule> kept = new ArrayList<>();

        Linker(List<Rule> read, List<Problem> problems) {
            this.read = new ArrayList<>(read);
            this.problems = problems;
            boolean changed = true;
            while (changed) {
                index();
                changed = this.read.removeIf(this::broken);
            }
            index();
            this.read.removeIf(this::cyclic);
            changed = true;
            while (changed) {
                index();
                changed = this.read.removeIf(this::broken);
            }
            filter();
        }

        private void index() {
            byName.clear();
            for (int i = 0; i < read.size(); i++) {
                RuleInfo info = read.get(i).info();
                byName.putIfAbsent(info.name(), i);
            }
            for (int i = 0; i < read.size(); i++) {
                String id = read.get(i).info().id();
                if (id != null) {
                    byName.put(id, i);
                }
            }
        }

        private boolean broken(Rule rule) {
            List<String> named = switch (rule) {
                case Rule.Detection _ -> List.<String>of();
                case Rule.Correlation correlation -> correlation.rules();
                case Rule.Filter filter -> filter.rules();
            };
            for (String name : named) {
                if (!byName.containsKey(name)) {
                    problems.add(new Problem(
                            rule.info().file(),
                            rule.info().line(),
                            "refers to the rule '" + name + "', which is nowhere"));
                    return true;
                }
            }
            return false;
        }

        private boolean cyclic(Rule rule) {
            if (rule instanceof Rule.Correlation correlation && reaches(correlation, rule, new HashSet<>())) {
                problems.add(new Problem(rule.info().file(), rule.info().line(), "refers to itself in a cycle"));
                return true;
            }
            return false;
        }

        private boolean reaches(Rule.Correlation from, Rule wanted, Set<String> seen) {
            for (String name : from.rules()) {
                Integer index = byName.get(name);
                Rule to = index == null ? null : read.get(index);
                if (wanted.equals(to)) {
                    return true;
                }
                if (to instanceof Rule.Correlation next && seen.add(name) && reaches(next, wanted, seen)) {
                    return true;
                }
            }
            return false;
        }

        private void filter() {
            for (Rule rule : read) {
                switch (rule) {
                    case Rule.Filter _ -> {}
                    case Rule.Detection detection -> kept.add(filtered(detection));
                    case Rule.Correlation correlation -> kept.add(correlation);
                }
            }
        }

        private Rule filtered(Rule.Detection detection) {
            List<Expr> parts = new ArrayList<>(List.of(detection.expr()));
            for (Rule rule : read) {
                if (rule instanceof Rule.Filter filter && applies(filter, detection)) {
                    parts.add(filter.expr());
                }
            }
            return new Rule.Detection(detection.info(), detection.source(), Expr.and(parts));
        }

        private boolean applies(Rule.Filter filter, Rule.Detection detection) {
            RuleInfo info = detection.info();
            boolean named = filter.rules().isEmpty()
                    || filter.rules().contains(info.name())
                    || (info.id() != null && filter.rules().contains(info.id()));
            LogSource of = filter.source();
            LogSource rule = detection.source();
            return named
                    && (of.product() == null || of.product().equals(rule.product()))
                    && (of.category() == null || of.category().equals(rule.category()))
                    && (of.service() == null || of.service().equals(rule.service()));
        }

        List<Rule> rules() {
            return kept;
        }

        List<RuleInfo> infos() {
            Set<String> referred = new HashSet<>();
            Set<String> generated = new HashSet<>();
            for (Rule rule : kept) {
                if (rule instanceof Rule.Correlation correlation) {
                    (correlation.generate() ? generated : referred).addAll(correlation.rules());
                }
            }
            return kept.stream()
                    .map(rule -> {
                        RuleInfo info = rule.info();
                        boolean told =
                                (info.id() != null && generated.contains(info.id())) || generated.contains(info.name());
                        boolean named =
                                (info.id() != null && referred.contains(info.id())) || referred.contains(info.name());
                        return info.withSilent(named && !told);
                    })
                    .toList();
        }
    }
}
