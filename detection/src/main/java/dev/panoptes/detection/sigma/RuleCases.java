package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.yaml.YamlNode;
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
        RuleYaml.Read read = RuleYaml.read(cases.file(), cases.text());
        failures.addAll(read.problems());
        if (!read.problems().isEmpty()) {
            return;
        }
        try {
            if (read.roots().isEmpty() || !(read.roots().getFirst() instanceof YamlNode.Mapping map)) {
                throw new Broken(1, "the cases are no map");
            }
            run(numbers, cases.file(), map);
        } catch (Broken e) {
            failures.add(new Problem(cases.file(), e.line(), e.reason()));
        }
    }

    private void run(List<Integer> numbers, String file, YamlNode.Mapping map) {
        for (YamlNode.Entry entry : map.entries()) {
            if (!KINDS.contains(entry.key())) {
                throw new Broken(RuleYaml.line(entry), "'" + entry.key() + "' is none of match, near, ordinary");
            }
        }
        for (String kind : List.of("match", "near")) {
            if (!(RuleYaml.value(map, kind) instanceof YamlNode.Sequence items)
                    || items.items().isEmpty()) {
                failures.add(new Problem(file, RuleYaml.line(map), "has no case of the kind '" + kind + "'"));
            }
        }
        Set<Integer> matched = new HashSet<>();
        for (YamlNode.Entry entry : map.entries()) {
            String kind = entry.key();
            YamlNode node = entry.value();
            if (!(node instanceof YamlNode.Sequence items)) {
                throw new Broken(RuleYaml.line(node), "'" + kind + "' is " + node.kind() + ", not a list");
            }
            for (YamlNode item : items.items()) {
                tried++;
                Set<Integer> hits = hits(numbers, item);
                matched.addAll(hits);
                cases.add(tried(kind, numbers, item, hits.isEmpty() != kind.equals("match")));
                if (hits.isEmpty() == kind.equals("match")) {
                    failures.add(new Problem(
                            file,
                            RuleYaml.line(item),
                            kind.equals("match") ? "does not match" : "matches, and must not"));
                }
            }
        }
        for (int number : numbers) {
            if (!matched.contains(number) && !rules.rules().get(number).silent()) {
                failures.add(new Problem(
                        file, 1, "no case matches '" + rules.rules().get(number).title() + "'"));
            }
        }
    }

    private Case tried(String kind, List<Integer> numbers, YamlNode item, boolean holds) {
        Map<String, String> sample = numbers.stream()
                .filter(number -> rules.rule(number) instanceof Rule.Detection)
                .findFirst()
                .map(rules::sample)
                .orElse(Map.of());
        List<Event> events = new ArrayList<>();
        for (YamlNode node : item instanceof YamlNode.Sequence list ? list.items() : List.of(item)) {
            events.add(event(node, sample, events.size()));
        }
        String json = events.stream().map(Event::json).collect(Collectors.joining(","));
        String text = events.isEmpty()
                ? ""
                : Seen.of(events.getLast(), "", Instant.parse(FIRST)).line();
        return new Case(
                kind, text, kind.equals("match"), holds, item instanceof YamlNode.Sequence ? "[" + json + "]" : json);
    }

    private Set<Integer> hits(List<Integer> numbers, YamlNode item) {
        Set<Integer> hits = new HashSet<>();
        List<YamlNode> nodes = item instanceof YamlNode.Sequence list ? list.items() : List.of(item);
        Correlator correlator = new Correlator(rules);
        int place = 0;
        for (YamlNode node : nodes) {
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
        RuleYaml.Read read = RuleYaml.read(commands.file(), commands.text());
        failures.addAll(read.problems());
        for (YamlNode document : read.roots()) {
            for (YamlNode item : document instanceof YamlNode.Sequence list ? list.items() : List.of(document)) {
                tried++;
                Event event = event(item, Map.of("event.dataset", "panoptes.proc"), 0);
                rules.match(event, number -> {
                    RuleInfo info = rules.rules().get(number);
                    if (!info.silent() && info.level() != null && info.level().compareTo(from) >= 0) {
                        failures.add(new Problem(
                                commands.file(),
                                RuleYaml.line(item),
                                "is accused by '" + info.title() + "' (" + info.file() + ")"));
                    }
                });
            }
        }
    }

    /** The event that a case stands for. */
    static Event event(YamlNode node, Map<String, String> sample, int place) {
        Map<String, Object> fields = new LinkedHashMap<>();
        switch (node) {
            case YamlNode.Scalar scalar -> command(scalar.text(), "process", fields);
            case YamlNode.Mapping map -> map.entries().forEach(entry -> put(entry.key(), entry.value(), fields));
            case YamlNode.Sequence items ->
                throw new Broken(RuleYaml.line(items), "a case is a list where one event is meant");
            case YamlNode.Elsewhere elsewhere ->
                throw new Broken(RuleYaml.line(elsewhere), "a case is " + elsewhere.kind());
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

    private static void put(String key, YamlNode value, Map<String, Object> fields) {
        switch (key) {
            case "command" -> command(line(key, value), "process", fields);
            case "parent" -> command(line(key, value), "process.parent", fields);
            default -> fields.put(key, plain(value));
        }
    }

    private static String line(String key, YamlNode value) {
        if (!(value instanceof YamlNode.Scalar scalar)) {
            throw new Broken(RuleYaml.line(value), "'" + key + "' is " + value.kind() + ", not a command line");
        }
        return scalar.text();
    }

    private static @Nullable Object plain(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar when RuleYaml.isNull(scalar) -> null;
            case YamlNode.Scalar scalar
            when RuleYaml.isNumber(scalar) && scalar.text().matches("-?[0-9]{1,18}") -> Long.valueOf(scalar.text());
            case YamlNode.Scalar scalar
            when RuleYaml.truth(scalar) != null && scalar.text().length() > 3 -> RuleYaml.truth(scalar);
            case YamlNode.Scalar scalar -> scalar.text();
            case YamlNode.Sequence list ->
                list.items().stream()
                        .map(RuleCases::plain)
                        .filter(item -> item != null)
                        .toList();
            case YamlNode.Mapping map -> {
                Map<String, Object> inner = new HashMap<>();
                map.entries().forEach(entry -> inner.put(entry.key(), plain(entry.value())));
                yield inner;
            }
            case YamlNode.Elsewhere elsewhere ->
                throw new Broken(RuleYaml.line(elsewhere), "a value is " + elsewhere.kind());
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
