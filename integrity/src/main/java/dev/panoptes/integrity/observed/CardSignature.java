package dev.panoptes.integrity.observed;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of verifying the signatures of an agent's card (A2A specification, "Agent Card Signing").
 *
 * @param detail a clause that follows "the card"
 */
public record CardSignature(Outcome outcome, String detail) {
    public enum Outcome {
        /** At least one signature is right. */
        RIGHT,
        /** A signature that could be verified is wrong, and none is right. */
        WRONG,
        /** It has signatures, and none could be verified here. */
        UNVERIFIED,
        /** It has none. */
        UNSIGNED;

        /** The word of a snapshot. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Outcome> of(String word) {
            return Arrays.stream(values())
                    .filter(each -> each.word().equals(word))
                    .findFirst();
        }
    }
}
