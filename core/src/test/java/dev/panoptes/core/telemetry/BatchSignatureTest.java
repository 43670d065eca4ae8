package dev.panoptes.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

/** What is signed with a token is known by whoever has its hash, and nothing else passes. */
class BatchSignatureTest {
    private static final byte[] MESSAGE = "a batch".getBytes(StandardCharsets.UTF_8);

    @Test
    void whoHasTheHashKnowsWhatTheTokenSigned() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest("pno_one".getBytes(StandardCharsets.UTF_8));
        BatchSignature sender = BatchSignature.ofToken("pno_one");
        BatchSignature server = new BatchSignature(hash);
        String signed = sender.of(BatchSignature.BATCH, MESSAGE);

        assertThat(server.keyId()).isEqualTo(sender.keyId()).hasSize(64).doesNotContain("pno_");
        assertThat(server.matches(BatchSignature.BATCH, MESSAGE, signed)).isTrue();
    }

    @Test
    void anotherTokenKindOrMessageDoesNotPass() {
        BatchSignature sender = BatchSignature.ofToken("pno_one");
        String signed = sender.of(BatchSignature.BATCH, MESSAGE);

        assertThat(BatchSignature.ofToken("pno_two").matches(BatchSignature.BATCH, MESSAGE, signed))
                .isFalse();
        assertThat(sender.matches(BatchSignature.ANSWER, MESSAGE, signed)).isFalse();
        assertThat(sender.matches(BatchSignature.BATCH, "b batch".getBytes(StandardCharsets.UTF_8), signed))
                .isFalse();
        assertThat(sender.matches(BatchSignature.BATCH, MESSAGE, "")).isFalse();
        assertThat(sender.matches(BatchSignature.BATCH, MESSAGE, "\u00fc")).isFalse();
    }
}
