package dev.panoptes.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.http.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
    /** Of test.c of the reference implementation, argon2id, version 19, one lane. */
    @ParameterizedTest
    @CsvSource({
        "256, 2, 9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
        "65536, 2, 09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
    })
    void argon2idIsThatOfTheReferenceImplementation(int memoryKib, int passes, String expected) {
        byte[] hash = new Argon2id().hash(bytes("password"), bytes("somesalt"), memoryKib, passes, 32);
        assertThat(HexFormat.of().formatHex(hash)).isEqualTo(expected);
    }

    /** What Password4j 1.8.4 made of passwords, which is what earlier versions of the server stored. */
    private static final String[][] STORED = {
        {"", "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQx$m13XGg"},
        {"password", "$argon2id$v=19$m=16,t=3,p=1$c29tZXNhbHQy$kDbBGSVfrkZiQBhTytyWRg"},
        {
            "correct horse battery staple",
            "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQz$mKbEQnPmNqTgg+Jo5VQ+aTWf6XfBgFzxqmFZXIczgYI"
        },
        {"pässwörd ☃", "$argon2id$v=19$m=67,t=2,p=1$c29tZXNhbHQ0$4mvthMx6cAQzd0Q3qSMUVShDv5GzlDyLQvmbznXcTlM"},
        {
            "x".repeat(256),
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ1$xIcd/T/mlAUEffXAu/3mHi1LRXB+7farf44WmO/eYJD/DlEpYme4pNA/"
                    + "Ic/ajwBLiiD2vrUENN169JSqIHuRcQ"
        },
        {
            "",
            "$argon2id$v=19$m=1024,t=4,p=1$c29tZXNhbHQ2$hJ+UldLHk100j9fqpMarLd92RcglI3dBS4KCwbPOO5Wwk8rPHyhg75P7sl"
                    + "unVUC0hzIBDGeyNIzQJtZiWJ6iM84"
        },
        {"password", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ3$7kZ1esjH3qE3wT9PYbHrbid1EAiWTDO53ZEBgHxLayg"},
        {
            "correct horse battery staple",
            "$argon2id$v=19$m=7168,t=5,p=1$c29tZXNhbHQ4$Ga5nfrKZ2Lw1moNNZ+vnuhr1N8Xmw8vCkBNd153EXu/XxkT2jeIhW2iRoJtg"
                    + "Cmg/MZijQwj3HJUIWS9C5cmyzWNXjk+KwcqzQPPd9fzf4PywU9sTAA5E6DZtnUl7FFMlC88+hVWzQolh22UeXT9a3J4YzWG"
                    + "n2LdalSkLmdHEYOo"
        }
    };

    @Test
    void whatEarlierVersionsStoredStillMatches() throws InterruptedException {
        try (Passwords passwords = new Passwords();
                Passwords.Place place = passwords.place()) {
            // Twice, since the memory is used again, with other sizes in between.
            for (int i = 0; i < 2; i++) {
                for (String[] each : STORED) {
                    assertThat(place.matches(each[0], each[1])).as(each[1]).isTrue();
                    assertThat(place.matches(each[0] + "x", each[1]))
                            .as(each[1])
                            .isFalse();
                    assertThat(PasswordHash.parse(each[1]).text()).isEqualTo(each[1]);
                }
            }
        }
    }

    @Test
    void aHashIsOfThisPasswordOnlyAndNeverTheSameTwice() throws InterruptedException {
        try (Passwords passwords = new Passwords();
                Passwords.Place place = passwords.place()) {
            String one = place.hash("a password of mine");
            String other = place.hash("a password of mine");
            assertThat(one).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(other);
            assertThat(place.matches("a password of mine", one)).isTrue();
            assertThat(place.matches("a password of Mine", one)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "$2b$12$abcdefghijklmnopqrstuv",
                "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQx$m13XGg",
                "$argon2id$v=19$m=8,t=1,p=4$c29tZXNhbHQx$m13XGg",
                "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQx"
            })
    void whatWasNeverWrittenIsADefectAndNoWrongPassword(String stored) {
        try (Passwords passwords = new Passwords();
                Passwords.Place place = passwords.place()) {
            assertThatThrownBy(() -> place.matches("password", stored)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whoeverFindsNoPlaceIsToComeBackAndAPlaceGivenBackIsFree() {
        try (Passwords passwords = new Passwords()) {
            List<Passwords.Place> taken = new ArrayList<>();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            taken.add(passwords.place());
                        }
                    })
                    .isInstanceOf(ProblemException.class);
            assertThat(taken).hasSizeBetween(17, 20);
            taken.getFirst().close();
            passwords.place().close();
        }
    }

    @Test
    void othersComeBeforeIt() throws IOException, InterruptedException {
        try (Passwords passwords = new Passwords()) {
            passwords.hash("whatever it is");
            List<Integer> niceness = new ArrayList<>();
            try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
                for (Path thread : threads.toList()) {
                    String[] stat = Files.readString(thread.resolve("stat")).split("\\) ", 2);
                    if (stat[0].endsWith("(argon2")) {
                        // proc_pid_stat(5): nice is field 19, state, after the name, is field 3.
                        niceness.add(Integer.parseInt(stat[1].split(" ")[16]));
                    }
                }
            }
            assertThat(niceness).isNotEmpty().allMatch(nice -> nice >= 10);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
