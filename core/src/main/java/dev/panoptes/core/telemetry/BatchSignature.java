package dev.panoptes.core.telemetry;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Says who sent a message over a bus that carries everybody's: HMAC-SHA256 (RFC 2104) with the SHA-256 of the sender's token,
 * which is what the server keeps of it. The token itself never goes over the bus.
 */
public final class BatchSignature {
    /** Of a message: which token it is signed with. */
    public static final String KEY_HEADER = "Panoptes-Key";
    /** Of a message and of an answer: its signature. */
    public static final String SIGNATURE_HEADER = "Panoptes-Signature";
    /** Of a message: the subject to answer under. */
    public static final String ANSWER_HEADER = "Panoptes-Answer";
    /** What batches are signed as. */
    public static final String BATCH = "batch";
    /** What questions for what the server has are signed as. */
    public static final String STATE = "state";
    /** What the server's answers are signed as. */
    public static final String ANSWER = "answer";

    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;

    /** @param hash of the token, SHA-256 */
    public BatchSignature(byte[] hash) {
        this.key = Arrays.copyOf(hash, hash.length);
    }

    /** With this token. */
    public static BatchSignature ofToken(String token) {
        return new BatchSignature(sha256(token.getBytes(StandardCharsets.UTF_8)));
    }

    /** Names the token, and tells nothing of it: the SHA-256 of its hash, in hexadecimal. */
    public String keyId() {
        return HexFormat.of().formatHex(sha256(key));
    }

    /** @param kind what sort of message it is, so that none passes for another */
    public String of(String kind, byte[] message) {
        return HexFormat.of().formatHex(mac(kind, message));
    }

    /** @param signature as {@link #of} gives it; anything may have been sent */
    public boolean matches(String kind, byte[] message, String signature) {
        return MessageDigest.isEqual(
                of(kind, message).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] mac(String kind, byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update(kind.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) '\n');
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
