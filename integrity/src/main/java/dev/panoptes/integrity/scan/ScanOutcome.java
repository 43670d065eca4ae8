package dev.panoptes.integrity.scan;

import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.world.World;

/** What asking for a scan gave. */
public sealed interface ScanOutcome {
    /** @param world what the report judges, for those who plan from it */
    record Completed(ScanReport report, World world) implements ScanOutcome {}

    /**
     * There is nothing to scan, or not as asked.
     *
     * @param message one sentence
     * @param hint what to do, one sentence; empty where there is no advice
     */
    record Refused(String message, String hint) implements ScanOutcome {}
}
