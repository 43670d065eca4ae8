package dev.panoptes.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Secrets that programs keep: 256 random bits each, so a plain SHA-256 is enough to store them. */
public final class Secrets {
    private static final int BYTES = 32;
    /** Of so many bytes in base64url without padding (RFC 4648, section 5). */
    private static final int LENGTH = 43;

    private static final String ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";
    private static final int PASSWORD_GROUPS = 5;
    private static final int GROUP_LENGTH = 4;

    private final SecureRandom random = new SecureRandom();

    /** A new one. @param prefix tells people and scanners what it is */
    public String make(String prefix) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether {@link #make} can have made this; what it cannot have made need not be looked for. @param prefix its length */
    public static boolean isMade(String secret, int prefix) {
        return secret.length() == prefix + LENGTH && secret.chars().skip(prefix).allMatch(Secrets::isBase64Url);
    }

    private static boolean isBase64Url(int c) {
        return (c < 128 && Character.isLetterOrDigit(c)) || c == '-' || c == '_';
    }

    /** A password to be typed once: 20 characters without those that look alike, 99 bits. */
    String oneTimePassword() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < PASSWORD_GROUPS * GROUP_LENGTH; i++) {
            if (i > 0 && i % GROUP_LENGTH == 0) {
                password.append('-');
            }
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }

    /** What is stored, and looked up by: an equal hash is found by an index, in a time that tells nothing of the secret. */
    public static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
