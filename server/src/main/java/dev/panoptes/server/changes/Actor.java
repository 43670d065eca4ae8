package dev.panoptes.server.changes;

import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Request;
import org.jspecify.annotations.Nullable;

/**
 * Who did something.
 *
 * @param via how they got in
 * @param address null for the server itself
 */
public record Actor(String name, Via via, @Nullable String address) {
    /** How somebody got in. */
    public enum Via {
        SESSION,
        TOKEN,
        LOCAL,
        SYSTEM
    }

    /** What the server does by itself. */
    public static final Actor SYSTEM = new Actor("panoptes", Via.SYSTEM, null);

    public static Actor of(Request request) {
        Via via = switch (request.caller()) {
            case Principal.Person _ -> Via.SESSION;
            case Principal.Token _,
                    Principal.Observer _,
                    Principal.Agent _,
                    Principal.Claimed _,
                    Principal.Enrollee _ -> Via.TOKEN;
            case Principal.Local _ -> Via.LOCAL;
            // Only open routes are called so; a login that failed is such a call.
            case Principal.Anonymous() -> Via.LOCAL;
        };
        return new Actor(request.caller().name(), via, request.address());
    }
}
