package dev.panoptes.server.web.view;

import org.jspecify.annotations.Nullable;

/**
 * Who looks at a page.
 *
 * @param name null where nobody was asked
 * @param hasPassword false for whoever has none here to change
 * @param csrf what a writing call of this session must bring along; null where there is no session
 */
public record Caller(
        @Nullable String name,
        String role,
        @Nullable String csrf,
        boolean hasPassword,
        boolean operator,
        boolean admin) {
    public static final Caller NOBODY = new Caller(null, "", null, false, false, false);

    /** True where actions can be offered: somebody with a session who may. */
    public boolean acts() {
        return operator && csrf != null;
    }

    public boolean administers() {
        return admin && csrf != null;
    }
}
