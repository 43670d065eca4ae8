package dev.panoptes.sensors;

/** What the sensors are called elsewhere. */
public final class SensorNames {
    private SensorNames() {}

    /** As in heartbeats and the Health API: {@code auth_agent}; file_integrity is {@code fim_agent}. */
    public static String agent(String sensor) {
        return (sensor.equals("file_integrity") ? "fim" : sensor) + "_agent";
    }
}
