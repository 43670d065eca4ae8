package dev.panoptes.detection.sigma;

import com.google.re2j.Pattern;
import dev.panoptes.core.yaml.YamlNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns a field with its modifiers and values into what is asked of an event. */
final class Values {
    private static final Set<String> KNOWN = Set.of(
            "contains",
            "startswith",
            "endswith",
            "all",
            "re",
            "i",
            "m",
            "s",
            "cidr",
            "base64",
            "base64offset",
            "utf16",
            "utf16le",
            "utf16be",
            "wide",
            "windash",
            "exists",
            "cased",
            "neq",
            "lt",
            "lte",
            "gt",
            "gte",
            "expand",
            "fieldref",
            "minute",
            "hour",
            "day",
            "week",
            "month",
            "year");
    private static final int MOST_EXPANDED = 10_000;
    private static final int LONGEST = 16_384;

    private final Map<String, List<String>> placeholders;

    Values(Map<String, List<String>> placeholders) {
        this.placeholders = placeholders;
    }

    /** @param key a field's name and its modifiers, divided by bars; an empty name for keywords */
    Expr expression(String key, YamlNode value, int line) {
        String[] parts = key.split("\\|", -1);
        List<String> modifiers = List.of(parts).subList(1, parts.length);
        for (String modifier : modifiers) {
            if (!KNOWN.contains(modifier)) {
                throw new Broken(
                        line,
                        "the modifier '" + modifier + "' is unknown; there are "
                                + KNOWN.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
        return new Reading(parts[0], modifiers, line).expression(value);
    }

    /** A keyword without modifiers. */
    Expr keyword(YamlNode.Scalar value) {
        return new Reading("", List.of(), RuleYaml.line(value)).expression(value);
    }

    private final class Reading {
        private final String field;
        private final List<String> modifiers;
        private final int line;

        Reading(String field, List<String> modifiers, int line) {
            this.field = field;
            this.modifiers = modifiers;
            this.line = line;
        }

        private boolean has(String modifier) {
            return modifiers.contains(modifier);
        }

        Expr expression(YamlNode value) {
            List<YamlNode> nodes = value instanceof YamlNode.Sequence list ? list.items() : List.of(value);
            if (nodes.isEmpty()) {
                throw new Broken(line, "the list of values is empty");
            }
            List<Expr> alternatives = new ArrayList<>();
            List<Glob.Compiled> globs = new ArrayList<>();
            boolean all = has("all");
            for (YamlNode node : nodes) {
                if (!(node instanceof YamlNode.Scalar scalar)) {
                    throw new Broken(RuleYaml.line(node), "a value is " + node.kind());
                }
                List<Test> tests = tests(scalar);
                if (all) {
                    alternatives.add(merged(tests));
                } else {
                    for (Test test : tests) {
                        if (test instanceof Test.Text text) {
                            globs.addAll(text.globs());
                        } else {
                            alternatives.add(of(test));
                        }
                    }
                }
            }
            if (!globs.isEmpty()) {
                alternatives.addFirst(of(new Test.Text(globs)));
            }
            Expr whole = all ? Expr.and(alternatives) : Expr.or(alternatives);
            return has("neq") ? new Expr.Not(whole) : whole;
        }

        private Expr merged(List<Test> tests) {
            return Expr.or(tests.stream().map(this::of).toList());
        }

        private Expr of(Test test) {
            if (!field.isEmpty()) {
                return new Expr.Field(field, test);
            }
            return switch (test) {
                case Test.Text _, Test.Matches _, Test.Equal _, Test.Truth _ -> new Expr.Keyword(test);
                default -> throw new Broken(line, "this modifier needs a field");
            };
        }

        private List<Test> tests(YamlNode.Scalar scalar) {
            if (has("exists")) {
                Boolean wanted = RuleYaml.truth(scalar);
                if (wanted == null) {
                    wanted = switch (scalar.text().toLowerCase(Locale.ROOT)) {
                        case "true" -> Boolean.TRUE;
                        case "false" -> Boolean.FALSE;
                        default -> throw new Broken(RuleYaml.line(scalar), "exists needs true or false");
                    };
                }
                return List.of(new Test.Exists(wanted));
            }
            Test.Part part = part();
            Test.Comparison comparison = comparison();
            if (part != null) {
                Test.Comparison how = comparison == null ? Test.Comparison.EQ : comparison;
                return List.of(new Test.TimePart(part, how, number(scalar)));
            }
            if (comparison != null) {
                return List.of(new Test.Compared(comparison, number(scalar)));
            }
            if (RuleYaml.isNull(scalar)) {
                if (field.isEmpty()) {
                    throw new Broken(RuleYaml.line(scalar), "a keyword is null");
                }
                return List.of(new Test.Absent());
            }
            if (has("fieldref")) {
                return List.of(new Test.SameAs(scalar.text(), place(), has("cased")));
            }
            if (has("cidr")) {
                return expanded(scalar).stream()
                        .map(glob -> network(glob, RuleYaml.line(scalar)))
                        .toList();
            }
            if (has("re")) {
                return has("expand")
                        ? expanded(scalar.text(), RuleYaml.line(scalar)).stream()
                                .map(text -> (Test) regex(text, RuleYaml.line(scalar)))
                                .toList()
                        : List.of(regex(scalar.text(), RuleYaml.line(scalar)));
            }
            return plain(scalar);
        }

        private List<Test> plain(YamlNode.Scalar scalar) {
            boolean shaped = !modifiers.stream().allMatch(Set.of("all", "neq", "cased")::contains);
            if (!shaped && !field.isEmpty()) {
                if (RuleYaml.isNumber(scalar)) {
                    return List.of(new Test.Equal(Double.parseDouble(scalar.text()), scalar.text()));
                }
                Boolean truth = RuleYaml.truth(scalar);
                if (truth != null && !scalar.text().toLowerCase(Locale.ROOT).matches("yes|no|on|off")) {
                    return List.of(new Test.Truth(truth));
                }
            }
            if (scalar.text().length() > LONGEST) {
                throw new Broken(RuleYaml.line(scalar), "a value is longer than " + LONGEST + " characters");
            }
            List<Glob.Compiled> globs = new ArrayList<>();
            for (Glob glob : shaped(scalar)) {
                // Keywords are looked for in a whole message.
                Glob wanted = field.isEmpty() ? glob.contains() : glob;
                globs.add(wanted.compiled(has("cased")));
            }
            return List.of(new Test.Text(globs));
        }

        /** The modifiers that change text, in the order in which they stand. */
        private List<Glob> shaped(YamlNode.Scalar scalar) {
            List<Glob> globs = List.of(Glob.parse(scalar.text()));
            byte @Nullable [] bytes = null;
            for (String modifier : modifiers) {
                switch (modifier) {
                    case "expand" -> globs = expanded(scalar);
                    case "contains" ->
                        globs = globs.stream().map(Glob::contains).toList();
                    case "startswith" ->
                        globs = globs.stream().map(Glob::startsWith).toList();
                    case "endswith" ->
                        globs = globs.stream().map(Glob::endsWith).toList();
                    case "windash" -> globs = globs.stream().map(Glob::windash).toList();
                    case "wide", "utf16le" -> {
                        bytes = bytes(globs, scalar, StandardCharsets.UTF_16LE);
                        globs = List.of(latin(bytes));
                    }
                    case "utf16be" -> {
                        bytes = bytes(globs, scalar, StandardCharsets.UTF_16BE);
                        globs = List.of(latin(bytes));
                    }
                    case "utf16" -> {
                        byte[] text = bytes(globs, scalar, StandardCharsets.UTF_16LE);
                        bytes = new byte[text.length + 2];
                        bytes[0] = (byte) 0xff;
                        bytes[1] = (byte) 0xfe;
                        System.arraycopy(text, 0, bytes, 2, text.length);
                        globs = List.of(latin(bytes));
                    }
                    case "base64" -> {
                        byte[] raw = bytes == null ? bytes(globs, scalar, StandardCharsets.UTF_8) : bytes;
                        bytes = Base64.getEncoder().encode(raw);
                        globs = List.of(latin(bytes));
                    }
                    case "base64offset" -> {
                        globs = offsets(bytes == null ? bytes(globs, scalar, StandardCharsets.UTF_8) : bytes);
                        bytes = null;
                    }
                    default -> {}
                }
            }
            return globs;
        }

        private byte[] bytes(List<Glob> globs, YamlNode.Scalar scalar, Charset charset) {
            if (globs.size() != 1 || !globs.getFirst().plain()) {
                throw new Broken(RuleYaml.line(scalar), "a value with wildcards cannot be encoded");
            }
            return globs.getFirst().text().getBytes(charset);
        }

        private List<Glob> expanded(YamlNode.Scalar scalar) {
            if (!has("expand")) {
                return List.of(Glob.parse(scalar.text()));
            }
            return expanded(scalar.text(), RuleYaml.line(scalar)).stream()
                    .map(Glob::parse)
                    .toList();
        }

        private List<String> expanded(String text, int at) {
            List<String> done = List.of("");
            int from = 0;
            for (int open = text.indexOf('%'); open >= 0; open = text.indexOf('%', from)) {
                int close = text.indexOf('%', open + 1);
                if (close < 0) {
                    break;
                }
                String name = text.substring(open + 1, close);
                List<String> values = placeholders.get(name);
                if (values == null) {
                    throw new Broken(at, "the placeholder '" + name + "' has no values in placeholders.yml");
                }
                if ((long) done.size() * values.size() > MOST_EXPANDED) {
                    throw new Broken(at, "the placeholders stand for more than " + MOST_EXPANDED + " values");
                }
                String before = text.substring(from, open);
                done = done.stream()
                        .flatMap(start -> values.stream().map(value -> start + before + value))
                        .toList();
                from = close + 1;
            }
            String rest = text.substring(from);
            return done.stream().map(start -> start + rest).toList();
        }

        private Test network(Glob glob, int at) {
            Network network = Network.parse(glob.text());
            if (network == null) {
                throw new Broken(at, "'" + glob.text() + "' is no network");
            }
            return new Test.Within(network);
        }

        private Test.Matches regex(String text, int at) {
            int flags = 0;
            flags |= has("i") ? Pattern.CASE_INSENSITIVE : 0;
            flags |= has("m") ? Pattern.MULTILINE : 0;
            flags |= has("s") ? Pattern.DOTALL : 0;
            return new Test.Matches(new Expression(Regex.compile(text, flags, at)));
        }

        private Test.Place place() {
            if (has("contains")) {
                return Test.Place.ANYWHERE;
            }
            return has("startswith") ? Test.Place.START : has("endswith") ? Test.Place.END : Test.Place.WHOLE;
        }

        private Test.@Nullable Part part() {
            for (Test.Part part : Test.Part.values()) {
                if (has(part.name().toLowerCase(Locale.ROOT))) {
                    return part;
                }
            }
            return null;
        }

        private Test.@Nullable Comparison comparison() {
            for (String modifier : modifiers) {
                switch (modifier) {
                    case "lt" -> {
                        return Test.Comparison.LT;
                    }
                    case "lte" -> {
                        return Test.Comparison.LTE;
                    }
                    case "gt" -> {
                        return Test.Comparison.GT;
                    }
                    case "gte" -> {
                        return Test.Comparison.GTE;
                    }
                    default -> {}
                }
            }
            return null;
        }

        private double number(YamlNode.Scalar scalar) {
            double number = Test.number(scalar.text());
            if (Double.isNaN(number)) {
                throw new Broken(RuleYaml.line(scalar), "'" + scalar.text() + "' is no number");
            }
            return number;
        }
    }

    private static Glob latin(byte[] bytes) {
        return Glob.literal(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** What stays the same of the encoded text whatever stands before and after it, for each of the three positions. */
    private static List<Glob> offsets(byte[] bytes) {
        int[] starts = {0, 2, 3};
        int[] ends = {0, 3, 2};
        List<Glob> globs = new ArrayList<>();
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[bytes.length + offset];
            System.arraycopy(bytes, 0, shifted, offset, bytes.length);
            String encoded = Base64.getEncoder().encodeToString(shifted);
            int end = encoded.length() - ends[shifted.length % 3];
            globs.add(Glob.literal(encoded.substring(Math.min(starts[offset], end), end)));
        }
        return globs;
    }
}
