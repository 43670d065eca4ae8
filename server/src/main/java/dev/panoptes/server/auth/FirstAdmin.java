package dev.panoptes.server.auth;

import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.util.Optional;

/** The admin that the first start makes, so that somebody can get in. */
public final class FirstAdmin {
    /** Holds the one-time password, mode 0600, until it is replaced. */
    public static final String FILE = "admin.password";

    static final String NAME = "admin";

    private final Users users;
    private final AdminPasswordFile file;
    private final Secrets secrets;

    FirstAdmin(Users users, AdminPasswordFile file, Secrets secrets) {
        this.users = users;
        this.file = file;
        this.secrets = secrets;
    }

    /** Who was made, to be printed once. */
    public record Made(String name, String oneTimePassword) {}

    /** Empty where there is somebody already. The file is written first: a password that nobody can read is of no use. */
    public Optional<Made> makeWhereMissing() throws CannotStart, InterruptedException {
        if (users.any()) {
            if (!users.mustChangePassword(NAME)) {
                file.forget();
            }
            return Optional.empty();
        }
        String password = secrets.oneTimePassword();
        try {
            file.write(password);
            if (users.makeFirst(NAME, password)) {
                return Optional.of(new Made(NAME, password));
            }
            // Another replica was faster, and its password is the right one.
            file.forget();
            return Optional.empty();
        } catch (IOException e) {
            throw new CannotStart(FILE + " in the data directory cannot be written: " + e.getMessage(), e);
        }
    }
}
