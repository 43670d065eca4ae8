package dev.panoptes.sensors.heartbeat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes one file for each agent, each replaced whole, so that no reader sees half a beat. */
public final class HeartbeatFiles {
    private final Path directory;

    public HeartbeatFiles(Path directory) {
        this.directory = directory;
    }

    public void write(Heartbeat beat) throws IOException {
        Files.createDirectories(directory);
        Path temporary = directory.resolve("." + beat.name() + ".json.new");
        Files.write(temporary, (beat.json() + "\n").getBytes(StandardCharsets.UTF_8));
        Files.move(
                temporary,
                directory.resolve(beat.name() + ".json"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
