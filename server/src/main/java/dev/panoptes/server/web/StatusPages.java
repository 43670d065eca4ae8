package dev.panoptes.server.web;

import dev.panoptes.integrity.report.HtmlReport;
import dev.panoptes.integrity.report.WholeReport;
import dev.panoptes.integrity.verdict.Policy;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Handler;
import dev.panoptes.server.http.Pages;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.scans.ReportedIssue;
import dev.panoptes.server.scans.ScanService;
import dev.panoptes.server.scans.ScanSummary;
import dev.panoptes.server.scans.StoredScan;
import dev.panoptes.server.web.view.Caller;
import dev.panoptes.server.web.view.IssueLine;
import dev.panoptes.server.web.view.Part;
import dev.panoptes.server.web.view.StatusView;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What browsers see under the paths of the original contract: the Command Center, the status, the whole report. */
final class StatusPages implements Pages {
    /** For a turn to render a report. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Frame frame;
    private final CommandPage command;
    private final ScanService scans;
    /** The report of a large fleet takes many times its size to render: one at a time. */
    private final Semaphore rendering = new Semaphore(1, true);

    StatusPages(Frame frame, CommandPage command, ScanService scans) {
        this.frame = frame;
        this.command = command;
        this.scans = scans;
    }

    @Override
    public Map<String, Handler> byPath() {
        return Map.of(
                "/status", this::status,
                "/dashboard", command::show,
                "/scan", this::last,
                "/scan/last", this::last,
                "/api/v1/scans/{report_id}", this::report);
    }

    @Override
    public Response problem(Problem problem, String id) {
        Response page = frame.page(
                problem.code().status(),
                frame.bare(problem.code().title(), ""),
                "problem",
                Map.of("title", problem.code().title(), "detail", problem.detail(), "id", id));
        Duration wait = problem.retryAfter();
        return wait == null ? page : page.header("Retry-After", Long.toString(Math.max(1, wait.toSeconds())));
    }

    private Response status(Request request) throws InterruptedException {
        Optional<StoredScan> scan = scans.latest();
        if (scan.isEmpty()) {
            return nothing(request);
        }
        ScanSummary summary = scan.get().summary();
        List<IssueLine> issues =
                scan.get().topIssues().stream().map(StatusPages::line).toList();
        return frame.page(
                frame.shell(request, "Status: " + summary.status(), ""),
                "status",
                Map.of(
                        "view",
                        new StatusView(
                                summary.reportId(),
                                summary.status(),
                                summary.completedAt(),
                                Duration.between(summary.startedAt(), summary.completedAt()),
                                verdict(summary),
                                summary.passedChecks(),
                                summary.failedChecks(),
                                summary.unknownChecks(),
                                summary.healthScore(),
                                summary.agents(),
                                summary.chains(),
                                summary.totalIssues(),
                                issues)));
    }

    static List<Part> verdict(ScanSummary summary) {
        if (summary.totalChecks() == 0) {
            return List.of(Part.of("There was nothing to judge."));
        }
        return switch (summary.status()) {
            case "critical" ->
                List.of(
                        Part.of("This fleet is not what it claims to be: "),
                        new Part(summary.critical() + " critical, " + summary.high() + " high", "c"),
                        Part.of("."));
            case "degraded" ->
                List.of(
                        Part.of("This fleet differs from what it declares: "),
                        new Part(summary.high() + " high", "h"),
                        Part.of("."));
            default ->
                summary.unknownChecks() > 0
                        ? List.of(
                                Part.of("What could be judged is as declared; "),
                                new Part(Integer.toString(summary.unknownChecks()), "m"),
                                Part.of(" could not be judged."))
                        : List.of(Part.of("This fleet is "), new Part("what it claims to be", "k"), Part.of("."));
        };
    }

    private static IssueLine line(ReportedIssue issue) {
        return new IssueLine(
                issue.fingerprint(),
                issue.id(),
                issue.check(),
                issue.category(),
                issue.severity(),
                issue.title(),
                issue.description(),
                issue.recommendation(),
                issue.affected(),
                issue.host(),
                issue.port(),
                issue.state(),
                IssueLines.step(issue.state()),
                issue.firstSeen(),
                issue.detectedAt(),
                null,
                1,
                "",
                List.of(),
                List.of());
    }

    private Response nothing(Request request) throws InterruptedException {
        return frame.page(
                404,
                frame.shell(request, "No scan yet", ""),
                "problem",
                Map.of(
                        "title",
                        "Nothing was looked at yet",
                        "detail",
                        "The first scan has not ended. An operator can start one: POST /scan",
                        "id",
                        request.id()));
    }

    private Response last(Request request) throws InterruptedException {
        Optional<StoredScan> scan = scans.latest();
        return scan.isEmpty() ? nothing(request) : inTurn(request, scan.get());
    }

    private Response report(Request request) throws InterruptedException {
        return inTurn(
                request,
                scans.find(request.pathParameter("report_id"))
                        .orElseThrow(() -> Problem.notFound("There is no stored scan with this id")
                                .exception()));
    }

    private Response inTurn(Request request, StoredScan scan) throws InterruptedException {
        if (!rendering.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw Problem.later(ErrorCode.RESOURCE_ERROR, "Too many want to see a report", PATIENCE)
                    .exception();
        }
        try {
            return report(request, scan);
        } finally {
            rendering.release();
        }
    }

    private Response report(Request request, StoredScan scan) {
        ScanReport report = WholeReport.read(scan.json());
        Caller caller = Frame.caller(request.caller());
        HtmlReport.Frame around = new HtmlReport.Frame(
                frame.links().of("report.css"),
                reportHeader(caller),
                "All of them: <a href=\"/integrity?state=all\">Integrity</a>");
        StringWriter page = new StringWriter(1 << 16);
        try {
            new HtmlReport(around).write(report, Policy.STRICT.judge(report), page);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return Response.text("text/html; charset=utf-8", page.toString());
    }

    private String reportHeader(Caller caller) {
        return frame.text("reporthead", Map.of("caller", caller));
    }
}
