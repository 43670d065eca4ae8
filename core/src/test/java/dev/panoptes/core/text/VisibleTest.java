package dev.panoptes.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class VisibleTest {
    @Test
    void whatSteersIsShown() {
        assertThat(Visible.of("a\u001b[0m\u202eb\u2028\u200b\ud800c\u0085"))
                .isEqualTo("a\\u{1b}[0m\\u{202e}b\\u{2028}\\u{200b}\\u{d800}c\\u{85}");
        assertThat(Visible.of("a\nb\tc\rd")).isEqualTo("a b c d");
    }

    @Test
    void whatIsSeenStays() {
        String text = "Größe 25 % \u2013 \ud83d\ude00 <b> \"q\"";

        assertThat(Visible.of(text)).isSameAs(text);
    }
}
