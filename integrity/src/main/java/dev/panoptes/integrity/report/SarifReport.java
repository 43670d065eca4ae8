package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.CheckTally;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.verdict.Verdict;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The issues as SARIF 2.1.0 (OASIS Standard, 27 March 2020). What could not be judged is a notification of the tool, since
 * it is no result.
 */
final class SarifReport implements ReportWriter {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

    @Override
    public void write(ScanReport report, Verdict verdict, Writer out) {
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartObject();
            json.writeStringProperty("$schema", SCHEMA);
            json.writeStringProperty("version", "2.1.0");
            json.writeArrayPropertyStart("runs");
            json.writeStartObject();
            tool(json, report);
            invocation(json, report, verdict);
            json.writeObjectPropertyStart("originalUriBaseIds");
            json.writeObjectPropertyStart(SarifLocations.BASE);
            Json.text(json, "description", "The root of the scan");
            json.writeEndObject();
            json.writeEndObject();
            results(json, report);
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void tool(JsonGenerator json, ScanReport report) {
        json.writeObjectPropertyStart("tool");
        json.writeObjectPropertyStart("driver");
        json.writeStringProperty("name", "Panoptes");
        json.writeArrayPropertyStart("rules");
        for (CheckTally tally : report.checks()) {
            rule(json, tally.check());
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void rule(JsonGenerator json, CheckInfo check) {
        json.writeStartObject();
        json.writeStringProperty("id", check.id());
        json.writeStringProperty("name", pascal(check.id()));
        Json.text(json, "shortDescription", check.title());
        Json.text(json, "fullDescription", "Fails when " + check.title() + ".");
        Json.text(json, "help", "panoptes explain " + check.id());
        json.writeObjectPropertyStart("defaultConfiguration");
        json.writeStringProperty("level", level(check.severity()));
        json.writeEndObject();
        json.writeObjectPropertyStart("properties");
        Json.strings(
                json, "tags", List.of("security", "integrity", check.group().id()));
        json.writeStringProperty("precision", "high");
        json.writeStringProperty("security-severity", securitySeverity(check.severity()));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void invocation(JsonGenerator json, ScanReport report, Verdict verdict) {
        json.writeArrayPropertyStart("invocations");
        json.writeStartObject();
        json.writeBooleanProperty("executionSuccessful", true);
        json.writeStringProperty("startTimeUtc", report.started().toString());
        json.writeStringProperty("endTimeUtc", report.completed().toString());
        json.writeNumberProperty("exitCode", verdict.outcome().exitCode());
        json.writeStringProperty("exitCodeDescription", verdict.reason());
        json.writeArrayPropertyStart("toolExecutionNotifications");
        SarifLocations locations = new SarifLocations(report.registry());
        for (UnknownSubject unknown : report.unknowns()) {
            json.writeStartObject();
            json.writeStringProperty("level", "warning");
            Json.text(
                    json,
                    "message",
                    "unknown: " + unknown.check() + " of " + unknown.subject() + ": " + unknown.reason());
            json.writeEndObject();
        }
        for (Problem problem : report.problems()) {
            json.writeStartObject();
            json.writeStringProperty("level", "warning");
            Json.text(json, "message", problem.text());
            json.writeArrayPropertyStart("locations");
            locations.write(
                    json,
                    new Evidence("problem", problem.file(), problem.location().line(), problem.message()),
                    List.of());
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void results(JsonGenerator json, ScanReport report) {
        Map<String, Integer> rules = new HashMap<>();
        for (CheckTally tally : report.checks()) {
            rules.put(tally.check().id(), rules.size());
        }
        json.writeArrayPropertyStart("results");
        Map<String, Issue> byId = new HashMap<>();
        report.issues().forEach(issue -> byId.put(issue.id(), issue));
        for (Issue issue : report.issues()) {
            result(json, report, issue, issue.cause() == null ? null : byId.get(issue.cause()), rules);
        }
        json.writeEndArray();
    }

    private static void result(
            JsonGenerator json, ScanReport report, Issue issue, @Nullable Issue cause, Map<String, Integer> rules) {
        json.writeStartObject();
        json.writeStringProperty("ruleId", issue.check());
        Integer rule = rules.get(issue.check());
        if (rule != null) {
            json.writeNumberProperty("ruleIndex", rule);
        }
        json.writeStringProperty("level", level(issue.severity()));
        Json.text(
                json,
                "message",
                sentence(issue.title()) + " " + sentence(issue.description()) + " " + sentence(issue.recommendation())
                        + (cause == null ? "" : " Follows from " + cause.id() + "."));
        locations(json, report, issue, cause);
        suppressions(json, issue);
        json.writeObjectPropertyStart("properties");
        json.writeStringProperty("id", issue.id());
        json.writeStringProperty("severity", issue.severity().id());
        json.writeStringProperty("host", issue.host());
        Integer port = issue.port();
        if (port != null) {
            json.writeNumberProperty("port", port);
        }
        Json.strings(json, "affected", issue.affected());
        if (cause != null) {
            json.writeStringProperty("cause", cause.id());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** The first file is the place of the result, the others are related; an issue about no file points at the registry. */
    private static void locations(JsonGenerator json, ScanReport report, Issue issue, @Nullable Issue cause) {
        List<Evidence> files = files(issue);
        if (files.isEmpty()) {
            files.add(new Evidence("registry", report.registry().path(), 0, issue.title()));
        }
        SarifLocations locations = new SarifLocations(report.registry());
        json.writeArrayPropertyStart("locations");
        locations.write(json, files.getFirst(), issue.affected());
        json.writeEndArray();
        List<Evidence> related = new ArrayList<>(files.subList(1, files.size()));
        if (cause != null) {
            // Where the cause stands: mending it mends this.
            files(cause).stream()
                    .limit(1)
                    .map(at -> new Evidence(at.source(), at.file(), at.line(), "cause: " + cause.title()))
                    .forEach(related::add);
        }
        if (!related.isEmpty()) {
            json.writeArrayPropertyStart("relatedLocations");
            for (Evidence evidence : related) {
                locations.write(json, evidence, List.of());
            }
            json.writeEndArray();
        }
        json.writeObjectPropertyStart("partialFingerprints");
        json.writeStringProperty("panoptes/v1", issue.fingerprint());
        json.writeStringProperty("directory/v1", locations.directory(files.getFirst()));
        json.writeStringProperty("primaryLocationLineHash", issue.fingerprint() + ":1");
        json.writeEndObject();
    }

    private static List<Evidence> files(Issue issue) {
        List<Evidence> files = new ArrayList<>();
        for (Evidence evidence : issue.evidence()) {
            if (evidence.file() != null) {
                files.add(evidence);
            }
        }
        return files;
    }

    private static void suppressions(JsonGenerator json, Issue issue) {
        json.writeArrayPropertyStart("suppressions");
        Waiver waiver = issue.waiver();
        if (waiver != null) {
            json.writeStartObject();
            json.writeStringProperty("kind", "external");
            json.writeStringProperty("status", "accepted");
            json.writeStringProperty(
                    "justification", waiver.reason() + " (" + waiver.owner() + ", until " + waiver.expires() + ")");
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case CRITICAL, HIGH -> "error";
            case MEDIUM -> "warning";
            case LOW, INFO -> "note";
        };
    }

    /** On the scale of CVSS, as code scanning services read it: above 9.0 critical, 7.0 high, 4.0 medium, 0.1 low. */
    private static String securitySeverity(Severity severity) {
        return switch (severity) {
            case CRITICAL -> "9.5";
            case HIGH -> "8.0";
            case MEDIUM -> "5.5";
            case LOW -> "2.0";
            case INFO -> "0.1";
        };
    }

    private static String sentence(String text) {
        return text.endsWith(".") || text.endsWith("?") ? text : text + ".";
    }

    private static String pascal(String id) {
        StringBuilder name = new StringBuilder(id.length());
        boolean upper = true;
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c == '-') {
                upper = true;
            } else {
                name.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return name.toString();
    }
}
