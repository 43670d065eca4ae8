package dev.panoptes.server.web.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One agent of the fleet.
 *
 * @param key the registry's key, or the name under which it enrolled; it stands in addresses
 * @param host where it is or is expected; {@code local} is the server's own
 * @param port null where none is declared
 * @param why one sentence; null for a healthy one
 * @param pid null where that is not known
 * @param answerMs how long its last health answer took; null where it gave none
 * @param version null where it was never told
 * @param seen when its host was last looked at, or when its last heartbeat came; null for never
 * @param issues how many are open about it
 * @param id of the enrolled instance; null where none is
 * @param instances how many are enrolled under its name
 * @param config version of the configuration that it says it runs; null where it does not say
 * @param cpu share that it says it uses, in percent; null where it does not say
 * @param beats heartbeats of the last quarters of an hour, in percent of what was expected, the oldest first, with commas; -1 where
 *     nobody listened; empty where none is counted
 * @param observed whether something that listens or runs was taken for it
 */
public record AgentRow(
        String key,
        String name,
        String host,
        @Nullable Integer port,
        EyeState state,
        @Nullable String why,
        @Nullable Integer pid,
        @Nullable Long answerMs,
        @Nullable String version,
        @Nullable Instant seen,
        int issues,
        boolean declared,
        boolean enrolled,
        boolean observed,
        @Nullable String id,
        int instances,
        @Nullable Integer config,
        @Nullable Double cpu,
        String beats) {
    /** As it is found by. */
    public String text() {
        return (name + " " + key + " " + (port == null ? "" : port)).toLowerCase(java.util.Locale.ROOT);
    }

    /** How regularly it beat lately. */
    public BeatBars bars() {
        return BeatBars.of(BeatBars.read(beats), BeatBars.LATELY);
    }

    /** What somebody hears who cannot see its eye. */
    public String label() {
        return name + (port == null ? "" : ", port " + port) + ", " + state.word();
    }
}
