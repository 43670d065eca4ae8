package dev.panoptes.integrity.observed;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a health endpoint answered. */
public sealed interface ProbeAnswer {
    /**
     * A JSON object with status 200 to 299 within the limits.
     *
     * Texts are cut after 200 characters.
     *
     * @param identity value of {@code agent}, else {@code service}, else {@code name}; null where it reports none
     * @param port value of {@code port}; null where it reports none
     * @param version value of {@code version}; null where it reports none
     * @param offers the names of what it says that it can be asked to do: skills of an A2A card, tools of an MCP server; null
     *     where it was not asked or did not tell
     * @param card what came of the signatures of its A2A card; null where it has no card
     */
    record Healthy(
            int status,
            @Nullable String identity,
            @Nullable Integer port,
            @Nullable String version,
            @Nullable String state,
            @Nullable List<String> offers,
            @Nullable CardSignature card,
            long millis)
            implements ProbeAnswer {
        public Healthy {
            offers = offers == null ? null : List.copyOf(offers);
        }

        /** Of what has no card. */
        public Healthy(
                int status,
                @Nullable String identity,
                @Nullable Integer port,
                @Nullable String version,
                @Nullable String state,
                @Nullable List<String> offers,
                long millis) {
            this(status, identity, port, version, state, offers, null, millis);
        }

        /** Of a health endpoint, which tells nothing of what it offers. */
        public Healthy(
                int status,
                @Nullable String identity,
                @Nullable Integer port,
                @Nullable String version,
                @Nullable String state,
                long millis) {
            this(status, identity, port, version, state, null, millis);
        }
    }

    /**
     * Not the answer of a health endpoint.
     *
     * @param status null where there was no readable HTTP answer
     * @param reason what came instead, in words that follow "the health endpoint"
     * @param connected true where the connection was accepted, so that something listens; false where it timed out
     */
    record Faulty(@Nullable Integer status, String reason, boolean connected, long millis) implements ProbeAnswer {
        /** True where a request of HTTP/1 was answered in HTTP/2, as servers of gRPC do. */
        public boolean speaksHttp2() {
            return reason.equals(HttpAnswerReader.HTTP_2);
        }
    }

    /** Nothing accepts connections there. */
    record Refused() implements ProbeAnswer {}

    /** The observer did not ask, and why. */
    record NotAsked(String reason) implements ProbeAnswer {}
}
