package dev.panoptes.server.auth;

import dev.panoptes.core.telemetry.BatchSignature;

/**
 * With what the messages of a host's observer are signed where they do not bear its token.
 *
 * @param host the only one that it speaks for
 * @param hash of the token, SHA-256
 */
public record ObserverKey(String host, byte[] hash) {
    public BatchSignature signature() {
        return new BatchSignature(hash);
    }

    @Override
    public String toString() {
        return "ObserverKey[host=" + host + "]";
    }
}
