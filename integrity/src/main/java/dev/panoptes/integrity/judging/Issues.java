package dev.panoptes.integrity.judging;

import dev.panoptes.core.issue.Fingerprint;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.judging.Scanner.Judged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes issues of failures: names them, fingerprints them, puts the worst first. */
final class Issues {
    private static final int LONGEST_ID = 160;
    private static final int SUFFIX = 4;

    private Issues() {}

    static List<Issue> of(List<Judged> judged, Instant now) {
        Map<String, Set<String>> fingerprints = new HashMap<>();
        for (Judged each : judged) {
            if (each.result() instanceof CheckResult.Fail(Failure failure)) {
                fingerprints
                        .computeIfAbsent(id(each.check(), failure), id -> new HashSet<>())
                        .add(fingerprint(each.check(), failure));
            }
        }
        List<Issue> issues = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Judged each : judged) {
            if (each.result() instanceof CheckResult.Fail(Failure failure)) {
                String id = id(each.check(), failure);
                boolean shared = fingerprints.getOrDefault(id, Set.of()).size() > 1;
                issues.add(issue(each.check(), failure, unique(id, each.check(), failure, shared, taken), now));
            }
        }
        issues.sort(Comparator.comparing(Issue::severity)
                .thenComparing(Issue::check)
                .thenComparing(Issue::id));
        return issues;
    }

    private static Issue issue(CheckInfo check, Failure failure, String id, Instant now) {
        return new Issue(
                id,
                check.id(),
                check.category(),
                check.severity(),
                failure.title(),
                failure.description(),
                failure.affected(),
                failure.recommendation(),
                failure.evidence(),
                fingerprint(check, failure),
                failure.host(),
                failure.port(),
                now,
                null,
                IssueState.NEW,
                null);
    }

    private static String fingerprint(CheckInfo check, Failure failure) {
        return Fingerprint.of(check.id(), failure.host(), failure.subject());
    }

    /**
     * The id, with hex of the fingerprint where several issues would share it: all of them get it, so that an id does not
     * depend on the order of the issues. A check that reports one subject twice gets a running number on top.
     */
    private static String unique(String id, CheckInfo check, Failure failure, boolean shared, Set<String> taken) {
        String fingerprint = fingerprint(check, failure);
        String unique = shared ? id + "-" + fingerprint.substring(0, SUFFIX) : id;
        for (int length = SUFFIX + 1; shared && taken.contains(unique) && length <= 2 * SUFFIX; length++) {
            unique = id + "-" + fingerprint.substring(0, length);
        }
        String candidate = unique;
        for (int number = 2; !taken.add(candidate); number++) {
            candidate = unique + "-" + number;
        }
        return candidate;
    }

    private static String id(CheckInfo check, Failure failure) {
        String host = failure.host().equals(DeclaredHost.LOCAL) ? "" : "@" + failure.host();
        return switch (check.naming()) {
            case CHECK -> check.id() + host;
            case SUBJECT -> check.id() + "-" + failure.subject() + host;
            case AFFECTED -> affected(check, failure) + host;
        };
    }

    private static String affected(CheckInfo check, Failure failure) {
        String id = dashed(check.id() + "-" + String.join("-", failure.affected()));
        return id.length() <= LONGEST_ID
                ? id
                : id.substring(0, LONGEST_ID) + "-"
                        + fingerprint(check, failure).substring(0, SUFFIX);
    }

    /** Lower case, every other run of characters than letters and digits as one {@code -}. */
    private static String dashed(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        StringBuilder id = new StringBuilder(lower.length());
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            boolean kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (kept) {
                id.append(c);
            } else if (id.length() > 0 && id.charAt(id.length() - 1) != '-') {
                id.append('-');
            }
        }
        return id.toString();
    }
}
