package dev.panoptes.server.alerts;

import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.alerts.channel.AlertIssue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which issues a silence covers: all that fit every field that is given. A field is compared whole, and {@code *} stands for
 * anything; agents as keys link.
 *
 * @param agent any of what the issue affects; null fits everything, like the others
 */
record Matcher(
        @Nullable String check,
        @Nullable String agent,
        @Nullable String host,
        @Nullable String severity) {
    Matcher {
        if (Stream.of(check, agent, host, severity).allMatch(each -> each == null || each.isBlank())) {
            throw new IllegalArgumentException("must give at least one of check, agent, host, severity");
        }
    }

    boolean fits(AlertIssue issue) {
        return (check == null || fits(check, issue.check()))
                && (host == null || fits(host, issue.host()))
                && (severity == null || fits(severity, issue.severity()))
                && (agent == null || fitsAgent(Keys.link(agent), issue));
    }

    private static boolean fitsAgent(String wanted, AlertIssue issue) {
        return issue.affected().stream()
                .flatMap(each -> Stream.of(each, each.substring(each.lastIndexOf('#') + 1)))
                .anyMatch(each -> fits(wanted, Keys.link(each)));
    }

    /** Linear in both texts; no regular expression, for the pattern is anybody's. */
    static boolean fits(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int mark = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
