package dev.panoptes.sensors;

import java.util.Locale;

/** Why something is missing. The words are a contract: the server's ledger shows them. */
public enum Loss {
    /** The spool could not be written, or was at its bound. */
    DISK_FULL,
    /** A queue of the kernel ran over. */
    KERNEL_OVERFLOW,
    /** What a source sent could not be read. */
    MALFORMED,
    /** More came than the sensor may take. */
    RATE,
    /** A record was missing in a source that numbers its records, or a log vanished before it was read. */
    SOURCE_GAP;

    /** {@code kernel_overflow}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
