package dev.panoptes.server.auth;

import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.DataDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** What agents' access tokens are signed with: {@code JWT_SECRET}, or a file in the data directory where that is unset. */
public final class SigningSecret {
    /** The file, with mode 0600. */
    public static final String FILE = "jwt.secret";

    private static final int SHORTEST = 32;
    private static final int KEY_ID_BYTES = 8;
    private static final byte[] PURPOSE = "panoptes key id".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;

    private SigningSecret(String secret) {
        this.bytes = secret.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Made where it is missing.
     *
     * @param given the setting; null where it is unset, which only the embedded database allows
     */
    public static SigningSecret of(@Nullable String given, DataDirectory directory, Secrets secrets)
            throws CannotStart {
        if (given != null) {
            return new SigningSecret(given);
        }
        try {
            Optional<String> present = directory.secret(FILE).filter(secret -> !secret.isEmpty());
            if (present.isPresent()) {
                if (present.get().length() < SHORTEST) {
                    throw new CannotStart(FILE + " in the data directory is shorter than " + SHORTEST
                            + " characters; delete it, and the next start makes another");
                }
                return new SigningSecret(present.get());
            }
            String made = secrets.make("");
            directory.writeSecret(FILE, made);
            return new SigningSecret(made);
        } catch (IOException e) {
            throw new CannotStart(FILE + " in the data directory cannot be used: " + e.getMessage(), e);
        }
    }

    /** The same for the same secret, and nothing that a token could be signed with. */
    String keyId() {
        return keyId(bytes);
    }

    /** The same of a secret as it is set. */
    public static String keyId(String secret) {
        return keyId(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static String keyId(byte[] bytes) {
        return HexFormat.of().formatHex(derived(bytes, PURPOSE), 0, KEY_ID_BYTES);
    }

    /** A key of 32 bytes for another purpose, the same on every replica; nothing can be told from it of this secret. */
    byte[] key(String purpose) {
        return derived(bytes, purpose.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] derived(byte[] bytes, byte[] purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return mac.doFinal(purpose);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    /** A copy, to make a key of. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "SigningSecret";
    }
}
