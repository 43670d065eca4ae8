package dev.panoptes.server.http;

/** Answers one call. Expected refusals are {@link ProblemException}s; anything else that is thrown is a bug and a 500. */
@FunctionalInterface
public interface Handler {
    /** @throws InterruptedException when the server is stopping and cannot wait any longer */
    Response handle(Request request) throws InterruptedException;
}
