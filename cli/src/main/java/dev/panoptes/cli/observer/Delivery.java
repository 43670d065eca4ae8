package dev.panoptes.cli.observer;

import dev.panoptes.cli.shell.ExitCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a call of the server. */
public sealed interface Delivery {
    /** The server has it. */
    record Accepted() implements Delivery {}

    /**
     * It did not.
     *
     * @param reason one sentence without a full stop
     * @param hint what to do; empty where there is no advice
     * @param kind what the same snapshot could expect of another try
     * @param retryAfter when the server wants to be asked again; null where it did not say
     */
    record Failed(
            String reason, String hint, Kind kind, @Nullable Duration retryAfter) implements Delivery {
        public ExitCode exitCode() {
            return switch (kind) {
                case SNAPSHOT -> ExitCode.FAILED;
                case LATER -> ExitCode.INCOMPLETE;
                case CALLER, UNREACHED -> ExitCode.USAGE;
            };
        }
    }

    /** What a failure lies in. */
    enum Kind {
        /** In the snapshot: it will never be taken. The next one may. */
        SNAPSHOT,
        /** In the server or the moment. */
        LATER,
        /** In the token or the URL: somebody has to do something. */
        CALLER,
        /** In the way there. */
        UNREACHED
    }
}
