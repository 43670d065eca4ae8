package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.verdict.ReportDiff;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** What changed between two reports, as JSON: {@code new}, {@code resolved}, {@code unchanged}, {@code not_looked_at}, each a list of issues. */
public final class DiffJson {
    public String write(ReportDiff diff) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartObject();
            issues(json, "new", diff.added());
            issues(json, "resolved", diff.resolved());
            issues(json, "unchanged", diff.unchanged());
            issues(json, "not_looked_at", diff.notLookedAt());
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return out.toString();
    }

    private static void issues(JsonGenerator json, String name, List<Issue> issues) {
        json.writeArrayPropertyStart(name);
        issues.forEach(issue -> JsonReport.issue(json, issue));
        json.writeEndArray();
    }
}
