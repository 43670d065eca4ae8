package dev.panoptes.integrity.verdict;

import dev.panoptes.core.issue.Severity;

/**
 * What a report comes to under a {@link Policy}.
 *
 * @param failOn issues at least this bad fail the scan
 * @param reason one line: why the exit code is what it is, and what to do about it
 */
public record Verdict(Outcome outcome, Severity failOn, String reason) {
    /** How a scan ended; the numbers are the exit codes of {@code panoptes scan}. */
    public enum Outcome {
        /** Nothing at or above the limit, and everything that applies was judged or its absence accepted. */
        PASSED(0),
        /** An issue at or above the limit, or a registry that cannot be parsed. */
        FAILED(1),
        /** Nothing failed, but not everything that applies could be judged. */
        INCOMPLETE(2),
        /** No check applied to anything, so that nothing can be said. */
        NOTHING(3);

        private final int exitCode;

        Outcome(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }
}
