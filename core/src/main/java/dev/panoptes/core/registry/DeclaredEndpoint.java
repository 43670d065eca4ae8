package dev.panoptes.core.registry;

/** Where a declared agent is said to listen. */
public sealed interface DeclaredEndpoint {
    /**
     * @param host {@link DeclaredHost#LOCAL}, a name of {@code hosts}, or the URL's own host
     * @param address the URL's host as written, without brackets
     * @param port 1 to 65535; the scheme's default where the URL has none
     * @param path the URL's path without a slash at its end, to which endpoints are appended; empty for none
     */
    record At(String host, String scheme, String address, int port, String path) implements DeclaredEndpoint {
        /** True where the scheme is one that a health probe speaks. */
        public boolean isHttp() {
            return scheme.equals("http") || scheme.equals("https");
        }

        /** True for a loopback address, {@code localhost} and the names below it (RFC 6761); a bare name promises nothing. */
        public boolean isLoopback() {
            return Endpoints.isLoopback(address);
        }
    }

    /** The agent has no {@code connection.url}, or an empty one. */
    record Absent() implements DeclaredEndpoint {}

    /** The agent is declared to have no port ({@code connection: none}). */
    record None() implements DeclaredEndpoint {}

    /** The URL cannot be used; {@code reason} is one sentence and quotes no userinfo. */
    record Invalid(String reason) implements DeclaredEndpoint {}

    /** The URL is well formed but for its port, which is outside 1 to 65535 or not a number. */
    record InvalidPort(String reason) implements DeclaredEndpoint {}

    /** The URL holds a placeholder such as {@code ${PORT}}, so the port cannot be known. */
    record Unresolved(String reason) implements DeclaredEndpoint {}
}
