package dev.panoptes.server.issues;

import dev.panoptes.core.issue.Fingerprint;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.Scanner;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether an issue that a report does not hold is gone or was only not looked at. It is gone where its check ran to its
 * end, everything its evidence rests on was seen again, and nothing that concerns it was left unjudged. In doubt it is there.
 */
final class Absence {
    private static final String REGISTRY_PARSE_ERROR = "registry-parse-error";

    private final ScanScope scope;
    private final Map<String, Set<String>> unknowns = new HashMap<>();
    private final Map<String, Set<String>> fingerprints = new HashMap<>();
    private final List<String> unreadable = new ArrayList<>();

    Absence(ScanReport report, ScanScope scope) {
        this.scope = scope;
        for (UnknownSubject unknown : report.unknowns()) {
            if (unknown.check().equals(ScanReport.UNREADABLE)) {
                unreadable.add(unknown.subject());
            } else {
                unknowns.computeIfAbsent(unknown.check(), _ -> new HashSet<>()).add(unknown.subject());
            }
        }
    }

    /**
     * An issue that is open and was not found.
     *
     * @param sources kinds of its evidence, see {@link dev.panoptes.core.issue.Evidence#source}
     * @param files files of its evidence
     */
    record Missing(
            String fingerprint,
            String check,
            String host,
            @Nullable Integer port,
            List<String> affected,
            List<String> sources,
            List<String> files) {
        Missing {
            affected = List.copyOf(affected);
            sources = List.copyOf(sources);
            files = List.copyOf(files);
        }
    }

    boolean isGone(Missing issue) {
        if (issue.check().equals(Scanner.SCANNER_ERROR.id())) {
            // Affected is the check that failed: it is well again once it has come to its end.
            return issue.affected().stream().allMatch(scope.checks()::containsKey);
        }
        CheckGroup group = scope.checks().get(issue.check());
        if (group == null || (!scope.registry() && !issue.check().equals(REGISTRY_PARSE_ERROR))) {
            return false;
        }
        return sawGroup(group, issue.host())
                && issue.sources().stream().allMatch(source -> sawSource(source, issue.host()))
                && !unjudged(issue)
                && !unread(issue);
    }

    private boolean sawGroup(CheckGroup group, String host) {
        return switch (group) {
            // Units and what Kubernetes runs are judged as declared or as observed; the evidence says which.
            case REGISTRY, SYSTEMD, KUBERNETES -> true;
            case CODE, COMPOSE, DOCKERFILE -> scope.declarations();
            case HOST -> scope.saw(host, Source.SOCKETS);
            case PROBE -> scope.saw(host, Source.PROBES);
            case ENROLLED -> scope.enrolled();
        };
    }

    private boolean sawSource(String source, String host) {
        return switch (source) {
            case "code", "dockerfile", "compose", "unit", "manifest" -> scope.declarations();
            case "socket" -> scope.saw(host, Source.SOCKETS);
            case "process" -> scope.saw(host, Source.OWNERS);
            case "systemd" -> scope.saw(host, Source.UNITS);
            case "health" -> scope.saw(host, Source.PROBES);
            case "enrolled" -> scope.enrolled();
            // The registry was judged above; what else there is was looked at with its group.
            default -> true;
        };
    }

    /** An Unknown of its check about its subject, or about an agent, a host or a port that it concerns. */
    private boolean unjudged(Missing issue) {
        Set<String> subjects = unknowns.getOrDefault(issue.check(), Set.of());
        if (subjects.isEmpty()) {
            return false;
        }
        return issue.affected().stream().anyMatch(subjects::contains)
                || subjects.contains(issue.host())
                || (issue.port() != null && subjects.contains(Integer.toString(issue.port())))
                || fingerprints
                        .computeIfAbsent(issue.check() + "\0" + issue.host(), _ -> fingerprints(issue, subjects))
                        .contains(issue.fingerprint());
    }

    private static Set<String> fingerprints(Missing issue, Set<String> subjects) {
        Set<String> all = new HashSet<>();
        subjects.forEach(subject -> all.add(Fingerprint.of(issue.check(), issue.host(), subject)));
        return all;
    }

    /** A file of its evidence, or of what it affects, that could not be read this time. */
    private boolean unread(Missing issue) {
        for (String file : unreadable) {
            if (issue.files().contains(file)) {
                return true;
            }
            for (String affected : issue.affected()) {
                if (file.equals(affected)
                        || affected.startsWith(file + "#")
                        || file.startsWith(affected + "/")
                        || file.contains("/" + affected + "/")) {
                    return true;
                }
            }
        }
        return false;
    }
}
