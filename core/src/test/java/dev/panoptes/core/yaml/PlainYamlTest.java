package dev.panoptes.core.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panoptes.core.ContentDigest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick reader gives what the parser gives, or nothing. */
class PlainYamlTest {
    private static final YamlReader.Limits LIMITS = YamlReader.Limits.DEFAULT;

    private static final List<String> SCALARS = List.of(
            "hermes",
            "http://hermes:8014",
            "'8014'",
            "\"a: b # c\"",
            "1.0",
            "~",
            "null",
            "-5",
            "--flag",
            "a b  c",
            "a:b",
            "a#b",
            "x, y",
            "'it is'",
            "''",
            "\"\"",
            "über",
            "{}",
            "[]",
            "{a: 1, b: 'x y'}",
            "[a, b c, \"d\"]",
            "{a: {b: [1, 2]}, c: http://x:80/y}",
            "<x>",
            "a]b",
            "yes");

    /** What only the parser reads, or what is wrong. */
    private static final List<String> OTHERS = List.of(
            "&a x",
            "*a",
            "!t x",
            "|\n   text",
            ">-\n   text",
            "'it''s'",
            "\"\\n\"",
            "a: b",
            "x\n      more",
            "{{ x }}",
            "{a}",
            "{a: }",
            "[a, ]",
            "[a: b]",
            "{\"a\":1}",
            "- x",
            "@x",
            "`x",
            "%x",
            "? x",
            "'open",
            "{open",
            "[a\n, b]",
            "a\tb",
            "x: y: z",
            ":x",
            "-",
            "😀");

    private static final List<String> KEYS = List.of(
            "agents", "name", "a b", "'quoted'", "\"double\"", "a-b_c.d", "8014", "true", "key", "http://x", "null");

    @Test
    void thousandsOfDocumentsReadTheSameAsByTheParser() {
        Random random = new Random(11);
        int plain = 0;
        for (int i = 0; i < 6_000; i++) {
            plain += sameAsTheParser(document(random, false)) ? 1 : 0;
        }
        assertTrue(plain > 2_500, "only " + plain + " of 6000 documents were read, of which half are wrong somewhere");
        for (int i = 0; i < 6_000; i++) {
            sameAsTheParser(document(random, true));
        }
    }

    @Test
    void damagedDocumentsAreLeftToTheParserOrReadTheSame() {
        Random random = new Random(12);
        String marks = " \n-:#,[]{}'\"&*!|>%@`?~.\t\r=<0aé\uFEFF\u2028";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(document(random, i % 3 == 0));
            for (int change = random.nextInt(4); change >= 0 && !text.isEmpty(); change--) {
                int at = random.nextInt(text.length());
                char mark = marks.charAt(random.nextInt(marks.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, mark);
                    case 1 -> text.insert(at, mark);
                    default -> text.deleteCharAt(at);
                }
            }
            sameAsTheParser(text.toString());
        }
    }

    /** True where the quick reader read it. */
    private static boolean sameAsTheParser(String text) {
        YamlNode quick = PlainYaml.read(text, LIMITS);
        if (quick == null) {
            return false;
        }
        YamlResult slow = new YamlComposer(text, LIMITS, new Problems("x")).compose(ContentDigest.known("digest"));
        assertEquals(new YamlResult.Parsed(ContentDigest.known("digest"), quick, List.of()), slow, text);
        return true;
    }

    private static String document(Random random, boolean others) {
        StringBuilder text = new StringBuilder(random.nextInt(5) == 0 ? "---\n" : "");
        collection(text, random, 0, 0, others);
        String whole = text.toString();
        return random.nextInt(6) == 0 ? whole.replace("\n", "\r\n") : whole;
    }

    private static void collection(StringBuilder text, Random random, int indent, int depth, boolean others) {
        boolean map = depth == 0 || random.nextInt(3) > 0;
        int size = 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            noise(text, random);
            text.append(" ".repeat(indent));
            if (map) {
                text.append(KEYS.get(random.nextInt(KEYS.size())));
                text.append(random.nextInt(9) == 0 ? "" : String.valueOf(i)).append(':');
                value(text, random, indent, depth, others);
            } else {
                text.append('-');
                item(text, random, indent, depth, others);
            }
        }
    }

    private static void item(StringBuilder text, Random random, int indent, int depth, boolean others) {
        if (random.nextInt(3) == 0) {
            text.append(" first: 1\n");
            collectionOfMap(text, random, indent + 2, others);
        } else {
            value(text, random, indent, depth, others);
        }
    }

    private static void collectionOfMap(StringBuilder text, Random random, int indent, boolean others) {
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append(" ".repeat(indent)).append("k").append(i).append(':');
            value(text, random, indent, 9, others);
        }
    }

    private static void value(StringBuilder text, Random random, int indent, int depth, boolean others) {
        int kind = random.nextInt(10);
        if (kind < 3 && depth < 4) {
            text.append(random.nextInt(4) == 0 ? "  # a comment" : "").append('\n');
            int deeper = random.nextInt(5) == 0 ? indent : indent + 1 + random.nextInt(3);
            collection(text, random, deeper, depth + 1, others);
        } else if (kind == 3) {
            text.append(random.nextBoolean() ? "\n" : "   \n");
        } else {
            List<String> from = others && random.nextInt(6) == 0 ? OTHERS : SCALARS;
            text.append(' ').append(" ".repeat(random.nextInt(2)));
            text.append(from.get(random.nextInt(from.size())));
            text.append(random.nextInt(6) == 0 ? " # it's {a: comment" : "");
            text.append(random.nextInt(40) == 0 ? "" : "\n");
        }
    }

    private static void noise(StringBuilder text, Random random) {
        switch (random.nextInt(12)) {
            case 0 -> text.append('\n');
            case 1 -> text.append(" ".repeat(random.nextInt(6))).append("# 'note: {\n");
            case 2 -> text.append("    \n");
            default -> {
                // nothing between most lines
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: 1",
                "a:",
                "a: # nothing\n",
                "---\na: {b: [c, 'd']}\n# end",
                "- a\n- b: 1\n  c: 2\n-\n- d",
                "a:\n- 1\n- 2\nb: x",
                "'a b': \"c d\"  # e"
            })
    void readsThePlainPart(String text) {
        assertNotNull(PlainYaml.read(text, LIMITS));
        assertTrue(sameAsTheParser(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "# only a comment",
                "a: &x 1",
                "a: *x",
                "<<: {a: 1}",
                "a: !env B",
                "a: |\n  text",
                "a: one\n  two",
                "a: 1\na: 2",
                "{a: 1, a: 2}",
                "a: 1\n---\nb: 2",
                "a: 1\n...",
                "\ta: 1",
                "a: 1\n b: 2",
                "a: {{ x }}",
                "%YAML 1.2\n---\na: 1",
                "- - a",
                "? a\n: b",
                "a: 😀"
            })
    void leavesTheRestToTheParser(String text) {
        assertNull(PlainYaml.read(text, LIMITS));
    }

    @Test
    void leavesWhatIsBeyondTheLimitsToTheParser() {
        YamlReader.Limits few = new YamlReader.Limits(1_000, 4, 2, 1_000);
        assertNotNull(PlainYaml.read("a: [b]", few));
        assertNull(PlainYaml.read("a: [b, c]", few));
        assertNull(PlainYaml.read("a: [[]]", new YamlReader.Limits(1_000, 99, 2, 1_000)));
        assertNull(PlainYaml.read("a".repeat(1_001) + ": 1", LIMITS));
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            keys.append("k").append(i).append(": v\n");
        }
        assertNotNull(PlainYaml.read(keys.toString(), LIMITS));
        assertNull(PlainYaml.read(keys + "k19: v\n", LIMITS));
    }

    @Test
    void damagedBytesAreToldAlsoInAPlainDocument() {
        byte[] bytes = "a: x\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        bytes[3] = (byte) 0xFF;
        YamlResult.Parsed parsed = (YamlResult.Parsed) new YamlReader().parse(bytes, "f.yaml");
        assertEquals(
                List.of(
                        "f.yaml:1:4: is not valid UTF-8 from here on; unreadable characters were replaced; save it as UTF-8"
                                + " (invalid-encoding)"),
                parsed.problems().stream().map(Problem::text).toList());
    }
}
