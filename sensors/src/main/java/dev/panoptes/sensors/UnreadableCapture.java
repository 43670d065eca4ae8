package dev.panoptes.sensors;

import java.io.IOException;
import java.nio.file.Path;

/** A capture that holds nothing that the sensor reads. */
public final class UnreadableCapture extends IOException {
    private static final long serialVersionUID = 1;

    /** @param reason what it is instead, or which formats would be read */
    public UnreadableCapture(Path file, String reason) {
        super(file + ": " + reason);
    }
}
