package dev.panoptes.integrity.observed;

import dev.panoptes.core.registry.Protocol;

/** The question that each protocol takes; what is never spoken is never loaded. */
final class Questions {
    private final HttpProbe.Question health = new HealthQuestion();

    /** @throws IllegalArgumentException for a protocol that is not asked */
    HttpProbe.Question of(Protocol protocol) {
        return switch (protocol) {
            case HTTP -> health;
            case A2A -> new CardQuestion();
            case MCP -> new McpQuestion();
            case GRPC -> new GrpcQuestion();
            case TCP -> throw new IllegalArgumentException(protocol.word() + " is not asked");
        };
    }
}
