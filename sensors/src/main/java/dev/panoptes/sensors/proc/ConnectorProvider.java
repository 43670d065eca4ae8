package dev.panoptes.sensors.proc;

/** How events call the kernel's connector. */
final class ConnectorProvider {
    static final String NAME = "proc_connector";

    private ConnectorProvider() {}
}
