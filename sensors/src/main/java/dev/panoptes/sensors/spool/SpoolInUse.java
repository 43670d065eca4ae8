package dev.panoptes.sensors.spool;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Another process has this spool open. */
public final class SpoolInUse extends IOException {
    private static final long serialVersionUID = 1;

    SpoolInUse(Path directory, @Nullable Exception cause) {
        super(directory + " is in use by another process; give this one its own --data-dir", cause);
    }
}
