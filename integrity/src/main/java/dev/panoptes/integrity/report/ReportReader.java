package dev.panoptes.integrity.report;

import dev.panoptes.core.IoReason;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.integrity.verdict.ScanReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a report that was written as JSON. Fields that it does not know are ignored; what it needs must be there. */
public final class ReportReader {
    private static final int MOST_BYTES = 256 << 20;

    /** What reading gave. */
    public sealed interface Result {
        record Read(StoredReport report) implements Result {}

        /** @param reason follows the file's name, for example {@code does not exist} */
        record Refused(String reason) implements Result {}
    }

    public Result read(Path file) {
        if (!Files.exists(file)) {
            return new Result.Refused("does not exist");
        }
        if (!Files.isRegularFile(file)) {
            return new Result.Refused("is no regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            return bytes.length > MOST_BYTES
                    ? new Result.Refused("is larger than " + (MOST_BYTES >> 20) + " MiB")
                    : new Result.Read(report(new JsonMapper().readTree(bytes)));
        } catch (JacksonException e) {
            return new Result.Refused("is no JSON");
        } catch (NotAReport e) {
            return new Result.Refused("is no report of Panoptes: " + e.getMessage());
        } catch (IOException e) {
            return new Result.Refused("cannot be read: " + IoReason.of(e));
        }
    }

    /** Something that a report has is missing or of another type. */
    static final class NotAReport extends RuntimeException {
        NotAReport(String message) {
            super(message);
        }
    }

    private static StoredReport report(JsonNode root) {
        if (root.isMissingNode()) {
            throw new NotAReport("it is empty");
        }
        if (!root.isObject()) {
            throw new NotAReport("it is no JSON object");
        }
        JsonNode schema = root.path("schema");
        if (!schema.isMissingNode() && (!schema.isInt() || schema.intValue() != ScanReport.SCHEMA)) {
            throw new NotAReport("its schema is " + (schema.isInt() ? schema.intValue() : "no number")
                    + ", and this version reads schema " + ScanReport.SCHEMA);
        }
        List<Issue> issues = new ArrayList<>();
        JsonNode list = root.path("issues");
        if (!list.isArray()) {
            throw new NotAReport("it has no issues");
        }
        for (JsonNode issue : list) {
            issues.add(issue(issue));
        }
        return new StoredReport(text(root, "report_id"), instant(root, "scan_completed"), issues, new LookedAt(root));
    }

    static Issue issue(JsonNode node) {
        String detected = "detected_at";
        JsonNode firstSeen = node.path("first_seen");
        JsonNode port = node.path("port");
        return new Issue(
                text(node, "id"),
                text(node, "check"),
                text(node, "category"),
                severity(text(node, "severity")),
                text(node, "title"),
                text(node, "description"),
                texts(node.path("affected")),
                text(node, "recommendation"),
                evidence(node.path("evidence")),
                text(node, "fingerprint"),
                text(node, "host"),
                port.isInt() ? port.intValue() : null,
                instant(node, detected),
                firstSeen.isString() ? instant(node, "first_seen") : null,
                state(text(node, "state")),
                waiver(node.path("waiver")),
                node.path("cause").isString() ? text(node, "cause") : null);
    }

    static List<Evidence> evidence(JsonNode list) {
        List<Evidence> evidence = new ArrayList<>();
        for (JsonNode node : list) {
            JsonNode file = node.path("file");
            JsonNode line = node.path("line");
            evidence.add(new Evidence(
                    text(node, "source"),
                    file.isString() ? file.stringValue() : null,
                    line.isInt() ? line.intValue() : 0,
                    text(node, "text")));
        }
        return evidence;
    }

    static @Nullable Waiver waiver(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        try {
            return new Waiver(
                    text(node, "issue"),
                    text(node, "owner"),
                    text(node, "reason"),
                    LocalDate.parse(text(node, "expires")));
        } catch (DateTimeException e) {
            throw new NotAReport("expires is no date");
        }
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        for (JsonNode node : list) {
            if (node.isString()) {
                texts.add(node.stringValue());
            }
        }
        return texts;
    }

    static Severity severity(String id) {
        return Severity.of(id).orElseThrow(() -> new NotAReport("there is no severity " + id));
    }

    private static IssueState state(String id) {
        try {
            return IssueState.valueOf(id.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new NotAReport("there is no state " + id);
        }
    }

    static Instant instant(JsonNode node, String name) {
        try {
            return Instant.parse(text(node, name));
        } catch (DateTimeException e) {
            throw new NotAReport(name + " is no time");
        }
    }

    static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isString()) {
            throw new NotAReport("it has no " + name);
        }
        return value.stringValue();
    }
}
