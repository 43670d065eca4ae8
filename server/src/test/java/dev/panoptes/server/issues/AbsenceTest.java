package dev.panoptes.server.issues;

import static dev.panoptes.server.issues.Reports.everything;
import static dev.panoptes.server.issues.Reports.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Fingerprint;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** "Not found" is not "gone": only what was judged is resolved. */
class AbsenceTest {
    private static final Absence.Missing OFFLINE = new Absence.Missing(
            Fingerprint.of("port-not-listening", "web-1", "8014"),
            "port-not-listening",
            "web-1",
            8014,
            List.of("hermes"),
            List.of("registry", "socket"),
            List.of("agent-registry.yaml"));

    private static final Absence.Missing CODE = new Absence.Missing(
            Fingerprint.of("code-port-conflict", "local", "8020"),
            "code-port-conflict",
            "local",
            8020,
            List.of("hermes", "atlas"),
            List.of("code"),
            List.of("agents/hermes/main.py"));

    private static boolean gone(Absence.Missing issue, ScanScope scope, UnknownSubject... unknowns) {
        ScanReport report = Reports.report(Instant.EPOCH, Instant.EPOCH, List.of(), unknowns);
        return new Absence(report, scope).isGone(issue);
    }

    private static ScanScope scope(boolean registry, boolean declarations, Map<String, Set<Source>> seen) {
        return new ScanScope(everything().checks(), registry, declarations, true, seen);
    }

    private static UnknownSubject unknown(String check, String subject) {
        return new UnknownSubject(check, CheckGroup.HOST, subject, "could not look");
    }

    @Test
    void whatWasJudgedAndNotFoundIsGone() {
        assertThat(gone(OFFLINE, everything())).isTrue();
        assertThat(gone(CODE, everything())).isTrue();
    }

    @Test
    void aCheckThatDidNotRunResolvesNothing() {
        assertThat(gone(OFFLINE, without("port-not-listening"))).isFalse();
        assertThat(gone(CODE, without("port-not-listening"))).isTrue();
    }

    @Test
    void aHostThatNobodySpokeForKeepsItsIssues() {
        Set<Source> all = Set.of(Source.values());
        assertThat(gone(OFFLINE, scope(true, true, Map.of("local", all)))).isFalse();
        assertThat(gone(OFFLINE, scope(true, true, Map.of("web-1", Set.of(Source.UNITS)))))
                .isFalse();
        assertThat(gone(OFFLINE, scope(true, true, Map.of("web-1", Set.of(Source.SOCKETS)))))
                .isTrue();
    }

    @Test
    void evidenceThatWasNotSeenAgainKeepsAnIssue() {
        Absence.Missing owner = new Absence.Missing(
                "f", "listener-owner", "local", 1, List.of("a"), List.of("socket", "process"), List.of());
        assertThat(gone(owner, scope(true, true, Map.of("local", Set.of(Source.SOCKETS)))))
                .isFalse();
        assertThat(gone(owner, scope(true, true, Map.of("local", Set.of(Source.SOCKETS, Source.OWNERS)))))
                .isTrue();
    }

    @Test
    void withoutDeclarationsNoIssueOfTheCodeIsResolved() {
        assertThat(gone(CODE, scope(true, false, everything().seen()))).isFalse();
        assertThat(gone(OFFLINE, scope(true, false, everything().seen()))).isTrue();
    }

    @Test
    void anUnreadableRegistryResolvesNothingButItselfBeingUnreadable() {
        Absence.Missing unreadable = new Absence.Missing(
                "f",
                "registry-parse-error",
                "local",
                null,
                List.of("agent-registry.yaml"),
                List.of("registry"),
                List.of());
        ScanScope broken = scope(false, true, everything().seen());
        assertThat(gone(OFFLINE, broken)).isFalse();
        assertThat(gone(CODE, broken)).isFalse();
        assertThat(gone(unreadable, everything())).isTrue();
    }

    @Test
    void anUnknownThatConcernsAnIssueKeepsIt() {
        for (String subject : List.of("8014", "hermes", "web-1")) {
            assertThat(gone(OFFLINE, everything(), unknown("port-not-listening", subject)))
                    .as(subject)
                    .isFalse();
        }
        assertThat(gone(OFFLINE, everything(), unknown("port-not-listening", "atlas")))
                .isTrue();
        assertThat(gone(OFFLINE, everything(), unknown("listener-owner", "8014")))
                .isTrue();
    }

    @Test
    void anUnknownAboutTheVerySubjectKeepsAnIssueEvenWhereItIsNoAgentAndNoPort() {
        Absence.Missing pair = new Absence.Missing(
                Fingerprint.of("duplicate-dir", "local", "a-b"),
                "duplicate-dir",
                "local",
                null,
                List.of("a", "b"),
                List.of("code"),
                List.of());
        assertThat(gone(pair, everything(), unknown("duplicate-dir", "a-b"))).isFalse();
        assertThat(gone(pair, everything(), unknown("duplicate-dir", "a-c"))).isTrue();
    }

    @Test
    void aFileThatCouldNotBeReadKeepsWhatItMayHold() {
        for (String file : List.of("agents/hermes/main.py", "agents/hermes/config.py", "atlas/settings.py")) {
            assertThat(gone(CODE, everything(), unknown(ScanReport.UNREADABLE, file)))
                    .as(file)
                    .isFalse();
        }
        assertThat(gone(CODE, everything(), unknown(ScanReport.UNREADABLE, "agents/hermes2/main.py")))
                .isTrue();
        Absence.Missing service = new Absence.Missing(
                "f",
                "compose-missing-context",
                "local",
                null,
                List.of("deploy/compose.yml#web"),
                List.of("compose"),
                List.of("deploy/compose.yml"));
        assertThat(gone(service, everything(), unknown(ScanReport.UNREADABLE, "deploy/compose.yml")))
                .isFalse();
    }

    @Test
    void aCheckThatFailedIsWellOnceItHasEnded() {
        Absence.Missing error = new Absence.Missing(
                "f", "scanner-error", "local", null, List.of("port-conflict"), List.of("scanner"), List.of());
        assertThat(gone(error, without("port-conflict"))).isFalse();
        assertThat(gone(error, everything())).isTrue();
    }
}
