package dev.panoptes.server.storage.backup;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What a backup holds beside the database.
 *
 * @param version of the program
 * @param created the moment of the backup
 * @param configuration {@code panoptes.yaml} as it would have to be written to get the same settings; without secrets
 * @param logs files that may be missing; of a long one only the end is taken
 */
public record Contents(String version, Instant created, String configuration, List<Path> logs) {
    public Contents {
        logs = List.copyOf(logs);
    }

    byte[] configurationBytes() {
        return configuration.getBytes(StandardCharsets.UTF_8);
    }
}
