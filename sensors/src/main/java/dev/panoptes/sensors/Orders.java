package dev.panoptes.sensors;

/**
 * What a sensor is told.
 *
 * @param settings its part of the configuration
 * @param enabled false: it is switched off, and says so
 */
public record Orders(Settings settings, boolean enabled) {
    /** Why a sensor that is switched off sees nothing. */
    public static final String OFF = "switched off by configuration";

    private static final String ENABLED = "enabled";

    /** As the settings themselves say; a sensor that nothing is said of runs. */
    public static Orders of(Settings settings) {
        return new Orders(settings, settings.flag(ENABLED, true));
    }

    /** One that was asked for by its name runs, whatever its settings say. */
    public static Orders run(Settings settings) {
        return new Orders(settings, true);
    }
}
