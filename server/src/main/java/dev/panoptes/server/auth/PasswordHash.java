package dev.panoptes.server.auth;

import java.security.MessageDigest;
import java.util.Base64;

/**
 * A stored password, as the PHC string format writes it: {@code $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH}.
 *
 * @param memoryKib what Argon2 may take
 * @param passes over that memory
 */
record PasswordHash(int memoryKib, int passes, byte[] salt, byte[] hash) {
    /** What the reference implementation writes without padding. */
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

    private static final String HEAD = "$argon2id$v=19$";

    /** @throws IllegalStateException for what this server has never written */
    static PasswordHash parse(String text) {
        String[] parts = text.split("\\$", -1);
        if (parts.length != 6 || !text.startsWith(HEAD) || !parts[3].matches("m=[0-9]{1,7},t=[0-9]{1,3},p=1")) {
            throw new IllegalStateException("a stored password is none of Argon2id with one lane");
        }
        String[] costs = parts[3].split("[=,]", -1);
        return new PasswordHash(
                Integer.parseInt(costs[1]),
                Integer.parseInt(costs[3]),
                Base64.getDecoder().decode(parts[4]),
                Base64.getDecoder().decode(parts[5]));
    }

    String text() {
        return HEAD + "m=" + memoryKib + ",t=" + passes + ",p=1$" + ENCODER.encodeToString(salt) + "$"
                + ENCODER.encodeToString(hash);
    }

    /** Takes as long for any other hash. */
    boolean is(byte[] other) {
        return MessageDigest.isEqual(hash, other);
    }
}
