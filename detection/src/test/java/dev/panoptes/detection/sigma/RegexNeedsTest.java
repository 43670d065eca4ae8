package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an expression needs is never more than it does need: else a rule would not be tried where it matches. */
class RegexNeedsTest {
    @Test
    void literalsThatEveryMatchHas() {
        assertThat(RegexNeeds.of("\\bcat\\s+/etc/passwd$")).isEqualTo(Set.of("/etc/passwd"));
        assertThat(RegexNeeds.of("(?i)(Nmap|masscan).*")).isEqualTo(Set.of("nmap", "masscan"));
        assertThat(RegexNeeds.of("abc|de+f")).isEqualTo(Set.of("abc", "de"));
        assertThat(RegexNeeds.of("a{2}bcd[^]x]q")).isEqualTo(Set.of("bcd"));
    }

    @Test
    void whatMayBeAbsentIsNotNeeded() {
        assertThat(RegexNeeds.of("abcd?")).isEqualTo(Set.of("abc"));
        assertThat(RegexNeeds.of("(abcd)*ef")).isEqualTo(Set.of("ef"));
        assertThat(RegexNeeds.of("(abcd){0,3}ef")).isEqualTo(Set.of("ef"));
        assertThat(RegexNeeds.of("abcd|.*")).isNull();
        assertThat(RegexNeeds.of("abcd|")).isNull();
        assertThat(RegexNeeds.of("[abcd]+")).isNull();
    }

    @Test
    void whatIsNotKnownSaysNothing() {
        assertThat(RegexNeeds.of("abcd\\x41")).isNull();
        assertThat(RegexNeeds.of("abcd(?i)ef")).isNull();
        assertThat(RegexNeeds.of("abcd(?P<n>ef)")).isNull();
        assertThat(RegexNeeds.of("abcd[[:alpha:]]")).isNull();
        assertThat(RegexNeeds.of("abcd\\Qe\\E")).isNull();
        assertThat(RegexNeeds.of("abcd)")).isNull();
    }
}
