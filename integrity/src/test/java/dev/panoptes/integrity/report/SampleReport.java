package dev.panoptes.integrity.report;

import dev.panoptes.core.ContentDigest;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Fingerprint;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.verdict.Policy;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.CheckTally;
import dev.panoptes.integrity.verdict.ScanReport.IdleWaiver;
import dev.panoptes.integrity.verdict.ScanReport.RegistryReference;
import dev.panoptes.integrity.verdict.ScanReport.SnapshotReference;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.verdict.Score;
import dev.panoptes.integrity.verdict.Verdict;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fixed reports that hold one of everything, hostile text among it. */
final class SampleReport {
    private static final Instant STARTED = Instant.parse("2026-03-01T12:00:00.125Z");
    private static final Instant COMPLETED = Instant.parse("2026-03-01T12:00:00.437Z");
    private static final String REGISTRY = "config/agent-registry.yaml";

    private static final CheckInfo PORT_CONFLICT = CheckInfo.original(
            "port-conflict",
            "port_conflict",
            Severity.CRITICAL,
            CheckGroup.REGISTRY,
            "several agents are declared on one port of one host");
    private static final CheckInfo IDENTITY = CheckInfo.original(
            "identity-mismatch",
            "identity_mismatch",
            Severity.CRITICAL,
            CheckGroup.PROBE,
            "the health answer names another agent");
    private static final CheckInfo CODE_PORT = CheckInfo.original(
            "code-port-conflict",
            "code_conflict",
            Severity.HIGH,
            CheckGroup.CODE,
            "one port is bound by the code of several directories");
    private static final CheckInfo CYCLE =
            CheckInfo.of("chain-cycle", Severity.MEDIUM, CheckGroup.REGISTRY, "a chain calls itself");
    private static final CheckInfo NO_ACTIONS = CheckInfo.original(
            "no-actions", "registry_incomplete", Severity.LOW, CheckGroup.REGISTRY, "an agent has no actions");
    private static final CheckInfo OWNER = CheckInfo.of(
            "listener-owner", Severity.CRITICAL, CheckGroup.HOST, "another program listens on an agent's port");

    private SampleReport() {}

    static ScanReport failed() {
        List<Issue> issues = List.of(
                issue(
                        "port-conflict-8020",
                        PORT_CONFLICT,
                        "Port 8020 is declared by varys and cerberus",
                        "Both agents are declared on port 8020 of the host local, so only one of them can be reached"
                                + " there.",
                        List.of("varys", "cerberus"),
                        "Give one of them another port; 8021 is free",
                        List.of(
                                new Evidence("registry", REGISTRY, 212, "url: 'http://varys:8020'"),
                                new Evidence("registry", REGISTRY, 418, "url: 'http://cerberus:8020'")),
                        "local",
                        8020),
                issue(
                        "identity-mismatch-hermes@web-1",
                        IDENTITY,
                        "hermes answers as \u001b[31m<script>alert('x')</script>\u202e|",
                        "The health endpoint of hermes names another agent.",
                        List.of("hermes"),
                        "Start hermes there, or correct its URL & \"name\"",
                        List.of(Evidence.of("health", "GET http://10.0.0.5:8014/health: \"agent\": \"<b>EVIL</b>\"")),
                        "web-1",
                        8014),
                issue(
                        "code-port-conflict-8202",
                        CODE_PORT,
                        "Port 8202 is bound by the code of daedalus and gendry",
                        "Two directories bind one port, so the second to start fails. Their Dockerfiles and units do"
                                + " not pass another one, therefore it is the default of the code that counts on every"
                                + " machine.",
                        List.of("daedalus", "gendry"),
                        "Change the port in one of the two, and its registry entry with it",
                        List.of(
                                new Evidence("code", "agents/daedalus/main.py", 61, "uvicorn.run(app, port=8202)"),
                                new Evidence("code", "agents/gendry/ma in#1.py", 54, "app.run(port=PORT)")),
                        "local",
                        8202),
                issue(
                        "chain-cycle-nightly",
                        CYCLE,
                        "The chain nightly calls itself",
                        "nightly calls report, report calls nightly.",
                        List.of("nightly"),
                        "Remove one of the two calls",
                        List.of(
                                new Evidence("registry", REGISTRY, 500, "chain: report"),
                                new Evidence("registry", REGISTRY, 507, "chain: nightly")),
                        "local",
                        null),
                issue(
                                "no-actions-rosie",
                                NO_ACTIONS,
                                "rosie has no actions",
                                "The registry lists no action for rosie.",
                                List.of("rosie"),
                                "Declare its actions",
                                List.of(new Evidence("registry", REGISTRY, 310, "rosie:")),
                                "local",
                                null)
                        .waivedBy(new Waiver(
                                "no-actions-rosie", "ops", "retired in May", LocalDate.parse("2026-06-01"))));
        List<UnknownSubject> unknowns = List.of(
                new UnknownSubject(
                        ScanReport.UNREADABLE,
                        CheckGroup.CODE,
                        "agents/lantern/main.py",
                        "the file could not be read: permission denied"),
                new UnknownSubject("listener-owner", CheckGroup.HOST, "hermes", "owners hidden from uid 1000"),
                new UnknownSubject("listener-owner", CheckGroup.HOST, "varys", "owners hidden from uid 1000"));
        return new ScanReport(
                "0a1b2c3d",
                STARTED,
                COMPLETED,
                new Score(70, 4, 3),
                List.of(
                        new CheckTally(PORT_CONFLICT, 34, 1, 0),
                        new CheckTally(CYCLE, 2, 1, 0),
                        new CheckTally(NO_ACTIONS, 34, 0, 0),
                        new CheckTally(CODE_PORT, 0, 1, 0),
                        new CheckTally(OWNER, 0, 0, 2),
                        new CheckTally(IDENTITY, 0, 1, 0)),
                issues,
                unknowns,
                List.of(new Problem(
                        "unreadable",
                        "agents/lantern/main.py",
                        Location.WHOLE_FILE,
                        "the file could not be read: permission denied")),
                registry(true),
                List.of(new SnapshotReference(
                        "local",
                        "6f1c",
                        Instant.parse("2026-03-01T12:00:00.200Z"),
                        "panoptes",
                        Map.of(
                                "sockets",
                                "complete",
                                "owners",
                                "denied: owners hidden from uid 1000",
                                "units",
                                "absent: not booted with systemd"))),
                List.of(
                        new IdleWaiver(
                                new Waiver("port-conflict-8099", "ops", "moved", LocalDate.parse("2026-12-31")), false),
                        new IdleWaiver(
                                new Waiver("port-conflict-8020", "ops", "soon", LocalDate.parse("2026-02-01")), true)),
                List.of("The profile acme applies, since its registry exists and nothing else was found."));
    }

    static ScanReport incomplete() {
        return new ScanReport(
                "0a1b2c3d",
                STARTED,
                COMPLETED,
                new Score(34, 0, 2),
                List.of(new CheckTally(PORT_CONFLICT, 34, 0, 0), new CheckTally(OWNER, 0, 0, 2)),
                List.of(),
                List.of(
                        new UnknownSubject("listener-owner", CheckGroup.HOST, "hermes", "owners hidden from uid 1000"),
                        new UnknownSubject("listener-owner", CheckGroup.HOST, "varys", "owners hidden from uid 1000")),
                List.of(),
                registry(true),
                List.of(),
                List.of(),
                List.of());
    }

    static ScanReport passed() {
        return new ScanReport(
                "0a1b2c3d",
                STARTED,
                COMPLETED,
                new Score(34, 0, 0),
                List.of(new CheckTally(PORT_CONFLICT, 34, 0, 0)),
                List.of(),
                List.of(),
                List.of(),
                registry(true),
                List.of(),
                List.of(),
                List.of());
    }

    static Verdict verdict(ScanReport report) {
        return Policy.STRICT.judge(report);
    }

    private static RegistryReference registry(boolean readable) {
        return new RegistryReference(
                REGISTRY,
                REGISTRY,
                ContentDigest.known("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
                "1.2",
                "acme",
                36,
                readable);
    }

    private static Issue issue(
            String id,
            CheckInfo check,
            String title,
            String description,
            List<String> affected,
            String recommendation,
            List<Evidence> evidence,
            String host,
            @Nullable Integer port) {
        return new Issue(
                id,
                check.id(),
                check.category(),
                check.severity(),
                title,
                description,
                affected,
                recommendation,
                evidence,
                Fingerprint.of(check.id(), host, affected.getFirst()),
                host,
                port,
                COMPLETED,
                check.equals(CYCLE) ? Instant.parse("2026-02-01T08:00:00Z") : null,
                check.equals(CYCLE) ? IssueState.ACKNOWLEDGED : IssueState.NEW,
                null);
    }

    /** An agent whose unit is down, and which therefore does not listen. */
    static ScanReport caused() {
        CheckInfo down = CheckInfo.of("service-not-running", Severity.HIGH, CheckGroup.SYSTEMD, "down");
        CheckInfo silent = CheckInfo.of("port-not-listening", Severity.HIGH, CheckGroup.HOST, "silent");
        Evidence unit = new Evidence("unit", "units/hermes.service", 3, "hermes.service: failed");
        Issue cause = issue(
                "service-not-running-hermes",
                down,
                "hermes is down",
                "It is.",
                List.of("hermes"),
                "Start it",
                List.of(unit),
                "local",
                null);
        Issue effect = issue(
                        "port-not-listening-8014",
                        silent,
                        "nothing listens",
                        "It does not.",
                        List.of("hermes"),
                        "Start it",
                        List.of(new Evidence("registry", "r.yaml", 1, "hermes")),
                        "local",
                        8014)
                .following("service-not-running-hermes");
        return of(List.of(effect, cause));
    }

    /** Nothing that was selected applied to anything. */
    static ScanReport nothing() {
        return of(List.of());
    }

    private static ScanReport of(List<Issue> issues) {
        return new ScanReport(
                "0a1b2c3d",
                COMPLETED,
                COMPLETED,
                new dev.panoptes.integrity.verdict.Score(0, issues.size(), 0),
                List.of(),
                issues,
                List.of(),
                List.of(),
                new ScanReport.RegistryReference("r.yaml", null, null, null, null, 1, true),
                List.of(),
                List.of(),
                List.of());
    }
}
