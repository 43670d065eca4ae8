package dev.panoptes.server.alerts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A silence as those see it who are not alerts: work that was declared on hosts, checks or both.
 *
 * @param check of issues, or the name of findings; a {@code *} stands for anything; null for any
 * @param host as the registry names it, the same; null for any
 * @param to when it ends or was ended
 */
public record Silenced(@Nullable String check, @Nullable String host, String reason, Instant from, Instant to) {
    /** True where it is about what is found under a name on a host. */
    public boolean covers(String name, String onHost) {
        return (check == null || Matcher.fits(check, name)) && (host == null || Matcher.fits(host, onHost));
    }
}
