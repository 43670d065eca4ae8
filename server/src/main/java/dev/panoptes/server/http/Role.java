package dev.panoptes.server.http;

import java.util.Locale;
import java.util.Optional;

/** What a person or a token may do, least first; each may do what those before it may. */
public enum Role {
    /** Reads everything but secrets and accounts. */
    VIEWER,
    /** Acknowledges, waives, silences, starts scans. */
    OPERATOR,
    /** Also decides who gets in. */
    ADMIN;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> of(String id) {
        for (Role role : values()) {
            if (role.id().equals(id)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    public boolean atLeast(Role other) {
        return compareTo(other) >= 0;
    }
}
