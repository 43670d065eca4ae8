package dev.panoptes.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of some bytes, computed when somebody asks for it: of a large registry that is a twentieth of a scan, and only
 * reports for programs and the server name it. For several threads.
 */
public final class ContentDigest {
    /** The bytes must not change afterwards; null once the digest is known. */
    private byte @Nullable [] bytes;

    private @Nullable String hex;

    private ContentDigest(byte @Nullable [] bytes, @Nullable String hex) {
        this.bytes = bytes;
        this.hex = hex;
    }

    /** @param bytes not copied */
    public static ContentDigest of(byte[] bytes) {
        return new ContentDigest(bytes, null);
    }

    /** One that is known already, such as that of a stored report. */
    public static ContentDigest known(String hex) {
        return new ContentDigest(null, hex);
    }

    /** In lower-case hexadecimal digits. */
    public synchronized String hex() {
        if (hex == null) {
            hex = sha256(bytes == null ? new byte[0] : bytes);
            bytes = null;
        }
        return hex;
    }

    /** The SHA-256 of these bytes, now, in lower-case hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ContentDigest that && hex().equals(that.hex());
    }

    @Override
    public int hashCode() {
        return hex().hashCode();
    }

    @Override
    public String toString() {
        return hex();
    }
}
