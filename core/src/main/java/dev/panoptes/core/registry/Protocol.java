package dev.panoptes.core.registry;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an agent speaks where its URL points: decides how it is asked who it is ({@code connection.protocol}). */
public enum Protocol {
    /** A health endpoint that answers a GET with a JSON object. */
    HTTP("/health"),
    /** Agent2Agent: its card lies at a well-known place (A2A specification, Agent Discovery). */
    A2A("/.well-known/agent-card.json"),
    /** Model Context Protocol over Streamable HTTP; its endpoint is the URL's own path, {@code /mcp} where that has none. */
    MCP(""),
    /**
     * gRPC: its health service is asked, for the service that {@code health_endpoint} names, and its server reflection. It has
     * no name of its own.
     */
    GRPC(""),
    /** Anything else on TCP: its port and owner are judged, it is not asked. */
    TCP("");

    private final String endpoint;

    Protocol(String endpoint) {
        this.endpoint = endpoint;
    }

    /** Where it is asked unless {@code health_endpoint} says otherwise; empty for the URL's own path. */
    public String endpoint() {
        return endpoint;
    }

    /** The word that a registry writes. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is asked, by HTTP requests. */
    public boolean isAsked() {
        return this == HTTP || tellsWhatItOffers();
    }

    /** Whether its own answer lists what it can be asked to do, which then needs no path in the registry. */
    public boolean tellsWhatItOffers() {
        return this == A2A || this == MCP || this == GRPC;
    }

    /** Without case; empty for any other word. */
    public static Optional<Protocol> of(String word) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.word().equalsIgnoreCase(word.strip()))
                .findFirst();
    }

    /** All words, in the order in which they are explained. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Protocol::word).toList();
    }
}
