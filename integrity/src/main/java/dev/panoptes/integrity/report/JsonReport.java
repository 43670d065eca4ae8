package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.verdict.Causes;
import dev.panoptes.integrity.verdict.Causes.Cause;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.CheckTally;
import dev.panoptes.integrity.verdict.ScanReport.IdleWaiver;
import dev.panoptes.integrity.verdict.ScanReport.SnapshotReference;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.verdict.Verdict;
import java.io.Writer;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** The report as JSON, field for field as the documentation lists it. Instants are ISO 8601 in UTC. */
final class JsonReport implements ReportWriter {
    @Override
    public void write(ScanReport report, Verdict verdict, Writer out) {
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartObject();
            json.writeNumberProperty("schema", ScanReport.SCHEMA);
            json.writeStringProperty("report_id", report.reportId());
            json.writeStringProperty("scan_started", report.started().toString());
            json.writeStringProperty("scan_completed", report.completed().toString());
            json.writeNumberProperty("duration_ms", report.duration().toMillis());
            counts(json, report);
            registry(json, report);
            json.writeArrayPropertyStart("issues");
            report.issues().forEach(issue -> issue(json, issue));
            json.writeEndArray();
            causes(json, report);
            unknowns(json, report);
            problems(json, report);
            snapshots(json, report);
            checks(json, report);
            idleWaivers(json, report);
            Json.strings(json, "notes", report.notes());
            Json.strings(
                    json,
                    "not_looked_at",
                    report.notLookedAt().stream().sorted().map(CheckGroup::id).toList());
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void counts(JsonGenerator json, ScanReport report) {
        json.writeNumberProperty("total_checks", report.score().total());
        json.writeNumberProperty("passed_checks", report.score().passed());
        json.writeNumberProperty("failed_checks", report.score().failed());
        json.writeNumberProperty("unknown_checks", report.score().unknown());
        json.writeNumberProperty("waived_issues", report.waivedIssues());
        if (report.score().judged()) {
            json.writeNumberProperty("health_score", report.score().health());
        } else {
            json.writeNullProperty("health_score");
        }
        json.writeNumberProperty("coverage", report.score().coverage());
        Severity worst = report.worstSeverity();
        Json.string(json, "worst_severity", worst == null ? null : worst.id());
        json.writeObjectPropertyStart("summary");
        report.summary().forEach((severity, count) -> json.writeNumberProperty(severity.id(), count));
        json.writeEndObject();
    }

    private static void registry(JsonGenerator json, ScanReport report) {
        json.writeObjectPropertyStart("registry");
        json.writeStringProperty("path", report.registry().path());
        Json.string(json, "digest", report.registry().digest());
        Json.string(json, "version", report.registry().version());
        Json.string(json, "profile", report.registry().profile());
        json.writeNumberProperty("agents", report.registry().agents());
        json.writeBooleanProperty("readable", report.registry().readable());
        json.writeEndObject();
    }

    static void issue(JsonGenerator json, Issue issue) {
        json.writeStartObject();
        json.writeStringProperty("id", issue.id());
        json.writeStringProperty("check", issue.check());
        json.writeStringProperty("category", issue.category());
        json.writeStringProperty("severity", issue.severity().id());
        json.writeStringProperty("title", issue.title());
        json.writeStringProperty("description", issue.description());
        Json.strings(json, "affected", issue.affected());
        json.writeStringProperty("recommendation", issue.recommendation());
        json.writeStringProperty("detected_at", issue.detectedAt().toString());
        json.writeStringProperty("fingerprint", issue.fingerprint());
        json.writeStringProperty("host", issue.host());
        Integer port = issue.port();
        if (port == null) {
            json.writeNullProperty("port");
        } else {
            json.writeNumberProperty("port", port);
        }
        json.writeArrayPropertyStart("evidence");
        issue.evidence().forEach(evidence -> evidence(json, evidence));
        json.writeEndArray();
        Json.string(
                json,
                "first_seen",
                issue.firstSeen() == null
                        ? issue.detectedAt().toString()
                        : issue.firstSeen().toString());
        json.writeStringProperty("state", issue.state().id());
        Json.string(json, "cause", issue.cause());
        Waiver waiver = issue.waiver();
        if (waiver != null) {
            json.writeObjectPropertyStart("waiver");
            waiver(json, waiver);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** Every issue that follows from none, worst first, with the ids of those that follow from it; the waived are left out. */
    private static void causes(JsonGenerator json, ScanReport report) {
        List<Issue> open =
                report.issues().stream().filter(issue -> !issue.waived()).toList();
        json.writeArrayPropertyStart("causes");
        for (Cause cause : Causes.tree(open)) {
            json.writeStartObject();
            json.writeStringProperty("issue", cause.issue().id());
            json.writeStringProperty("fingerprint", cause.issue().fingerprint());
            json.writeStringProperty("severity", cause.issue().severity().id());
            json.writeNumberProperty("issues", cause.consequences().size() + 1);
            Json.strings(
                    json,
                    "consequences",
                    cause.consequences().stream().map(Issue::id).toList());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void evidence(JsonGenerator json, Evidence evidence) {
        json.writeStartObject();
        json.writeStringProperty("source", evidence.source());
        Json.string(json, "file", evidence.file());
        if (evidence.line() == 0) {
            json.writeNullProperty("line");
        } else {
            json.writeNumberProperty("line", evidence.line());
        }
        json.writeStringProperty("text", evidence.text());
        json.writeEndObject();
    }

    private static void waiver(JsonGenerator json, Waiver waiver) {
        json.writeStringProperty("issue", waiver.issue());
        if (waiver.check() != null) {
            json.writeStringProperty("check", waiver.check());
        }
        if (waiver.agent() != null) {
            json.writeStringProperty("agent", waiver.agent());
        }
        json.writeStringProperty("owner", waiver.owner());
        json.writeStringProperty("reason", waiver.reason());
        json.writeStringProperty("expires", waiver.expires().toString());
    }

    private static void unknowns(JsonGenerator json, ScanReport report) {
        json.writeArrayPropertyStart("unknowns");
        for (UnknownSubject unknown : report.unknowns()) {
            json.writeStartObject();
            json.writeStringProperty("check", unknown.check());
            json.writeStringProperty("group", unknown.group().id());
            json.writeStringProperty("subject", unknown.subject());
            json.writeStringProperty("reason", unknown.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void problems(JsonGenerator json, ScanReport report) {
        json.writeArrayPropertyStart("problems");
        for (Problem problem : report.problems()) {
            json.writeStartObject();
            json.writeStringProperty("code", problem.code());
            json.writeStringProperty("file", problem.file());
            json.writeNumberProperty("line", problem.location().line());
            json.writeNumberProperty("column", problem.location().column());
            json.writeStringProperty("message", problem.message());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void snapshots(JsonGenerator json, ScanReport report) {
        json.writeArrayPropertyStart("snapshots");
        for (SnapshotReference snapshot : report.snapshots()) {
            json.writeStartObject();
            json.writeStringProperty("host", snapshot.host());
            json.writeStringProperty("host_id", snapshot.hostId());
            json.writeStringProperty("taken", snapshot.taken().toString());
            json.writeStringProperty("observer", snapshot.observer());
            json.writeObjectPropertyStart("sources");
            new TreeMap<>(snapshot.sources()).forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void checks(JsonGenerator json, ScanReport report) {
        json.writeArrayPropertyStart("checks");
        for (CheckTally tally : report.checks()) {
            json.writeStartObject();
            json.writeStringProperty("check", tally.check().id());
            json.writeStringProperty("group", tally.check().group().id());
            json.writeStringProperty("severity", tally.check().severity().id());
            json.writeStringProperty("title", tally.check().title());
            json.writeNumberProperty("passed", tally.passed());
            json.writeNumberProperty("failed", tally.failed());
            json.writeNumberProperty("unknown", tally.unknown());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void idleWaivers(JsonGenerator json, ScanReport report) {
        json.writeArrayPropertyStart("idle_waivers");
        for (IdleWaiver idle : report.waivers()) {
            json.writeStartObject();
            waiver(json, idle.waiver());
            json.writeStringProperty("why", idle.expired() ? "expired" : "no such issue");
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
