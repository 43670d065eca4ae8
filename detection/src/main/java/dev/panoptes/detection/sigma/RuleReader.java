package dev.panoptes.detection.sigma;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rules of one file. Every problem is told; what is not broken is kept. */
final class RuleReader {
    private static final Set<String> STATUSES = Set.of("stable", "test", "experimental", "deprecated", "unsupported");
    private static final int LARGEST = 4 << 20;

    private final String file;
    private final String stem;
    private final Values values;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private RuleReader(String file, Map<String, List<String>> placeholders) {
        this.file = file;
        String last = file.substring(file.lastIndexOf('/') + 1);
        this.stem = last.replaceFirst("\\.ya?ml$", "");
        this.values = new Values(placeholders);
    }

    record Result(List<Rule> rules, List<Problem> problems) {}

    static Result read(String file, String text, Map<String, List<String>> placeholders) {
        RuleReader reader = new RuleReader(file, placeholders);
        reader.read(text);
        return new Result(List.copyOf(reader.rules), List.copyOf(reader.problems));
    }

    private void read(String text) {
        List<Yaml.Node> documents;
        try {
            if (text.length() > LARGEST) {
                throw new Broken(1, "is larger than " + (LARGEST >> 20) + " MiB");
            }
            documents = Yaml.documents(text);
        } catch (Broken e) {
            problems.add(new Problem(file, e.line(), e.reason()));
            return;
        }
        Yaml.Entries global = null;
        boolean any = false;
        for (Yaml.Node node : documents) {
            if (node instanceof Yaml.Scalar scalar && scalar.isNull()) {
                continue;
            }
            any = true;
            try {
                if (!(node instanceof Yaml.Entries document)) {
                    throw new Broken(node.line(), "a rule is " + node.kind() + ", not a map");
                }
                String action = document.get("action") instanceof Yaml.Scalar scalar ? scalar.text() : "";
                switch (action) {
                    case "global" -> global = global == null ? document : merged(global, document);
                    case "reset" -> global = null;
                    default -> rules.add(rule(global == null ? document : merged(global, document)));
                }
            } catch (Broken e) {
                problems.add(new Problem(file, e.line(), e.reason()));
            }
        }
        if (!any || (rules.isEmpty() && problems.isEmpty())) {
            problems.add(new Problem(file, 1, "holds no rule"));
        }
    }

    private static Yaml.Entries merged(Yaml.Entries ground, Yaml.Entries over) {
        Map<String, Yaml.Node> map = new LinkedHashMap<>(ground.map());
        Map<String, Integer> lines = new HashMap<>(ground.lines());
        over.map().forEach((key, value) -> {
            Yaml.Node below = map.get(key);
            map.put(
                    key,
                    below instanceof Yaml.Entries one && value instanceof Yaml.Entries two ? merged(one, two) : value);
        });
        lines.putAll(over.lines());
        map.remove("action");
        return new Yaml.Entries(map, lines, over.line());
    }

    private Rule rule(Yaml.Entries document) {
        String title = text(document, "title");
        if (title == null || title.isBlank()) {
            throw new Broken(document.line(), "the rule has no title");
        }
        String word = text(document, "level");
        Level level = word == null ? null : Level.of(word);
        if (word != null && level == null) {
            throw new Broken(document.lineOf("level"), "the level '" + word + "' is unknown");
        }
        String status = text(document, "status");
        if (status != null && !STATUSES.contains(status)) {
            throw new Broken(document.lineOf("status"), "the status '" + status + "' is unknown");
        }
        boolean correlation = document.get("correlation") != null;
        LogSource source = correlation ? null : source(document);
        String id = text(document, "id");
        String name = text(document, "name");
        List<String> tags = texts(document, "tags");
        RuleInfo info = new RuleInfo(
                id == null ? file.substring(file.lastIndexOf('/') + 1) : id,
                id,
                name == null ? stem : name,
                title.strip(),
                document.get("description") instanceof Yaml.Scalar scalar ? scalar.text() : "",
                level,
                tags,
                Techniques.of(tags),
                source,
                correlation,
                false,
                file,
                document.line());
        if (correlation) {
            return correlation(document, info);
        }
        if (document.get("filter") != null) {
            return filter(document, info, present(source));
        }
        Yaml.Entries detection = entries(document, "detection");
        return new Rule.Detection(info, present(source), condition(detection, Set.of("condition", "timeframe")));
    }

    private static LogSource present(@Nullable LogSource source) {
        if (source == null) {
            throw new IllegalStateException("a rule without a log source was not refused");
        }
        return source;
    }

    private LogSource source(Yaml.Entries document) {
        Yaml.Entries source = entries(document, "logsource");
        LogSource read = new LogSource(word(source, "product"), word(source, "category"), word(source, "service"));
        if (read.product() == null && read.category() == null && read.service() == null) {
            throw new Broken(source.line(), "the log source names no product, category or service");
        }
        return read;
    }

    private static @Nullable String word(Yaml.Entries entries, String key) {
        String text = text(entries, key);
        return text == null || text.isBlank() ? null : text.strip().toLowerCase(Locale.ROOT);
    }

    private Expr condition(Yaml.Entries detection, Set<String> notSearches) {
        Map<String, Expr> searches = new LinkedHashMap<>();
        detection.map().forEach((name, node) -> {
            if (!notSearches.contains(name)) {
                searches.put(name, search(node, name));
            }
        });
        Yaml.Node condition = detection.get("condition");
        List<Yaml.Node> texts = switch (condition) {
            case null -> throw new Broken(detection.line(), "the detection has no condition");
            case Yaml.Items list -> list.items();
            default -> List.of(condition);
        };
        List<Expr> any = new ArrayList<>();
        for (Yaml.Node text : texts) {
            if (!(text instanceof Yaml.Scalar scalar)) {
                throw new Broken(text.line(), "a condition is " + text.kind() + ", not text");
            }
            any.add(Condition.parse(scalar.text(), searches, scalar.line()));
        }
        if (any.isEmpty()) {
            throw new Broken(detection.lineOf("condition"), "the condition is empty");
        }
        return Expr.or(any);
    }

    private Expr search(Yaml.Node node, String name) {
        return switch (node) {
            case Yaml.Scalar scalar -> values.keyword(scalar);
            case Yaml.Entries map -> map(map, name);
            case Yaml.Items list -> {
                List<Expr> parts = new ArrayList<>();
                for (Yaml.Node item : list.items()) {
                    parts.add(search(item, name));
                }
                if (parts.isEmpty()) {
                    throw new Broken(list.line(), "the search '" + name + "' is empty");
                }
                yield Expr.or(parts);
            }
        };
    }

    private Expr map(Yaml.Entries map, String name) {
        List<Expr> parts = new ArrayList<>();
        map.map().forEach((key, value) -> parts.add(values.expression(key, value, map.lineOf(key))));
        if (parts.isEmpty()) {
            throw new Broken(map.line(), "the search '" + name + "' is empty");
        }
        return Expr.and(parts);
    }

    private Rule filter(Yaml.Entries document, RuleInfo info, LogSource source) {
        Yaml.Entries filter = entries(document, "filter");
        List<String> named = switch (filter.get("rules")) {
            case null -> throw new Broken(filter.line(), "the filter names no rules");
            case Yaml.Scalar scalar -> List.of(scalar.text());
            default -> texts(filter, "rules");
        };
        List<String> rulesOf = named.size() == 1 && named.getFirst().equals("any") ? List.of() : named;
        if (named.isEmpty()) {
            throw new Broken(filter.lineOf("rules"), "the filter names no rules");
        }
        return new Rule.Filter(info, source, rulesOf, condition(filter, Set.of("condition", "rules")));
    }

    private Rule correlation(Yaml.Entries document, RuleInfo info) {
        Yaml.Entries map = entries(document, "correlation");
        String word = text(map, "type");
        Rule.Type type = null;
        for (Rule.Type candidate : Rule.Type.values()) {
            if (candidate.name().toLowerCase(Locale.ROOT).equals(word)) {
                type = candidate;
            }
        }
        if (type == null) {
            String reason = word == null
                    ? "the correlation has no type"
                    : "the correlation type '" + word + "' is unknown or not supported";
            throw new Broken(map.lineOf("type"), reason);
        }
        List<String> named = map.get("rules") instanceof Yaml.Scalar one ? List.of(one.text()) : texts(map, "rules");
        if (named.isEmpty()) {
            throw new Broken(map.lineOf("rules"), "the correlation names no rules");
        }
        List<String> groupBy =
                map.get("group-by") instanceof Yaml.Scalar one ? List.of(one.text()) : texts(map, "group-by");
        boolean generate = truth(map, "generate") || truth(document, "generate");
        return limited(map, info, type, named, groupBy, generate);
    }

    private Rule limited(
            Yaml.Entries map, RuleInfo info, Rule.Type type, List<String> named, List<String> groupBy, boolean gen) {
        boolean temporal = type == Rule.Type.TEMPORAL || type == Rule.Type.TEMPORAL_ORDERED;
        List<Rule.Limit> limits = new ArrayList<>();
        String field = null;
        double percentile = 50;
        Expr order = null;
        switch (map.get("condition")) {
            case null -> {
                if (!temporal) {
                    throw new Broken(map.line(), "the correlation has no condition");
                }
            }
            case Yaml.Scalar scalar when temporal -> order = occurrences(scalar, named);
            case Yaml.Entries condition -> {
                for (Map.Entry<String, Yaml.Node> entry : condition.map().entrySet()) {
                    int line = condition.lineOf(entry.getKey());
                    switch (entry.getKey()) {
                        case "field" -> field = text(condition, "field");
                        case "percentile" -> percentile = number(entry.getValue(), line);
                        default ->
                            limits.add(
                                    new Rule.Limit(comparison(entry.getKey(), line), number(entry.getValue(), line)));
                    }
                }
                if (limits.isEmpty()) {
                    throw new Broken(condition.line(), "the condition has no limit");
                }
            }
            case Yaml.Node other ->
                throw new Broken(other.line(), "the condition of the correlation is " + other.kind());
        }
        if (!temporal && type != Rule.Type.EVENT_COUNT && field == null) {
            throw new Broken(map.lineOf("condition"), "the condition names no field");
        }
        return new Rule.Correlation(
                info, type, named, groupBy, timespan(map), limits, field, percentile, aliases(map), order, gen);
    }

    /** An extended condition over rule names: each is true where that rule occurred. */
    private static Expr occurrences(Yaml.Scalar scalar, List<String> named) {
        Map<String, Expr> searches = new LinkedHashMap<>();
        named.forEach(name -> searches.put(name, new Expr.Field(name, new Test.Exists(true))));
        return Condition.parse(scalar.text(), searches, scalar.line());
    }

    private static Test.Comparison comparison(String word, int line) {
        return switch (word) {
            case "lt" -> Test.Comparison.LT;
            case "lte" -> Test.Comparison.LTE;
            case "gt" -> Test.Comparison.GT;
            case "gte" -> Test.Comparison.GTE;
            case "eq" -> Test.Comparison.EQ;
            case "neq" -> Test.Comparison.NEQ;
            default -> throw new Broken(line, "the condition '" + word + "' is unknown");
        };
    }

    private static double number(Yaml.Node node, int line) {
        double number = node instanceof Yaml.Scalar scalar ? Test.number(scalar.text()) : Double.NaN;
        if (Double.isNaN(number)) {
            throw new Broken(line, "a limit of the condition is no number");
        }
        return number;
    }

    private static Duration timespan(Yaml.Entries map) {
        String text = text(map, "timespan");
        if (text == null) {
            text = text(map, "timeframe");
        }
        if (text == null) {
            throw new Broken(map.line(), "the correlation has no timespan");
        }
        if (!text.matches("[0-9]{1,9}[smhdwMy]")) {
            throw new Broken(map.lineOf("timespan"), "the timespan '" + text + "' is none such as 30s, 5m, 1h or 2d");
        }
        long amount = Long.parseLong(text.substring(0, text.length() - 1));
        Duration span = switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(amount);
            case 'm' -> Duration.ofMinutes(amount);
            case 'h' -> Duration.ofHours(amount);
            case 'd' -> Duration.ofDays(amount);
            case 'w' -> Duration.ofDays(7 * amount);
            case 'M' -> Duration.ofDays(30 * amount);
            default -> Duration.ofDays(365 * amount);
        };
        if (span.isZero()) {
            throw new Broken(map.lineOf("timespan"), "the timespan is nothing");
        }
        return span;
    }

    private static Map<String, Map<String, String>> aliases(Yaml.Entries map) {
        Map<String, Map<String, String>> aliases = new LinkedHashMap<>();
        Yaml.Node node = map.get("aliases");
        if (node == null) {
            return aliases;
        }
        if (!(node instanceof Yaml.Entries named)) {
            throw new Broken(node.line(), "aliases are " + node.kind() + ", not a map");
        }
        named.map().forEach((alias, fields) -> {
            if (!(fields instanceof Yaml.Entries byRule)) {
                throw new Broken(fields.line(), "the alias '" + alias + "' is " + fields.kind() + ", not a map");
            }
            Map<String, String> one = new LinkedHashMap<>();
            for (String rule : byRule.map().keySet()) {
                String field = text(byRule, rule);
                if (field != null) {
                    one.put(rule, field);
                }
            }
            aliases.put(alias, one);
        });
        return aliases;
    }

    private static boolean truth(Yaml.Entries map, String key) {
        return map.get(key) instanceof Yaml.Scalar scalar && Boolean.TRUE.equals(scalar.truth());
    }

    private static Yaml.Entries entries(Yaml.Entries document, String key) {
        return switch (document.get(key)) {
            case null -> throw new Broken(document.line(), "the rule has no " + key);
            case Yaml.Entries entries -> entries;
            case Yaml.Node other -> throw new Broken(other.line(), key + " is " + other.kind() + ", not a map");
        };
    }

    private static @Nullable String text(Yaml.Entries map, String key) {
        return switch (map.get(key)) {
            case null -> null;
            case Yaml.Scalar scalar -> scalar.isNull() ? null : scalar.text();
            case Yaml.Node other -> throw new Broken(other.line(), key + " is " + other.kind() + ", not text");
        };
    }

    private static List<String> texts(Yaml.Entries map, String key) {
        return switch (map.get(key)) {
            case null -> List.of();
            case Yaml.Scalar scalar when scalar.isNull() -> List.of();
            case Yaml.Items list -> {
                List<String> texts = new ArrayList<>();
                for (Yaml.Node item : list.items()) {
                    if (!(item instanceof Yaml.Scalar scalar)) {
                        throw new Broken(item.line(), key + " holds " + item.kind());
                    }
                    texts.add(scalar.text());
                }
                yield texts;
            }
            case Yaml.Node other -> throw new Broken(other.line(), key + " is " + other.kind() + ", not a list");
        };
    }
}
