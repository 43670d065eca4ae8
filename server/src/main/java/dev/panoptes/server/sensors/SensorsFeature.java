package dev.panoptes.server.sensors;

import dev.panoptes.server.configs.ConfigKind;
import dev.panoptes.server.configs.Configs;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;

/** The sensors of every host, as a whole: their configuration and how they are. */
public final class SensorsFeature {
    private SensorsFeature() {}

    /** What it gives to the server. */
    public static FeatureParts of(FeatureContext context) {
        Configs configs = new Configs(
                ConfigKind.SENSORS, context.database(), context.changes(), context.audit(), context.clock());
        HostSensors sensors = new HostSensors(context.database(), context.changes(), configs, context.clock());
        return FeatureParts.none().withResources(new SensorResource(sensors, configs), new DaemonResource(sensors));
    }
}
