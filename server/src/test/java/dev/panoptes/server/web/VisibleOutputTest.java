package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import gg.jte.output.StringOutput;
import org.junit.jupiter.api.Test;

final class VisibleOutputTest {
    private static String written(String value) {
        StringOutput text = new StringOutput();
        VisibleOutput output = new VisibleOutput(text);
        output.setContext("td", null);
        output.writeUserContent(value);
        return text.toString();
    }

    @Test
    void marksOfDirectionAndControlsAreShown() {
        assertThat(written("a\u202eb\u2066c\u009b31m\u001b[2J\0<b>"))
                .isEqualTo("a\\u{202e}b\\u{2066}c\\u{9b}31m\\u{1b}[2J\\u{0}&lt;b&gt;");
    }

    @Test
    void linesTabsJoinersAndOtherScriptsStayAsTheyAre() {
        String text = "one\ntwo\tthree\r\n\u0633\u0644\u0627\u0645 \ud83d\udc68\u200d\ud83d\udcbb \u00fc";
        assertThat(written(text)).isEqualTo(text);
    }
}
