package dev.panoptes.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What was added is always found again; what was not is mostly told apart. */
class EventGramsTest {
    private static boolean mayHave(byte[] filter, Collection<Integer> grams) {
        int mask = filter.length * 8 - 1;
        return grams.stream().allMatch(gram -> (filter[(gram & mask) >> 3] >> (gram & 7) & 1) == 1);
    }

    private static byte[] of(String text) {
        EventGrams grams = new EventGrams();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        grams.add(bytes, 0, bytes.length);
        return grams.take();
    }

    @Test
    void everyPieceOfATextIsThereInAnyCase() {
        String text = "{\"process\":{\"command_line\":\"/usr/bin/Curl -o /tmp/Größe.sh https://EXAMPLE.com/K\"}}";
        byte[] filter = of(text);
        for (int from = 0; from < text.length(); from++) {
            for (int to = from + 1; to <= text.length(); to++) {
                String piece = text.substring(from, to);
                assertThat(mayHave(filter, EventGrams.of(piece))).as(piece).isTrue();
                assertThat(mayHave(
                                filter,
                                EventGrams.of(
                                        piece.toUpperCase(java.util.Locale.ROOT).replace("SS", "ß"))))
                        .as(piece)
                        .isTrue();
            }
        }
        assertThat(mayHave(filter, EventGrams.of("wget"))).isFalse();
    }

    @Test
    void whatIsTooShortToTellIsEverywhere() {
        assertThat(EventGrams.of("abc")).isEmpty();
        assertThat(EventGrams.of("")).isEmpty();
        assertThat(EventGrams.of("äöüß")).isEmpty();
    }

    @Test
    void aColumnIsFoundWholeAndByItsEnd() {
        EventGrams grams = new EventGrams();
        grams.add("login", "jo", "/usr/sbin/sshd", List.of("::1"));
        byte[] filter = grams.take();
        assertThat(mayHave(filter, EventGrams.Column.USER.of("jo"))).isTrue();
        assertThat(mayHave(filter, EventGrams.Column.USER.of("j"))).isFalse();
        assertThat(mayHave(filter, EventGrams.Column.IP.of("jo"))).isFalse();
        assertThat(mayHave(filter, EventGrams.Column.IP.of("::1"))).isTrue();
        assertThat(mayHave(filter, EventGrams.Column.ending("sshd"))).isTrue();
        assertThat(mayHave(filter, EventGrams.Column.ending("/usr/sbin/sshd"))).isTrue();
        assertThat(mayHave(filter, EventGrams.Column.ending("sbin"))).isFalse();
        // Taken: the next one begins empty.
        assertThat(mayHave(grams.take(), EventGrams.Column.USER.of("jo"))).isFalse();
    }

    @Test
    void aFilterIsAsLargeAsWhatIsInIt() {
        assertThat(of("x").length).isEqualTo(1_024);
        Random random = new Random(4);
        String noise =
                random.ints(200_000, 32, 127).mapToObj(Character::toString).collect(Collectors.joining());
        byte[] large = of(noise);
        assertThat(large.length).isEqualTo(65_536);
        assertThat(mayHave(large, EventGrams.of(noise.substring(1_000, 1_020)))).isTrue();
    }
}
