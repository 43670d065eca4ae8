package dev.panoptes.core.issue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The identity of an issue over time: check, host and subject; never pid or container id. */
public final class Fingerprint {
    private Fingerprint() {}

    /** 32 lower-case hex digits: the first half of a SHA-256. */
    public static String of(String check, String host, String subject) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest((check + "\0" + host + "\0" + subject).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
