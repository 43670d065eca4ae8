package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.analytics.Seen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tries rules on the cases that stand beside them in {@code <rule>.cases.yml}: {@code match} must match, {@code near} (alike,
 * but not it) and {@code ordinary} (what people do every day) must not. A case is a command line, which stands for the start of
 * that process, or a map of an event's fields, in which {@code command}, {@code parent} and {@code called} are short for those
 * of a process; for a correlation it is a list of such.
 */
public final class RuleCases {
    private static final Set<String> KINDS = Set.of("match", "near", "ordinary");
    private static final String FIRST = "2026-01-01T00:00:00Z";

    private final RuleSet rules;
    private final List<Problem> failures = new ArrayList<>();
    private final List<Case> cases = new ArrayList<>();
    private int tried;

    /**
     * A case that was tried.
     *
     * @param kind match, near or ordinary
     * @param text one line that shows what it is; of a correlation its last event's
     * @param matches true where the rule must match it
     * @param holds true where the rule does what it must
     * @param events what stands for it, JSON: an object, or an array for a correlation
     */
    public record Case(String kind, String text, boolean matches, boolean holds, String events) {}

    /** @param rules with the rules of the cases, and all they refer to */
    public RuleCases(RuleSet rules) {
        this.rules = rules;
    }

    public int tried() {
        return tried;
    }

    public List<Problem> failures() {
        return List.copyOf(failures);
    }

    /** The cases that were tried, in the order of their files. */
    public List<Case> cases() {
        return List.copyOf(cases);
    }

    /** Tries the cases of the rules of one file. @param cases null where the file is not there */
    public void run(String ruleFile, @Nullable RuleText cases) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < rules.rules().size(); i++) {
            if (rules.rules().get(i).file().equals(ruleFile)) {
                numbers.add(i);
            }
        }
        if (cases == null) {
            failures.add(new Problem(ruleFile, 1, "has no cases beside it"));
            return;
        }
        try {
            if (!(Yaml.documents(cases.text()).getFirst() instanceof Yaml.Entries map)) {
                throw new Broken(1, "the cases are no map");
            }
            run(numbers, cases.file(), map);
        } catch (Broken e) {
            failures.add(new Problem(cases.file(), e.line(), e.reason()));
        }
    }

    private void run(List<Integer> numbers, String file, Yaml.Entries map) {
        for (String key : map.map().keySet()) {
            if (!KINDS.contains(key)) {
                throw new Broken(map.lineOf(key), "'" + key + "' is none of match, near, ordinary");
            }
        }
        for (String kind : List.of("match", "near")) {
            if (!(map.get(kind) instanceof Yaml.Items items) || items.items().isEmpty()) {
                failures.add(new Problem(file, map.line(), "has no case of the kind '" + kind + "'"));
            }
        }
        Set<Integer> matched = new HashSet<>();
        map.map().forEach((kind, node) -> {
            if (!(node instanceof Yaml.Items items)) {
                throw new Broken(node.line(), "'" + kind + "' is " + node.kind() + ", not a list");
            }
            for (Yaml.Node item : items.items()) {
                tried++;
                Set<Integer> hits = hits(numbers, item);
                matched.addAll(hits);
                cases.add(tried(kind, numbers, item, hits.isEmpty() != kind.equals("match")));
                if (hits.isEmpty() == kind.equals("match")) {
                    failures.add(new Problem(
                            file, item.line(), kind.equals("match") ? "does not match" : "matches, and must not"));
                }
            }
        });
        for (int number : numbers) {
            if (!matched.contains(number) && !rules.rules().get(number).silent()) {
                failures.add(new Problem(
                        file, 1, "no case matches '" + rules.rules().get(number).title() + "'"));
            }
        }
    }

    private Case tried(String kind, List<Integer> numbers, Yaml.Node item, boolean holds) {
        Map<String, String> sample = numbers.stream()
                .filter(number -> rules.rule(number) instanceof Rule.Detection)
                .findFirst()
                .map(rules::sample)
                .orElse(Map.of());
        List<Event> events = new ArrayList<>();
        for (Yaml.Node node : item instanceof Yaml.Items list ? list.items() : List.of(item)) {
            events.add(event(node, sample, events.size()));
        }
        String json = events.stream().map(Event::json).collect(Collectors.joining(","));
        String text = events.isEmpty()
                ? ""
                : Seen.of(events.getLast(), "", Instant.parse(FIRST)).line();
        return new Case(kind, text, kind.equals("match"), holds, item instanceof Yaml.Items ? "[" + json + "]" : json);
    }

    private Set<Integer> hits(List<Integer> numbers, Yaml.Node item) {
        Set<Integer> hits = new HashSet<>();
        List<Yaml.Node> nodes = item instanceof Yaml.Items list ? list.items() : List.of(item);
        Correlator correlator = new Correlator(rules);
        int place = 0;
        for (Yaml.Node node : nodes) {
            int now = place++;
            for (int number : numbers) {
                if (rules.rule(number) instanceof Rule.Detection) {
                    Event event = event(node, rules.sample(number), now);
                    rules.match(event, matched -> {
                        if (matched == number) {
                            hits.add(number);
                            if (correlator.wants(number)) {
                                correlator.add(number, event, Integer.toString(now), now);
                            }
                        }
                    });
                }
            }
        }
        boolean correlated =
                numbers.stream().anyMatch(number -> rules.rules().get(number).correlation());
        if (correlated) {
            Set<Integer> completed = new HashSet<>();
            correlator.completed().forEach(one -> completed.add(one.rule()));
            completed.retainAll(numbers);
            return completed;
        }
        return hits;
    }

    /** Tries commands that people run every day on every rule from a level on; each match is a failure. */
    public void ordinary(RuleText commands, Level from) {
        List<Yaml.Node> documents;
        try {
            documents = Yaml.documents(commands.text());
        } catch (Broken e) {
            failures.add(new Problem(commands.file(), e.line(), e.reason()));
            return;
        }
        for (Yaml.Node document : documents) {
            for (Yaml.Node item : document instanceof Yaml.Items list ? list.items() : List.of(document)) {
                tried++;
                Event event = event(item, Map.of("event.dataset", "panoptes.proc"), 0);
                rules.match(event, number -> {
                    RuleInfo info = rules.rules().get(number);
                    if (!info.silent() && info.level() != null && info.level().compareTo(from) >= 0) {
                        failures.add(new Problem(
                                commands.file(),
                                item.line(),
                                "is accused by '" + info.title() + "' (" + info.file() + ")"));
                    }
                });
            }
        }
    }

    /** The event that a case stands for. */
    static Event event(Yaml.Node node, Map<String, String> sample, int place) {
        Map<String, Object> fields = new LinkedHashMap<>();
        switch (node) {
            case Yaml.Scalar scalar -> command(scalar.text(), "process", fields);
            case Yaml.Entries map -> map.map().forEach((key, value) -> put(key, value, fields));
            case Yaml.Items items -> throw new Broken(items.line(), "a case is a list where one event is meant");
        }
        Event.Builder builder = Event.builder();
        builder.put("@timestamp", Instant.parse(FIRST).plusSeconds(place));
        sample.forEach((path, value) -> {
            if (!fields.containsKey(path)) {
                builder.put(path, value);
            }
        });
        fields.forEach(builder::put);
        return builder.build();
    }

    private static void put(String key, Yaml.Node value, Map<String, Object> fields) {
        switch (key) {
            case "command" -> command(((Yaml.Scalar) value).text(), "process", fields);
            case "parent" -> command(((Yaml.Scalar) value).text(), "process.parent", fields);
            default -> fields.put(key, plain(value));
        }
    }

    private static @Nullable Object plain(Yaml.Node node) {
        return switch (node) {
            case Yaml.Scalar scalar when scalar.isNull() -> null;
            case Yaml.Scalar scalar
            when scalar.isNumber() && scalar.text().matches("-?[0-9]{1,18}") -> Long.valueOf(scalar.text());
            case Yaml.Scalar scalar when scalar.truth() != null && scalar.text().length() > 3 -> scalar.truth();
            case Yaml.Scalar scalar -> scalar.text();
            case Yaml.Items list ->
                list.items().stream()
                        .map(RuleCases::plain)
                        .filter(item -> item != null)
                        .toList();
            case Yaml.Entries map -> {
                Map<String, Object> inner = new HashMap<>();
                map.map().forEach((key, value) -> inner.put(key, plain(value)));
                yield inner;
            }
        };
    }

    private static void command(String line, String at, Map<String, Object> fields) {
        List<String> args = words(line);
        String called = args.isEmpty() ? "" : args.getFirst();
        String name = called.substring(called.lastIndexOf('/') + 1);
        fields.put(at + ".executable", called.startsWith("/") ? called : "/usr/bin/" + name);
        fields.put(at + ".name", name);
        fields.put(at + ".args", args);
        fields.put(at + ".command_line", String.join(" ", args));
    }

    /** Divides a command line at blanks outside quotes. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else if (c == '\\'
                        && quote == '"'
                        && i + 1 < line.length()
                        && "\"\\$`".indexOf(line.charAt(i + 1)) >= 0) {
                    word.append(line.charAt(++i));
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                begun = true;
            } else if (c == '\\' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
                begun = true;
            } else if (c == ' ') {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                    begun = false;
                }
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }
}
