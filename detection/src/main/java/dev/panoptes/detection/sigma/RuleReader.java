package dev.panoptes.detection.sigma;

import dev.panoptes.core.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
        if (text.length() > LARGEST) {
            problems.add(new Problem(file, 1, "is larger than " + (LARGEST >> 20) + " MiB"));
            return;
        }
        RuleYaml.Read read = RuleYaml.read(file, text);
        problems.addAll(read.problems());
        YamlNode.Mapping global = null;
        for (YamlNode node : read.roots()) {
            try {
                if (!(node instanceof YamlNode.Mapping document)) {
                    throw new Broken(RuleYaml.line(node), "a rule is " + node.kind() + ", not a map");
                }
                String action =
                        RuleYaml.value(document, "action") instanceof YamlNode.Scalar scalar ? scalar.text() : "";
                switch (action) {
                    case "global" -> global = global == null ? document : merged(global, document);
                    case "reset" -> global = null;
                    default -> rules.add(rule(global == null ? document : merged(global, document)));
                }
            } catch (Broken e) {
                problems.add(new Problem(file, e.line(), e.reason()));
            }
        }
        if (rules.isEmpty() && problems.isEmpty()) {
            problems.add(new Problem(file, 1, "holds no rule"));
        }
    }

    private static YamlNode.Mapping merged(YamlNode.Mapping ground, YamlNode.Mapping over) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        ground.entries().forEach(entry -> entries.put(entry.key(), entry));
        for (YamlNode.Entry entry : over.entries()) {
            YamlNode.Entry below = entries.get(entry.key());
            entries.put(
                    entry.key(),
                    below != null
                                    && below.value() instanceof YamlNode.Mapping one
                                    && entry.value() instanceof YamlNode.Mapping two
                            ? new YamlNode.Entry(entry.key(), entry.location(), merged(one, two))
                            : entry);
        }
        entries.remove("action");
        return new YamlNode.Mapping(List.copyOf(entries.values()), over.location());
    }

    private Rule rule(YamlNode.Mapping document) {
        String title = text(document, "title");
        if (title == null || title.isBlank()) {
            throw new Broken(RuleYaml.line(document), "the rule has no title");
        }
        String word = text(document, "level");
        Level level = word == null ? null : Level.of(word);
        if (word != null && level == null) {
            throw new Broken(
                    RuleYaml.line(document, "level"),
                    "the level '" + word + "' is unknown; there are "
                            + Arrays.stream(Level.values()).map(Level::word).collect(Collectors.joining(", ")));
        }
        String status = text(document, "status");
        if (status != null && !STATUSES.contains(status)) {
            throw new Broken(
                    RuleYaml.line(document, "status"),
                    "the status '" + status + "' is unknown; there are "
                            + STATUSES.stream().sorted().collect(Collectors.joining(", ")));
        }
        boolean correlation = RuleYaml.value(document, "correlation") != null;
        LogSource source = correlation ? null : source(document);
        String id = text(document, "id");
        String name = text(document, "name");
        List<String> tags = texts(document, "tags");
        RuleInfo info = new RuleInfo(
                id == null ? file.substring(file.lastIndexOf('/') + 1) : id,
                id,
                name == null ? stem : name,
                title.strip(),
                RuleYaml.value(document, "description") instanceof YamlNode.Scalar scalar ? scalar.text() : "",
                level,
                tags,
                Techniques.of(tags),
                source,
                correlation,
                false,
                file,
                RuleYaml.line(document));
        if (correlation) {
            return correlation(document, info);
        }
        if (RuleYaml.value(document, "filter") != null) {
            return filter(document, info, present(source));
        }
        YamlNode.Mapping detection = entries(document, "detection");
        return new Rule.Detection(info, present(source), condition(detection, Set.of("condition", "timeframe")));
    }

    private static LogSource present(@Nullable LogSource source) {
        if (source == null) {
            throw new IllegalStateException("a rule without a log source was not refused");
        }
        return source;
    }

    private LogSource source(YamlNode.Mapping document) {
        YamlNode.Mapping source = entries(document, "logsource");
        LogSource read = new LogSource(word(source, "product"), word(source, "category"), word(source, "service"));
        if (read.product() == null && read.category() == null && read.service() == null) {
            throw new Broken(RuleYaml.line(source), "the log source names no product, category or service");
        }
        return read;
    }

    private static @Nullable String word(YamlNode.Mapping entries, String key) {
        String text = text(entries, key);
        return text == null || text.isBlank() ? null : text.strip().toLowerCase(Locale.ROOT);
    }

    private Expr condition(YamlNode.Mapping detection, Set<String> notSearches) {
        Map<String, Expr> searches = new LinkedHashMap<>();
        for (YamlNode.Entry entry : detection.entries()) {
            if (!notSearches.contains(entry.key())) {
                searches.put(entry.key(), search(entry.value(), entry.key()));
            }
        }
        YamlNode condition = RuleYaml.value(detection, "condition");
        List<YamlNode> texts = switch (condition) {
            case null -> throw new Broken(RuleYaml.line(detection), "the detection has no condition");
            case YamlNode.Sequence list -> list.items();
            default -> List.of(condition);
        };
        List<Expr> any = new ArrayList<>();
        for (YamlNode text : texts) {
            if (!(text instanceof YamlNode.Scalar scalar)) {
                throw new Broken(RuleYaml.line(text), "a condition is " + text.kind() + ", not text");
            }
            any.add(Condition.parse(scalar.text(), searches, RuleYaml.line(scalar)));
        }
        if (any.isEmpty()) {
            throw new Broken(RuleYaml.line(detection, "condition"), "the condition is empty");
        }
        return Expr.or(any);
    }

    private Expr search(YamlNode node, String name) {
        return switch (node) {
            case YamlNode.Scalar scalar -> values.keyword(scalar);
            case YamlNode.Mapping map -> map(map, name);
            case YamlNode.Sequence list -> {
                List<Expr> parts = new ArrayList<>();
                for (YamlNode item : list.items()) {
                    parts.add(search(item, name));
                }
                if (parts.isEmpty()) {
                    throw new Broken(RuleYaml.line(list), "the search '" + name + "' is empty");
                }
                yield Expr.or(parts);
            }
            case YamlNode.Elsewhere elsewhere ->
                throw new Broken(RuleYaml.line(elsewhere), "the search '" + name + "' is " + elsewhere.kind());
        };
    }

    private Expr map(YamlNode.Mapping map, String name) {
        List<Expr> parts = new ArrayList<>();
        map.entries().forEach(entry -> parts.add(values.expression(entry.key(), entry.value(), RuleYaml.line(entry))));
        if (parts.isEmpty()) {
            throw new Broken(RuleYaml.line(map), "the search '" + name + "' is empty");
        }
        return Expr.and(parts);
    }

    private Rule filter(YamlNode.Mapping document, RuleInfo info, LogSource source) {
        YamlNode.Mapping filter = entries(document, "filter");
        List<String> named = switch (RuleYaml.value(filter, "rules")) {
            case null -> throw new Broken(RuleYaml.line(filter), "the filter names no rules");
            case YamlNode.Scalar scalar -> List.of(scalar.text());
            default -> texts(filter, "rules");
        };
        List<String> rulesOf = named.size() == 1 && named.getFirst().equals("any") ? List.of() : named;
        if (named.isEmpty()) {
            throw new Broken(RuleYaml.line(filter, "rules"), "the filter names no rules");
        }
        return new Rule.Filter(info, source, rulesOf, condition(filter, Set.of("condition", "rules")));
    }

    private Rule correlation(YamlNode.Mapping document, RuleInfo info) {
        YamlNode.Mapping map = entries(document, "correlation");
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
            throw new Broken(RuleYaml.line(map, "type"), reason);
        }
        List<String> named =
                RuleYaml.value(map, "rules") instanceof YamlNode.Scalar one ? List.of(one.text()) : texts(map, "rules");
        if (named.isEmpty()) {
            throw new Broken(RuleYaml.line(map, "rules"), "the correlation names no rules");
        }
        List<String> groupBy = RuleYaml.value(map, "group-by") instanceof YamlNode.Scalar one
                ? List.of(one.text())
                : texts(map, "group-by");
        boolean generate = truth(map, "generate") || truth(document, "generate");
        return limited(map, info, type, named, groupBy, generate);
    }

    private Rule limited(
            YamlNode.Mapping map,
            RuleInfo info,
            Rule.Type type,
            List<String> named,
            List<String> groupBy,
            boolean gen) {
        boolean temporal = type == Rule.Type.TEMPORAL || type == Rule.Type.TEMPORAL_ORDERED;
        List<Rule.Limit> limits = new ArrayList<>();
        String field = null;
        double percentile = 50;
        Expr order = null;
        switch (RuleYaml.value(map, "condition")) {
            case null -> {
                if (!temporal) {
                    throw new Broken(RuleYaml.line(map), "the correlation has no condition");
                }
            }
            case YamlNode.Scalar scalar when temporal -> order = occurrences(scalar, named);
            case YamlNode.Mapping condition -> {
                for (YamlNode.Entry entry : condition.entries()) {
                    int line = RuleYaml.line(entry);
                    switch (entry.key()) {
                        case "field" -> field = text(condition, "field");
                        case "percentile" -> percentile = number(entry.value(), line);
                        default ->
                            limits.add(new Rule.Limit(comparison(entry.key(), line), number(entry.value(), line)));
                    }
                }
                if (limits.isEmpty()) {
                    throw new Broken(RuleYaml.line(condition), "the condition has no limit");
                }
            }
            case YamlNode other ->
                throw new Broken(RuleYaml.line(other), "the condition of the correlation is " + other.kind());
        }
        if (!temporal && type != Rule.Type.EVENT_COUNT && field == null) {
            throw new Broken(RuleYaml.line(map, "condition"), "the condition names no field");
        }
        return new Rule.Correlation(
                info, type, named, groupBy, timespan(map), limits, field, percentile, aliases(map), order, gen);
    }

    /** An extended condition over rule names: each is true where that rule occurred. */
    private static Expr occurrences(YamlNode.Scalar scalar, List<String> named) {
        Map<String, Expr> searches = new LinkedHashMap<>();
        named.forEach(name -> searches.put(name, new Expr.Field(name, new Test.Exists(true))));
        return Condition.parse(scalar.text(), searches, RuleYaml.line(scalar));
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

    private static double number(YamlNode node, int line) {
        double number = node instanceof YamlNode.Scalar scalar ? Test.number(scalar.text()) : Double.NaN;
        if (Double.isNaN(number)) {
            throw new Broken(line, "a limit of the condition is no number");
        }
        return number;
    }

    private static Duration timespan(YamlNode.Mapping map) {
        String text = text(map, "timespan");
        if (text == null) {
            text = text(map, "timeframe");
        }
        if (text == null) {
            throw new Broken(RuleYaml.line(map), "the correlation has no timespan");
        }
        if (!text.matches("[0-9]{1,9}[smhdwMy]")) {
            throw new Broken(
                    RuleYaml.line(map, "timespan"), "the timespan '" + text + "' is none such as 30s, 5m, 1h or 2d");
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
            throw new Broken(RuleYaml.line(map, "timespan"), "the timespan is nothing");
        }
        return span;
    }

    private static Map<String, Map<String, String>> aliases(YamlNode.Mapping map) {
        Map<String, Map<String, String>> aliases = new LinkedHashMap<>();
        YamlNode node = RuleYaml.value(map, "aliases");
        if (node == null) {
            return aliases;
        }
        if (!(node instanceof YamlNode.Mapping named)) {
            throw new Broken(RuleYaml.line(node), "aliases are " + node.kind() + ", not a map");
        }
        for (YamlNode.Entry alias : named.entries()) {
            if (!(alias.value() instanceof YamlNode.Mapping byRule)) {
                throw new Broken(
                        RuleYaml.line(alias.value()),
                        "the alias '" + alias.key() + "' is " + alias.value().kind() + ", not a map");
            }
            Map<String, String> one = new LinkedHashMap<>();
            for (YamlNode.Entry rule : byRule.entries()) {
                String field = text(rule.value(), rule.key());
                if (field != null) {
                    one.put(rule.key(), field);
                }
            }
            aliases.put(alias.key(), one);
        }
        return aliases;
    }

    private static boolean truth(YamlNode.Mapping map, String key) {
        return RuleYaml.value(map, key) instanceof YamlNode.Scalar scalar
                && Boolean.TRUE.equals(RuleYaml.truth(scalar));
    }

    private static YamlNode.Mapping entries(YamlNode.Mapping document, String key) {
        return switch (RuleYaml.value(document, key)) {
            case null -> throw new Broken(RuleYaml.line(document), "the rule has no " + key);
            case YamlNode.Mapping entries -> entries;
            case YamlNode other -> throw new Broken(RuleYaml.line(other), key + " is " + other.kind() + ", not a map");
        };
    }

    private static @Nullable String text(YamlNode.Mapping map, String key) {
        return text(RuleYaml.value(map, key), key);
    }

    private static @Nullable String text(@Nullable YamlNode value, String key) {
        return switch (value) {
            case null -> null;
            case YamlNode.Scalar scalar -> RuleYaml.isNull(scalar) ? null : scalar.text();
            case YamlNode other -> throw new Broken(RuleYaml.line(other), key + " is " + other.kind() + ", not text");
        };
    }

    private static List<String> texts(YamlNode.Mapping map, String key) {
        return switch (RuleYaml.value(map, key)) {
            case null -> List.of();
            case YamlNode.Scalar scalar when RuleYaml.isNull(scalar) -> List.of();
            case YamlNode.Sequence list -> {
                List<String> texts = new ArrayList<>();
                for (YamlNode item : list.items()) {
                    if (!(item instanceof YamlNode.Scalar scalar)) {
                        throw new Broken(RuleYaml.line(item), key + " holds " + item.kind());
                    }
                    texts.add(scalar.text());
                }
                yield texts;
            }
            case YamlNode other -> throw new Broken(RuleYaml.line(other), key + " is " + other.kind() + ", not a list");
        };
    }
}
