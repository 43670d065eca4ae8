package dev.panoptes.cli.sensor;

import dev.panoptes.sensors.Sensor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The last configuration of the server that could be applied, in the data directory: it holds while the server is away. */
final class KeptConfiguration {
    private static final String NAME = "configuration.json";
    private static final int MOST_BYTES = 1 << 20;

    private final Path file;

    KeptConfiguration(Path data) {
        this.file = data.resolve(NAME);
    }

    Path file() {
        return file;
    }

    /** What the file says; null where it is broken. */
    private static @Nullable JsonNode parsed(byte[] bytes) {
        try {
            return JsonMapper.shared().readTree(bytes);
        } catch (JacksonException e) {
            return null;
        }
    }

    /**
     * Empty where there is none.
     *
     * @throws IOException where it is there and cannot be used, with what is wrong
     */
    Optional<RemoteConfiguration> read(List<Sensor> sensors, SensorConfiguration local) throws IOException {
        byte[] bytes;
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException(file + " is larger than any configuration");
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        JsonNode kept = parsed(bytes);
        if (kept == null
                || !kept.path("version").isInt()
                || !kept.path("hash").isString()
                || !kept.path("document").isObject()) {
            throw new IOException(file + " is no configuration");
        }
        return switch (RemoteConfiguration.of(
                kept.path("version").asInt(), kept.path("hash").asString(), kept.path("document"), sensors, local)) {
            case RemoteConfiguration.Result.Usable(RemoteConfiguration configuration) -> Optional.of(configuration);
            case RemoteConfiguration.Result.Refused refused -> throw new IOException(file + ": " + refused.text());
        };
    }

    /** Replaces the file whole; when this returns, it is on disk. */
    void write(RemoteConfiguration configuration) throws IOException {
        ObjectNode kept = JsonMapper.shared()
                .createObjectNode()
                .put("version", configuration.version())
                .put("hash", configuration.hash());
        kept.set("document", configuration.document());
        Path fresh = file.resolveSibling("." + NAME + ".new");
        try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
            out.write(JsonMapper.shared().writeValueAsBytes(kept));
            out.getFD().sync();
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
