package dev.panoptes.core.issue;

import java.time.LocalDate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's decision to accept an issue, or those of a check or of an agent, for a while.
 *
 * @param issue issue id or fingerprint; of a waiver by check and agent what it is called
 * @param expires the last day on which it holds, in UTC
 * @param check the check whose issues it accepts; null where it does not matter
 * @param agent the key, directory or file that must be affected; null where it does not matter
 */
public record Waiver(
        String issue,
        String owner,
        String reason,
        LocalDate expires,
        @Nullable String check,
        @Nullable String agent) {

    /** Of one issue, by its id or fingerprint. */
    public Waiver(String issue, String owner, String reason, LocalDate expires) {
        this(issue, owner, reason, expires, null, null);
    }

    /** Of the issues of a check, of an agent, or of that check about that agent. One of both is not null. */
    public static Waiver of(
            @Nullable String check, @Nullable String agent, String owner, String reason, LocalDate expires) {
        if (check == null && agent == null) {
            throw new IllegalArgumentException("a waiver needs a check or an agent");
        }
        String name = check == null ? "all of " + agent : agent == null ? check : check + " of " + agent;
        return new Waiver(name, owner, reason, expires, check, agent);
    }

    public boolean inForce(LocalDate today) {
        return !today.isAfter(expires);
    }

    public boolean matches(Issue candidate) {
        if (check == null && agent == null) {
            return issue.equals(candidate.id()) || issue.equals(candidate.fingerprint());
        }
        return (check == null || check.equals(candidate.check()))
                && (agent == null
                        || candidate.affected().stream()
                                .anyMatch(each -> link(each).equals(link(agent))));
    }

    /** As keys link: case does not matter, {@code -} equals {@code _}. */
    private static String link(String key) {
        return key.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
