package dev.panoptes.detection.sigma;

import dev.panoptes.core.yaml.YamlDocuments;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the YAML of rules, cases and placeholders, and tells what a value without quotes means in a rule (YAML 1.2 core
 * schema, 10.3.2, and the words of YAML 1.1 for true and false).
 */
final class RuleYaml {
    /** A rule is small; what aliases expand to counts. */
    private static final YamlReader READER = new YamlReader(new YamlReader.Limits(8 << 20, 200_000, 40, 100_000));

    private static final Pattern NUMBER = Pattern.compile("[-+]?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private RuleYaml() {}

    /**
     * @param roots of every document that has content; none where there is a problem: a rule of which a part was not
     *     understood might accuse wrongly
     */
    record Read(List<YamlNode> roots, List<Problem> problems) {
        Read {
            roots = List.copyOf(roots);
            problems = List.copyOf(problems);
        }
    }

    /** @param file as problems name it */
    static Read read(String file, String text) {
        return switch (READER.parseAll(text, file)) {
            case YamlDocuments.Broken(var problems) -> refused(problems);
            case YamlDocuments.Parsed(var roots, var problems) -> {
                if (!problems.isEmpty()) {
                    yield refused(problems);
                }
                YamlNode.Scalar template = text.contains("{{") ? template(roots) : null;
                if (template != null) {
                    String reason = "stands for a template's value: give its rendered result";
                    yield new Read(List.of(), List.of(new Problem(file, line(template), reason)));
                }
                yield new Read(roots, List.of());
            }
        };
    }

    private static Read refused(List<dev.panoptes.core.yaml.Problem> problems) {
        return new Read(
                List.of(),
                problems.stream()
                        .map(problem -> new Problem(
                                problem.file(), Math.max(1, problem.location().line()), reason(problem)))
                        .toList());
    }

    private static String reason(dev.panoptes.core.yaml.Problem problem) {
        String message = problem.message();
        return switch (problem.code()) {
            case "yaml-syntax" -> "is no YAML: " + message;
            case "duplicate-key", "wrong-type", "cyclic-anchor" -> {
                // Behind the last semicolon stands how the reader went on, and rules are not read on.
                int end = message.lastIndexOf("; ");
                yield end < 0 ? message : message.substring(0, end);
            }
            default -> message;
        };
    }

    /** The reader takes {@code {{ name }}} without quotes for a text; no other text without quotes begins like that. */
    private static YamlNode.@Nullable Scalar template(List<YamlNode> nodes) {
        for (YamlNode node : nodes) {
            YamlNode.Scalar found = switch (node) {
                case YamlNode.Scalar scalar -> scalar.plain() && scalar.text().startsWith("{{") ? scalar : null;
                case YamlNode.Sequence list -> template(list.items());
                case YamlNode.Mapping map ->
                    template(map.entries().stream().map(YamlNode.Entry::value).toList());
                case YamlNode.Elsewhere _ -> null;
            };
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    static int line(YamlNode node) {
        return node.location().line();
    }

    static int line(YamlNode.Entry entry) {
        return entry.location().line();
    }

    /** The line of a key; that of the map where it lacks the key. */
    static int line(YamlNode.Mapping map, String key) {
        return map.find(key).map(RuleYaml::line).orElse(line(map));
    }

    /** Null where the map lacks the key. */
    static @Nullable YamlNode value(YamlNode.Mapping map, String key) {
        return map.find(key).map(YamlNode.Entry::value).orElse(null);
    }

    static boolean isNull(YamlNode.Scalar scalar) {
        return scalar.plain()
                && switch (scalar.text()) {
                    case "", "~", "null", "Null", "NULL" -> true;
                    default -> false;
                };
    }

    /** Null where it is neither true nor false. */
    static @Nullable Boolean truth(YamlNode.Scalar scalar) {
        if (!scalar.plain()) {
            return null;
        }
        return switch (scalar.text()) {
            case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON" -> Boolean.TRUE;
            case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF" -> Boolean.FALSE;
            default -> null;
        };
    }

    static boolean isNumber(YamlNode.Scalar scalar) {
        return scalar.plain() && NUMBER.matcher(scalar.text()).matches();
    }
}
