package dev.panoptes.integrity.declared;

import dev.panoptes.code.CodeLines;
import dev.panoptes.code.Language;
import dev.panoptes.code.LineSketch;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Line sketches for tests. */
public final class Sketches {
    private Sketches() {}

    /** Of {@code to - from} lines that differ from one another; the same numbers give the same lines. */
    public static LineSketch lines(int from, int to) {
        byte[] text = IntStream.range(from, to)
                .mapToObj(i -> "call(" + i + ")")
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
        return CodeLines.of(text, text.length, Language.PYTHON).sketch();
    }
}
