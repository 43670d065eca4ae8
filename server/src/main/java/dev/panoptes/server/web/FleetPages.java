package dev.panoptes.server.web;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.Policy;
import dev.panoptes.integrity.ScanReport;
import dev.panoptes.integrity.report.HtmlReport;
import dev.panoptes.integrity.report.WholeReport;
import dev.panoptes.server.health.AgentHealth;
import dev.panoptes.server.health.Component;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Handler;
import dev.panoptes.server.http.Pages;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.scans.ReportedIssue;
import dev.panoptes.server.scans.ScanService;
import dev.panoptes.server.scans.ScanSummary;
import dev.panoptes.server.scans.StoredScan;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The last scan for people: its status, its figures, its report. */
public final class FleetPages implements Pages {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final int TOP = 5;
    private static final int MOST_AGENTS = 60;
    private static final List<String> WORST_FIRST = List.of("incompatible", "stopped", "stale", "unknown", "running");

    /** For a turn to render a report. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ScanService scans;
    /** The report of a large fleet takes many times its size to render: one at a time. */
    private final Semaphore rendering = new Semaphore(1, true);

    private final List<Component> infrastructure;

    public FleetPages(ScanService scans, List<Component> infrastructure) {
        this.scans = scans;
        this.infrastructure = List.copyOf(infrastructure);
    }

    @Override
    public Map<String, Handler> byPath() {
        return Map.of(
                "/status", this::status,
                "/dashboard", this::dashboard,
                "/scan", this::last,
                "/scan/last", this::last,
                "/api/v1/scans/{report_id}", this::report);
    }

    @Override
    public Response problem(Problem problem, String id) {
        Response page = Layout.page(
                problem.code().status(),
                problem.code().title(),
                "",
                new Principal.Anonymous(),
                Html.of(
                        "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n<p class=\"t3\">Request {}</p>\n",
                        problem.code().title() + ".",
                        problem.detail(),
                        id));
        Duration wait = problem.retryAfter();
        return wait == null ? page : page.header("Retry-After", Long.toString(Math.max(1, wait.toSeconds())));
    }

    private Response status(Request request) {
        Optional<StoredScan> scan = scans.latest();
        if (scan.isEmpty()) {
            return nothing(request);
        }
        ScanSummary summary = scan.get().summary();
        List<ReportedIssue> issues = scan.get().topIssues();
        return page(
                request,
                "Status: " + summary.status(),
                Html.of(
                        "{}{}{}",
                        head(summary),
                        figures(summary),
                        issues(
                                "The " + (issues.size() == 1 ? "worst issue" : issues.size() + " worst issues"),
                                issues,
                                summary)));
    }

    private Response dashboard(Request request) {
        Optional<StoredScan> scan = scans.latest();
        if (scan.isEmpty()) {
            return nothing(request);
        }
        ScanSummary summary = scan.get().summary();
        List<ReportedIssue> issues = scan.get().topIssues().stream().limit(TOP).toList();
        return page(
                request,
                "Dashboard: " + summary.status(),
                Html.of(
                        "{}{}{}{}{}",
                        head(summary),
                        figures(summary),
                        issues("Needs you first", issues, summary),
                        agents(scan.get().agents()),
                        infrastructure()));
    }

    private static Response page(Request request, String title, Html main) {
        return Layout.page(200, title, request.path(), request.caller(), main);
    }

    private static Response nothing(Request request) {
        return Layout.page(
                404,
                "No scan yet",
                request.path(),
                request.caller(),
                Html.of(
                        "<h1>Nothing was looked at yet.</h1>\n<p class=\"lead\">The first scan has not ended. An operator"
                                + " can start one: <code>POST /scan</code></p>\n"));
    }

    private static Html head(ScanSummary summary) {
        return Html.of(
                "<p class=\"crumb\">Scan {} ({}), {}, took {} ms</p>\n<h1>{}</h1>\n",
                summary.reportId(),
                summary.cause(),
                time(summary.completedAt()),
                Duration.between(summary.startedAt(), summary.completedAt()).toMillis(),
                verdict(summary));
    }

    private static Html verdict(ScanSummary summary) {
        if (summary.totalChecks() == 0) {
            return Html.of("There was nothing to judge.");
        }
        return switch (summary.status()) {
            case "critical" ->
                Html.of(
                        "This fleet is not what it claims to be: <em class=\"critical\">{} critical, {} high</em>.",
                        summary.critical(),
                        summary.high());
            case "degraded" ->
                Html.of("This fleet differs from what it declares: <em class=\"high\">{} high</em>.", summary.high());
            default ->
                summary.unknownChecks() > 0
                        ? Html.of(
                                "What could be judged is as declared. <em class=\"medium\">{} could not be judged</em>.",
                                summary.unknownChecks())
                        : Html.of("This fleet is <em class=\"ok\">what it claims to be</em>.");
        };
    }

    private static Html figures(ScanSummary summary) {
        return Html.of(
                """
                <section class="panel vitals" aria-label="Figures">
                <div class="vital"><h2>Score</h2><div class="big">{}<small> of 100</small></div>\
                <p>passed among those judged</p></div>
                <div class="vital"><h2>Coverage</h2><div class="big">{}<small> %</small></div>\
                <p>{} of {} could not be judged</p></div>
                <div class="vital"><h2>Issues</h2><div class="big">{}</div><p>{} critical, {} high</p></div>
                <div class="vital"><h2>Declared</h2><dl class="kv"><dt>agents</dt><dd>{}</dd><dt>chains</dt><dd>{}</dd></dl></div>
                </section>
                """,
                summary.healthScore(),
                summary.coverage(),
                summary.unknownChecks(),
                summary.totalChecks(),
                summary.totalIssues(),
                summary.critical(),
                summary.high(),
                summary.agents(),
                summary.chains());
    }

    private static Html issues(String title, List<ReportedIssue> issues, ScanSummary summary) {
        return Html.of(
                """
                <section class="panel" aria-labelledby="issues"><div class="ph"><h2 id="issues">{}</h2>\
                <span class="sub">{} in the <a href="/scan/last">report</a></span></div>
                {}</section>
                """,
                issues.isEmpty() ? "Issues" : title,
                summary.totalIssues(),
                issues.isEmpty() ? Html.of("<p class=\"none\">None.</p>\n") : Html.each(issues, FleetPages::issue));
    }

    private static Html issue(ReportedIssue issue) {
        return Html.of(
                """
                <details class="issue" data-severity="{}"><summary><span class="sv {}">{}{}</span><span class="ti">{}</span>\
                <span class="id">{}</span></summary>
                <div class="body"><div><p>{}</p><h3>Evidence</h3><ul class="ev">{}</ul></div>\
                <div><h3>What to do</h3><p class="fix">{}</p><h3>Affected</h3><div class="tags">{}</div>\
                <dl class="kv"><dt>check</dt><dd>{}</dd><dt>state</dt><dd>{}</dd><dt>first seen</dt><dd>{}</dd></dl></div></div></details>
                """,
                issue.severity(),
                issue.severity(),
                new Html(HtmlReport.mark(Severity.of(issue.severity()).orElse(Severity.INFO))),
                issue.severity(),
                issue.title(),
                issue.id(),
                issue.description(),
                Html.each(issue.evidence(), FleetPages::evidence),
                issue.recommendation(),
                Html.each(issue.affected(), affected -> Html.of("<span class=\"tag\">{}</span>", affected)),
                issue.check(),
                issue.state(),
                time(issue.firstSeen()));
    }

    private static Html evidence(ReportedIssue.EvidenceView evidence) {
        String file = evidence.file();
        String place = file == null ? "" : (evidence.line() == null ? file : file + ":" + evidence.line()) + " · ";
        return Html.of(
                "<li><span class=\"at\">{}{}</span><code>{}</code></li>", place, evidence.source(), evidence.text());
    }

    private static Html agents(List<AgentHealth> agents) {
        List<AgentHealth> shown = agents.stream()
                .sorted(Comparator.comparingInt(agent -> WORST_FIRST.indexOf(agent.status())))
                .limit(MOST_AGENTS)
                .toList();
        if (shown.isEmpty()) {
            return Html.NONE;
        }
        long running = agents.stream()
                .filter(agent -> agent.status().equals("running"))
                .count();
        return Html.of(
                """
                <section class="panel" aria-labelledby="agents"><div class="ph"><h2 id="agents">Agents</h2>\
                <span class="sub">{} of {} seen running{}</span></div>
                <div class="scroll" role="region" tabindex="0" aria-labelledby="agents"><table><thead><tr><th scope="col">Agent</th>\
                <th scope="col">Seen</th><th scope="col">Host</th><th scope="col" class="num">Port</th><th scope="col" class="num">Pid</th>\
                <th scope="col">Why</th></tr></thead><tbody>
                {}</tbody></table></div></section>
                """,
                running,
                agents.size(),
                shown.size() < agents.size() ? "; the " + shown.size() + " worst are shown" : "",
                Html.each(
                        shown,
                        agent -> Html.of(
                                """
                                <tr><th scope="row">{}</th><td class="keep {}">{}</td><td class="mono keep">{}</td><td class="num">{}</td>\
                                <td class="num">{}</td><td class="t2">{}</td></tr>
                                """,
                                agent.name(),
                                "state-" + agent.status(),
                                agent.status(),
                                agent.host(),
                                text(agent.port()),
                                text(agent.pid()),
                                text(agent.lastError()))));
    }

    private static String text(@org.jspecify.annotations.Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private Html infrastructure() {
        return Html.of(
                """
                <section class="panel" aria-labelledby="parts"><div class="ph"><h2 id="parts">Infrastructure</h2></div>
                <dl class="kv inset">{}</dl></section>
                """,
                Html.each(
                        infrastructure,
                        part -> Html.of(
                                "<dt>{}</dt><dd>{}</dd>",
                                part.name().replace('_', ' '),
                                part.state().get().id().replace('_', ' '))));
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
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

    private static Response report(Request request, StoredScan scan) {
        ScanReport report = WholeReport.read(scan.json());
        HtmlReport.Frame frame = new HtmlReport.Frame(
                Layout.STYLESHEET,
                Layout.header("/scan/last", request.caller()).text(),
                "All of them: <code>GET /api/v1/integrity/issues</code>");
        StringWriter page = new StringWriter(1 << 16);
        try {
            new HtmlReport(frame).write(report, Policy.STRICT.judge(report), page);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return Response.text("text/html; charset=utf-8", page.toString());
    }
}
