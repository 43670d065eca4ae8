package dev.panoptes.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Beside the language's own decoder. */
class Utf8Test {
    private static boolean decodes(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)) != null;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Test
    void everySequenceOfOneAndTwoBytesAndTheBordersOfLongerOnes() {
        for (int first = 0; first < 256; first++) {
            assertAsDecoded(new byte[] {(byte) first});
            for (int second = 0; second < 256; second++) {
                assertAsDecoded(new byte[] {(byte) first, (byte) second});
                for (int third : new int[] {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff}) {
                    assertAsDecoded(new byte[] {(byte) first, (byte) second, (byte) third});
                    if (first >= 0xf0) {
                        assertAsDecoded(new byte[] {(byte) first, (byte) second, (byte) third, (byte) 0x80});
                    }
                }
            }
        }
    }

    @Test
    void textsWithFaultsInAnyPlace() {
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = "an ordinary text, \u00fcber \u20ac and \ud83d\ude00 too".getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertAsDecoded(bytes);
        }
    }

    private static void assertAsDecoded(byte[] bytes) {
        assertThat(Utf8.isValid(bytes)).as("%s", (Object) bytes).isEqualTo(decodes(bytes));
    }

    @Test
    void linesEndAtLineFeeds() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(12) == 0 ? (byte) '\n' : bytes[i];
            }
            for (int from = 0; from <= bytes.length; from++) {
                int expected = from;
                while (expected < bytes.length && bytes[expected] != '\n') {
                    expected++;
                }
                assertThat(Utf8.lineEnd(bytes, from)).isEqualTo(expected);
            }
        }
    }
}
