package dev.panoptes.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinesTest {
    @Test
    void everySystemsEndsOfLinesPartAText() {
        assertThat(Lines.of("a\r\nb\nc\rd")).containsExactly("a", "b", "c", "d");
        assertThat(Lines.of("a\n\n")).containsExactly("a", "", "");
        assertThat(Lines.of("\n\r")).containsExactly("", "", "");
        assertThat(Lines.of("")).containsExactly("");
    }
}
