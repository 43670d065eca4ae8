package dev.panoptes.server.configs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a configuration of a host's sensors must look like (JSON Schema 2020-12); part of the program, so nobody can loosen it. */
public final class SensorSchema {
    /** Under which name the schema stands. */
    public static final String NAME = "sensors";

    /** Every sensor there is, in the order of the documentation. */
    public static final List<String> SENSORS = List.of(
            "proc", "auth", "dns", "file_integrity", "persistence", "kernel_audit", "peripheral", "snmp", "flow");

    private SensorSchema() {}

    /** JSON. */
    public static String text() {
        try (InputStream in = SensorSchema.class.getResourceAsStream("sensors.schema.json")) {
            if (in == null) {
                throw new IllegalStateException("sensors.schema.json is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
