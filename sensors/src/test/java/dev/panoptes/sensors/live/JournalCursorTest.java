package dev.panoptes.sensors.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JournalCursorTest {
    private static JournalCursor cursor(String counter, String number) {
        return JournalCursor.of(
                "s=" + counter + ";i=" + number + ";b=d161c3;m=9a31a4fd;t=661836a6a5cab;x=36eed6f7f809b6d8");
    }

    @Test
    void countsWhatLiesBetweenTwoEntriesWhateverFilesTheyStandIn() {
        assertThat(cursor("a", "11").missingSince(cursor("a", "f"))).isEqualTo(1);
        assertThat(cursor("b", "10").missingSince(cursor("a", "f"))).isZero();
        assertThat(cursor("a", "f").missingSince(cursor("a", "10"))).isEqualTo(-1);
        assertThat(cursor("a", "f").missingSince(null)).isEqualTo(-1);
    }

    @Test
    void knowsNothingOfCursorsOfAnotherForm() {
        assertThat(JournalCursor.of("anything").missingSince(cursor("a", "1"))).isEqualTo(-1);
        assertThat(cursor("a", "not-a-number").missingSince(cursor("a", "1"))).isEqualTo(-1);
        assertThat(cursor("a", "").number()).isEqualTo(-1);
    }
}
