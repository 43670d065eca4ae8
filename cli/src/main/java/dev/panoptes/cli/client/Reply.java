package dev.panoptes.cli.client;

import dev.panoptes.cli.shell.UsageException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What came of a call. Every text is one line that a terminal can show as it is. */
public sealed interface Reply {
    /** It was done. @param body a missing node where there is none */
    record Done(int status, JsonNode body) implements Reply {}

    /**
     * The server will not, or not now.
     *
     * @param status 300 to 599
     * @param reason what the server says, without a full stop
     * @param retryAfter when it wants to be asked again; null where it did not say
     */
    record Refused(int status, String reason, @Nullable Duration retryAfter) implements Reply {}

    /** There is no server, it cannot be trusted to be the one, or what answers is none. @param hint empty where there is no advice */
    record Unreached(String reason, String hint) implements Reply {}

    /** @throws UsageException in the server's own words where it refuses */
    default JsonNode orRefuse() throws UsageException {
        return switch (this) {
            case Done(int _, JsonNode body) -> body;
            case Refused(int status, String reason, Duration _) ->
                throw new UsageException("the server refuses: " + reason + " (" + status + ")", advice(status));
            case Unreached(String reason, String hint) -> throw new UsageException(reason, hint);
        };
    }

    /** What to do about it; empty where the reason says it. */
    private static String advice(int status) {
        return switch (status) {
            case 401 ->
                "Give a token by --token-file or PANOPTES_TOKEN; those in force: panoptes tokens, on the server's host";
            default -> "";
        };
    }
}
