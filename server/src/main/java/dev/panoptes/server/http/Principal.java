package dev.panoptes.server.http;

import java.util.Set;
import java.util.UUID;

/** Who calls. */
public sealed interface Principal {
    /** As it stands in logs and in the audit log; never a secret. */
    String name();

    /** Nobody in particular. */
    record Anonymous() implements Principal {
        @Override
        public String name() {
            return "anonymous";
        }
    }

    /**
     * A person with a session.
     *
     * @param csrfToken what a writing call must bring along in {@code X-CSRF-Token}
     * @param hasPassword false where a provider vouches for them instead
     * @param mustChangePassword true until the one-time password is replaced: until then nothing else is allowed
     */
    record Person(UUID id, String name, Role role, String csrfToken, boolean hasPassword, boolean mustChangePassword)
            implements Principal {}

    /** An API token of a script. */
    record Token(UUID id, String name, Role role) implements Principal {}

    /** Somebody who can read the data directory, or a call from loopback where that is enough. */
    record Local(String name, Role role) implements Principal {}

    /** An observer. @param host the only host that it speaks for */
    record Observer(UUID id, String name, String host) implements Principal {}

    /** An enrolled instance with its own access token. @param permissions as they are now */
    record Agent(String id, String name, Set<String> permissions) implements Principal {
        public Agent {
            permissions = Set.copyOf(permissions);
        }
    }

    /**
     * An instance as its signed token names it, of which nobody has asked yet whether it is still enrolled: only a route that
     * asks that itself ({@link Route#asksItself}) sees one.
     *
     * @param generation of the credentials that it got its token for
     */
    record Claimed(String id, long generation) implements Principal {
        @Override
        public String name() {
            return id;
        }
    }

    /** Somebody with an enrollment token, who may become an agent. */
    record Enrollee(UUID id, String name) implements Principal {}
}
