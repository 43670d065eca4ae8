package dev.panoptes.server.configs;

/** Whose configurations: each kind has versions of its own, in a table of its own. */
public enum ConfigKind {
    /** Of one enrolled agent, by its id; as the schema of its name wants it, where there is one. */
    AGENT("agent_configs", "agent_id", "SELECT id FROM agents WHERE id = ? FOR UPDATE", "configuration", "agent"),
    /** Of the sensors of one host, by the host's name; as {@link SensorSchema} wants it. */
    SENSORS(
            "host_sensor_configs",
            "host",
            "SELECT pg_advisory_xact_lock(hashtextextended('sensors of ' || ?, 0)) AS locked",
            "sensor_configuration",
            "host");

    private final String table;
    private final String key;
    private final String lock;
    private final String change;
    private final String fact;

    ConfigKind(String table, String key, String lock, String change, String fact) {
        this.table = table;
        this.key = key;
        this.lock = lock;
        this.change = change;
        this.fact = fact;
    }

    String table() {
        return table;
    }

    /** The column that names the subject. */
    String key() {
        return key;
    }

    /** Locks one subject until the transaction ends. */
    String lock() {
        return lock;
    }

    /** The kind of its changes. */
    String change() {
        return change;
    }

    /** Under which name its changes tell the subject's name. */
    String fact() {
        return fact;
    }
}
