package dev.panoptes.server.auth;

import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.DataDirectory;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * {@code admin.token} in the data directory: whoever can read it may do everything, as they could with the database beside
 * it. Commands on the same host use it.
 */
public final class LocalToken {
    /** The file, with mode 0600. */
    public static final String FILE = "admin.token";

    private final byte[] hash;
    private final int length;

    private LocalToken(String token) {
        this.hash = Secrets.hash(token);
        this.length = token.length();
    }

    /** Made where it is missing. */
    public static LocalToken of(DataDirectory directory, Secrets secrets) throws CannotStart {
        try {
            Optional<String> present = directory.secret(FILE).filter(token -> !token.isEmpty());
            if (present.isPresent()) {
                return new LocalToken(present.get());
            }
            String token = secrets.make("pnl_");
            directory.writeSecret(FILE, token);
            return new LocalToken(token);
        } catch (IOException e) {
            throw new CannotStart(FILE + " in the data directory cannot be used: " + e.getMessage(), e);
        }
    }

    boolean matches(String token) {
        // Its length is no secret, and agents' tokens, which come all the time, have another.
        return token.length() == length && MessageDigest.isEqual(hash, Secrets.hash(token));
    }
}
