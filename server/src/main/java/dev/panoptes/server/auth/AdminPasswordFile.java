package dev.panoptes.server.auth;

import dev.panoptes.server.storage.DataDirectory;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one-time password of the admin that the first start made, mode 0600, for as long as it is good. */
final class AdminPasswordFile {
    private static final Logger LOG = LoggerFactory.getLogger(AdminPasswordFile.class);

    private final DataDirectory directory;

    AdminPasswordFile(DataDirectory directory) {
        this.directory = directory;
    }

    void write(String password) throws IOException {
        directory.writeSecret(FirstAdmin.FILE, password);
    }

    /** The password was replaced, here or by way of another replica: what the file says is not true any more. */
    void forget() {
        try {
            directory.deleteSecret(FirstAdmin.FILE);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("file", FirstAdmin.FILE).log("an old one-time password stays");
        }
    }

    /** The same, where it was this person's. */
    void forget(String name) {
        if (name.equals(FirstAdmin.NAME)) {
            forget();
        }
    }
}
