package dev.panoptes.sensors.snmp;

import dev.panoptes.sensors.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One device that is polled.
 *
 * @param community of versions 1 and 2c; null for version 3
 * @param user of version 3; null for 1 and 2c
 * @param oids what is asked beside the device's name, uptime and interfaces
 */
record SnmpDevice(
        String name,
        String address,
        int port,
        String version,
        @Nullable String community,
        @Nullable String user,
        List<String> oids) {
    private static final int PORT = 161;
    private static final int MOST_SECRET = 1024;

    SnmpDevice {
        oids = List.copyOf(oids);
    }

    static List<SnmpDevice> read(Settings settings) {
        return settings.parts("devices").stream()
                .map(SnmpDevice::one)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<SnmpDevice> one(Settings part) {
        Optional<String> address = part.text("address");
        if (address.isEmpty()) {
            part.refuse("address", "is not set");
            return Optional.empty();
        }
        String version = part.text("version").orElse("2c");
        if (!version.equals("1") && !version.equals("2c") && !version.equals("3")) {
            part.refuse("version", "is '" + version + "', not 1, 2c or 3");
            return Optional.empty();
        }
        String host = address.get();
        int port = (int) part.number("port", PORT);
        return Optional.of(new SnmpDevice(
                part.text("name").orElse(host),
                host,
                port,
                version,
                version.equals("3") ? null : community(part),
                part.text("user").orElse(null),
                part.texts("oids")));
    }

    private static String community(Settings part) {
        Optional<String> file = part.text("community_file");
        if (file.isEmpty()) {
            return "public";
        }
        try {
            Path path = Path.of(file.get());
            if (Files.size(path) <= MOST_SECRET) {
                return Files.readString(path).strip();
            }
            part.refuse("community_file", "is too long for a community");
        } catch (IOException | InvalidPathException e) {
            part.refuse("community_file", "cannot be read: " + e.getMessage());
        }
        return "";
    }
}
