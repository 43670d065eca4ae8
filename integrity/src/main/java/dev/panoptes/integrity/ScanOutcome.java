package dev.panoptes.integrity;

/** What asking for a scan gave. */
public sealed interface ScanOutcome {
    record Completed(ScanReport report) implements ScanOutcome {}

    /**
     * There is nothing to scan, or not as asked.
     *
     * @param message one sentence
     * @param hint what to do, one sentence; empty where there is no advice
     */
    record Refused(String message, String hint) implements ScanOutcome {}
}
