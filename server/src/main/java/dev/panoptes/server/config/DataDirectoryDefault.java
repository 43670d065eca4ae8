package dev.panoptes.server.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the data directory is when nobody says. */
public final class DataDirectoryDefault {
    private DataDirectoryDefault() {}

    /** {@code /var/lib/panoptes} as root; else below the home; empty where there is no home. */
    public static Optional<Path> of(Map<String, String> environment, String userName) {
        if (userName.equals("root")) {
            return Optional.of(Path.of("/var/lib/panoptes"));
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        if (data.startsWith("/")) {
            return Optional.of(Path.of(data, "panoptes"));
        }
        String home = environment.getOrDefault("HOME", "");
        return home.isEmpty() ? Optional.empty() : Optional.of(Path.of(home, ".local", "share", "panoptes"));
    }
}
