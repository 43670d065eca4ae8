package dev.panoptes.server;

import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;

/**
 * What the program gives to its server.
 *
 * @param version of the program
 * @param clock this machine's
 * @param databaseTime true: once the database is there, its clock counts, which all replicas share
 * @param zone in which {@code scan.schedule} is meant
 * @param directory the current directory
 */
public record ServerOptions(
        String version,
        InstantSource clock,
        boolean databaseTime,
        ZoneId zone,
        Path directory,
        Map<String, String> environment) {
    public ServerOptions {
        environment = Map.copyOf(environment);
    }

    /** By this clock alone. */
    public ServerOptions(
            String version, InstantSource clock, ZoneId zone, Path directory, Map<String, String> environment) {
        this(version, clock, false, zone, directory, environment);
    }
}
