package dev.panoptes.core.registry;

/** Where a declared agent is said to listen. */
public sealed interface DeclaredEndpoint {
    /**
     * @param host {@link DeclaredHost#LOCAL}, a name of {@code hosts}, or the URL's own host
     * @param address the URL's host as written, without brackets
     * @param port 1 to 65535; the scheme's default where the URL has none
     */
    record At(String host, String scheme, String address, int port) implements DeclaredEndpoint {}

    /** The agent has no {@code connection.url}. */
    record Absent() implements DeclaredEndpoint {}

    /** The URL cannot be used; {@code reason} is one sentence. */
    record Invalid(String reason) implements DeclaredEndpoint {}

    /** The URL is well formed but for its port, which is outside 1 to 65535 or not a number. */
    record InvalidPort(String reason) implements DeclaredEndpoint {}

    /** The URL holds a placeholder such as {@code ${PORT}}, so the port cannot be known. */
    record Unresolved(String reason) implements DeclaredEndpoint {}
}
