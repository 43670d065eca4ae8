package dev.panoptes.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PhrasesTest {
    private static final List<String> ALL = List.of("ab", "abc", "b-", "static", "x{y", "aab");
    private final Phrases phrases = new Phrases(ALL);

    @Test
    void findsWhatStandsAnywhere() {
        assertThat(phrases.in("static")).isTrue();
        assertThat(phrases.in("é ist stati, nicht static")).isTrue();
        assertThat(phrases.in("…ab")).isTrue();
        assertThat(phrases.in("stati")).isFalse();
        assertThat(phrases.in("")).isFalse();
        assertThat(phrases.in("a")).isFalse();
        assertThat(phrases.in("a\u0301b")).isFalse();
    }

    @Test
    void saysWhatContainsSays() {
        SplittableRandom random = new SplittableRandom(5);
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int at = random.nextInt(8); at > 0; at--) {
                text.append("abcx{y-sté€\uD83D\uDE00\uD800".charAt(random.nextInt(14)));
            }
            boolean expected = ALL.stream().anyMatch(text.toString()::contains);
            assertThat(phrases.in(text.toString())).as(text.toString()).isEqualTo(expected);
            found += expected ? 1 : 0;
        }
        assertThat(found).isBetween(500, 19_500);
    }

    @Test
    void ofOneCharacterIsRefused() {
        assertThatThrownBy(() -> new Phrases(List.of("a"))).isInstanceOf(IllegalArgumentException.class);
    }
}
