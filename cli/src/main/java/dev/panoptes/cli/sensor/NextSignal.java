package dev.panoptes.cli.sensor;

import dev.panoptes.core.host.Libc;

/** While an orderly end is under way, the machine's own answer to a signal comes back: the next one ends the process at once. */
final class NextSignal {
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    private NextSignal() {}

    static void endsAtOnce() {
        try (Libc libc = new Libc()) {
            libc.signalDefault(SIGINT);
            libc.signalDefault(SIGTERM);
        }
    }
}
