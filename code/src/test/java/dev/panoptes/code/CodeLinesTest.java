package dev.panoptes.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CodeLinesTest {
    @Test
    void blankLinesAndCommentsAreNoCode() {
        assertEquals(
                2,
                lines("# a\n\n  x = 1  # b\n\t# c\r\n   \r\ny = 2", Language.PYTHON)
                        .count());
        assertEquals(1, lines("#!/bin/sh\nexec node x.js\n", Language.SHELL).count());
        assertEquals(
                3,
                lines("/* a\n b */ f()\n// c\n/* d */\n/* e */ /* f\n*/ g()\n2 // i", Language.JAVASCRIPT)
                        .count());
        assertEquals(0, lines("", Language.GO).count());
        assertEquals(0, lines("/* never\nclosed\n", Language.JAVA).count());
    }

    @Test
    void whiteSpaceWithinALineDoesNotMatter() {
        assertEquals(
                lines("f( a, b )\r\n", Language.PYTHON).sketch(),
                lines("  f(a,b)\n", Language.PYTHON).sketch());
    }

    @Test
    void likenessIsTheShareOfCommonLines() {
        CodeLines hundred = numbered(0, 100);
        assertEquals(1.0, hundred.sketch().likeness(numbered(0, 100).sketch()));
        assertEquals(0.5, hundred.sketch().likeness(numbered(50, 150).sketch()));
        assertEquals(0.0, hundred.sketch().likeness(numbered(200, 300).sketch()));
        assertEquals(0.0, hundred.sketch().likeness(LineSketch.EMPTY));
    }

    @Test
    void largeBodiesAreComparedBySamples() {
        LineSketch large = numbered(0, 50_000).sketch();
        assertEquals(0.9, large.likeness(numbered(5_000, 55_000).sketch()), 0.08);
        assertTrue(large.toString().startsWith("256 "));
    }

    @Test
    void mergedPartsAreLikeTheWhole() {
        LineSketch parts = LineSketch.merged(List.of(
                numbered(0, 3_000).sketch(),
                numbered(2_000, 6_000).sketch(),
                numbered(0, 10).sketch()));
        assertEquals(1.0, parts.likeness(numbered(0, 6_000).sketch()));
        assertEquals(LineSketch.EMPTY, LineSketch.merged(List.of()));
    }

    private static CodeLines numbered(int from, int to) {
        return lines(
                IntStream.range(from, to).mapToObj(i -> "call(" + i + ")").collect(Collectors.joining("\n")),
                Language.PYTHON);
    }

    private static CodeLines lines(String text, Language language) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return CodeLines.of(bytes, bytes.length, language);
    }
}
