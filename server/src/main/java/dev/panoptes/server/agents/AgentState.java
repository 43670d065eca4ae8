package dev.panoptes.server.agents;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an instance is, as far as its heartbeats tell. */
public enum AgentState {
    RUNNING("running", "active"),
    /** It said itself that it stops. */
    STOPPED("stopped", "offline"),
    ERROR("running", "error"),
    MAINTENANCE("running", "maintenance"),
    /** It beat once, and does not any more. */
    LOST("unknown", "offline"),
    /** It never beat, or nobody was there to hear it. */
    UNKNOWN("unknown", "unknown");

    private final String word;
    private final String olderWord;

    AgentState(String word, String olderWord) {
        this.word = word;
        this.olderWord = olderWord;
    }

    /** running, stopped or unknown. */
    public String word() {
        return word;
    }

    /** active, offline, error, maintenance or unknown. */
    public String olderWord() {
        return olderWord;
    }

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What an agent may say of itself, in either vocabulary. */
    public static Optional<AgentState> said(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "running", "online", "active", "starting", "degraded" -> Optional.of(RUNNING);
            case "stopped", "offline", "stopping" -> Optional.of(STOPPED);
            case "error" -> Optional.of(ERROR);
            case "maintenance" -> Optional.of(MAINTENANCE);
            case "unknown" -> Optional.of(UNKNOWN);
            default -> Optional.empty();
        };
    }

    static final String WORDS = "running, stopped, degraded, error, maintenance, unknown, online, offline, active";

    /**
     * How it is now.
     *
     * @param said its last word; null where it never beat
     * @param received when that came
     * @param since since when it could be heard without a break
     */
    static AgentState now(
            @Nullable AgentState said, @Nullable Instant received, Instant since, Duration lostAfter, Instant now) {
        if (said == null || received == null) {
            return UNKNOWN;
        }
        if (said == STOPPED || !received.plus(lostAfter).isBefore(now)) {
            return said;
        }
        // The servers' own absence is not the agents'.
        return since.plus(lostAfter).isBefore(now) ? LOST : UNKNOWN;
    }
}
