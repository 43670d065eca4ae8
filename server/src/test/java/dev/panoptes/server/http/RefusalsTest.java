package dev.panoptes.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who tries out tokens, and what that costs the database. */
class RefusalsTest {
    private static final Problem WRONG = Problem.of(ErrorCode.AUTHENTICATION_ERROR, "unknown");

    private final Refusals refusals = new Refusals(true);

    private void guess(String address, int times) {
        for (int i = 0; i < times; i++) {
            try (Refusals.Look look = refusals.look(address, address + i).orElseThrow()) {
                look.wrong(WRONG);
            }
        }
    }

    @Test
    void ofManyThatComeAtOnceFromWhereSomebodyGuessesFewAreLookedAt() {
        guess("a", 6);
        List<Refusals.Look> together = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            refusals.look("a", "another" + i).ifPresent(together::add);
        }
        assertThat(together).isNotEmpty().hasSizeLessThan(12);
        together.forEach(Refusals.Look::close);
    }

    @Test
    void manyAddressesTogetherGetFewLooks() {
        int looks = 0;
        for (int address = 0; address < 100; address++) {
            guess("a" + address, 6);
            for (int i = 0; i < 5; i++) {
                Optional<Refusals.Look> look = refusals.look("a" + address, "another" + i + "of" + address);
                if (look.isPresent()) {
                    looks++;
                    look.get().wrong(WRONG);
                    look.get().close();
                }
            }
        }
        assertThat(looks).as("of 500").isBetween(1, 150);
    }

    @Test
    void theSameWrongTokenIsKnownAsWrongFromEverywhere() {
        try (Refusals.Look look = refusals.look("a", "old").orElseThrow()) {
            assertThat(look.refusedBefore()).isEmpty();
            look.wrong(WRONG);
        }
        try (Refusals.Look look = refusals.look("b", "old").orElseThrow()) {
            assertThat(look.refusedBefore()).contains(WRONG);
        }
        try (Refusals.Look look = refusals.look("b", "new").orElseThrow()) {
            assertThat(look.refusedBefore()).isEmpty();
        }
    }

    @Test
    void whatWasNotWrongCostsNothing() {
        guess("a", 6);
        for (int i = 0; i < 200; i++) {
            try (Refusals.Look look = refusals.look("a", "right" + i).orElseThrow()) {
                look.right();
            }
        }
        assertThat(refusals.look("a", "while the database was away")).isPresent();
    }

    @Test
    void aTokenThatWasRightIsLookedAtUntilItIsWrong() {
        try (Refusals.Look look = refusals.look("a", "right").orElseThrow()) {
            look.right();
        }
        exhaust("a");
        try (Refusals.Look look = refusals.look("a", "right").orElseThrow()) {
            look.wrong(WRONG);
        }
        assertThat(refusals.look("a", "right")).as("it was revoked").isEmpty();
    }

    private void exhaust(String address) {
        for (int i = 0; i < 1_000; i++) {
            Optional<Refusals.Look> look = refusals.look(address, "wrong" + i);
            if (look.isEmpty()) {
                return;
            }
            look.get().wrong(WRONG);
            look.get().close();
        }
        throw new AssertionError("a thousand wrong tokens from one address were looked at");
    }

    @Test
    void nothingIsRememberedWhereNothingIsLimited() {
        Refusals off = new Refusals(false);
        for (int i = 0; i < 100; i++) {
            try (Refusals.Look look = off.look("a", "old").orElseThrow()) {
                assertThat(look.refusedBefore()).isEmpty();
                look.wrong(WRONG);
            }
        }
    }
}
