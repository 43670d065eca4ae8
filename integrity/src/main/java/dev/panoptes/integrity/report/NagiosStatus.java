package dev.panoptes.integrity.report;

import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.Verdict;

/** The states of a Nagios plugin (Monitoring Plugins development guidelines); the numbers are its exit codes. */
public enum NagiosStatus {
    OK(0),
    /** Issues, all below the limit. */
    WARNING(1),
    /** An issue at or above the limit. */
    CRITICAL(2),
    /** Not everything could be judged, and nothing failed. */
    UNKNOWN(3);

    private final int exitCode;

    NagiosStatus(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    public static NagiosStatus of(ScanReport report, Verdict verdict) {
        return switch (verdict.outcome()) {
            case FAILED -> CRITICAL;
            case INCOMPLETE -> UNKNOWN;
            case NOTHING -> UNKNOWN;
            case PASSED -> report.score().failed() == 0 ? OK : WARNING;
        };
    }
}
