package dev.panoptes.integrity.report;

import dev.panoptes.core.ContentDigest;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.CheckTally;
import dev.panoptes.integrity.verdict.ScanReport.IdleWaiver;
import dev.panoptes.integrity.verdict.ScanReport.RegistryReference;
import dev.panoptes.integrity.verdict.ScanReport.SnapshotReference;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.verdict.Score;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a whole report back from the JSON that was written of it, to write it in another format. */
public final class WholeReport {
    private WholeReport() {}

    /**
     * @param json what the JSON writer of this version or an older one wrote
     * @throws IllegalArgumentException where it is something else
     */
    public static ScanReport read(byte[] json) {
        try {
            return report(new JsonMapper().readTree(json));
        } catch (ReportReader.NotAReport e) {
            throw new IllegalArgumentException("no report: " + e.getMessage(), e);
        }
    }

    private static ScanReport report(JsonNode root) {
        List<Issue> issues = all(root, "issues", ReportReader::issue);
        List<UnknownSubject> unknowns = all(
                root,
                "unknowns",
                node -> new UnknownSubject(
                        ReportReader.text(node, "check"),
                        group(node),
                        ReportReader.text(node, "subject"),
                        ReportReader.text(node, "reason")));
        return new ScanReport(
                ReportReader.text(root, "report_id"),
                ReportReader.instant(root, "scan_started"),
                ReportReader.instant(root, "scan_completed"),
                new Score(number(root, "passed_checks"), number(root, "failed_checks"), number(root, "unknown_checks")),
                all(root, "checks", WholeReport::tally),
                issues,
                unknowns,
                all(root, "problems", WholeReport::problem),
                registry(root.path("registry")),
                all(root, "snapshots", WholeReport::snapshot),
                all(root, "idle_waivers", WholeReport::idle),
                ReportReader.texts(root.path("notes")),
                groups(root));
    }

    private static <T> List<T> all(JsonNode root, String name, Function<JsonNode, T> read) {
        List<T> all = new ArrayList<>();
        root.path(name).forEach(node -> all.add(read.apply(node)));
        return all;
    }

    private static int number(JsonNode node, String name) {
        return node.path(name).asInt(0);
    }

    private static @Nullable String textOrNull(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() ? value.stringValue() : null;
    }

    private static CheckGroup group(JsonNode node) {
        String id = ReportReader.text(node, "group");
        return CheckGroup.of(id).orElseThrow(() -> new ReportReader.NotAReport("there is no group " + id));
    }

    private static Set<CheckGroup> groups(JsonNode root) {
        Set<CheckGroup> groups = EnumSet.noneOf(CheckGroup.class);
        ReportReader.texts(root.path("not_looked_at"))
                .forEach(id -> CheckGroup.of(id).ifPresent(groups::add));
        return groups;
    }

    private static CheckTally tally(JsonNode node) {
        return new CheckTally(
                CheckInfo.of(
                        ReportReader.text(node, "check"),
                        ReportReader.severity(ReportReader.text(node, "severity")),
                        group(node),
                        ReportReader.text(node, "title")),
                number(node, "passed"),
                number(node, "failed"),
                number(node, "unknown"));
    }

    private static Problem problem(JsonNode node) {
        return new Problem(
                ReportReader.text(node, "code"),
                ReportReader.text(node, "file"),
                new Location(number(node, "line"), number(node, "column")),
                ReportReader.text(node, "message"));
    }

    private static RegistryReference registry(JsonNode node) {
        String digest = textOrNull(node, "digest");
        return new RegistryReference(
                ReportReader.text(node, "path"),
                null,
                digest == null ? null : ContentDigest.known(digest),
                textOrNull(node, "version"),
                textOrNull(node, "profile"),
                number(node, "agents"),
                node.path("readable").asBoolean(true));
    }

    private static SnapshotReference snapshot(JsonNode node) {
        Map<String, String> sources = new LinkedHashMap<>();
        node.path("sources")
                .properties()
                .forEach(each -> sources.put(each.getKey(), each.getValue().asString()));
        return new SnapshotReference(
                ReportReader.text(node, "host"),
                ReportReader.text(node, "host_id"),
                ReportReader.instant(node, "taken"),
                ReportReader.text(node, "observer"),
                sources);
    }

    private static IdleWaiver idle(JsonNode node) {
        Waiver waiver = ReportReader.waiver(node);
        if (waiver == null) {
            throw new ReportReader.NotAReport("a waiver is no object");
        }
        return new IdleWaiver(waiver, ReportReader.text(node, "why").equals("expired"));
    }
}
