package dev.panoptes.cli.sensor;

import dev.panoptes.cli.shell.Version;
import dev.panoptes.core.host.Host;
import dev.panoptes.sensors.Origin;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What events say of the host that they come from. */
final class HostOrigin {
    /** As snapshots have it, so that both speak of one host. */
    private static final String PURPOSE = "panoptes\0";

    private static final int DIGITS = 32;

    private HostOrigin() {}

    /** The machine's id is secret (machine-id(5)): what leaves the host is a digest of it. */
    static Origin of(Host host) {
        return new Origin(
                host.machineId().map(HostOrigin::digest).orElse(null),
                host.name().orElse(null),
                Version.current());
    }

    private static String digest(String machine) {
        try {
            byte[] bytes =
                    MessageDigest.getInstance("SHA-256").digest((PURPOSE + machine).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
