package dev.panoptes.server.scans;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.Selection;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The integrity calls of the original contract, field by field, and the stored scans. */
public final class ScanResource implements Resource {
    /** How long a call waits for it. */
    private static final Duration FIRST_SCAN = Duration.ofSeconds(60);

    private static final Duration COME_BACK = Duration.ofSeconds(5);

    private static final int TOP = 5;
    private static final Selection PORTS =
            new Selection(Set.of("port-conflict", "port-not-listening", "code-port-conflict"), Set.of());
    private static final Selection AGENTS = new Selection(
            Set.of("identity-mismatch", "port-mismatch", "agent-unresponsive", "health-check-error"), Set.of());
    private static final Selection REGISTRY = new Selection(Set.of(CheckGroup.REGISTRY.id()), Set.of());

    private final ScanService scans;
    private final String version;
    private final @Nullable LocalDate launchDate;
    private final InstantSource clock;

    /** @param launchDate null where nothing is counted down to */
    public ScanResource(ScanService scans, String version, @Nullable LocalDate launchDate, InstantSource clock) {
        this.scans = scans;
        this.version = version;
        this.launchDate = launchDate;
        this.clock = clock;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/health", Access.OPEN, this::health),
                Route.get("/status", Access.VIEWER, this::status),
                Route.get("/dashboard", Access.VIEWER, this::dashboard),
                Route.post("/scan", Access.OPERATOR, this::scan),
                Route.get("/scan", Access.VIEWER, this::last),
                Route.get("/scan/last", Access.VIEWER, this::last),
                Route.get("/issues", Access.VIEWER, this::issues),
                Route.get("/ports", Access.VIEWER, this::ports),
                Route.get("/agents/verify", Access.VIEWER, this::agents),
                Route.get("/registry/validate", Access.VIEWER, this::registry),
                Route.get("/api/v1/scans", Access.VIEWER, this::list),
                Route.get("/api/v1/scans/{report_id}", Access.VIEWER, this::find));
    }

    /**
     * @param lastScan null before the first scan
     * @param daysToLaunch null, and left out, where nothing is counted down to
     */
    record Health(
            String status,
            String agent,
            String role,
            int port,
            String version,
            Instant timestamp,
            @Nullable Instant lastScan,
            int registeredAgents,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long daysToLaunch) {}

    private Response health(Request request) {
        Optional<ScanSummary> last = scans.remembered().map(StoredScan::summary);
        Instant now = clock.instant();
        Long days = launchDate == null
                ? null
                : ChronoUnit.DAYS.between(now.atOffset(ZoneOffset.UTC).toLocalDate(), launchDate);
        return Response.json(new Health(
                "healthy",
                "PANOPTES",
                "Integrity Guardian",
                request.port(),
                version,
                now.truncatedTo(ChronoUnit.MILLIS),
                last.map(ScanSummary::completedAt).orElse(null),
                last.map(ScanSummary::agents).orElse(0),
                days));
    }

    record Status(String status, int criticalIssues, int highIssues, int totalIssues, List<ReportedIssue> issues) {}

    private Response status(Request request) throws InterruptedException {
        StoredScan scan = latest();
        return Response.json(new Status(
                scan.summary().status(),
                scan.summary().critical(),
                scan.summary().high(),
                scan.summary().totalIssues(),
                scan.topIssues()));
    }

    record Dashboard(
            String systemStatus,
            int registeredAgents,
            int registeredChains,
            int criticalIssues,
            int highIssues,
            Instant lastScan,
            @Nullable Double healthScore,
            List<ReportedIssue> topIssues) {}

    private Response dashboard(Request request) throws InterruptedException {
        StoredScan scan = latest();
        ScanSummary summary = scan.summary();
        return Response.json(new Dashboard(
                summary.status(),
                summary.agents(),
                summary.chains(),
                summary.critical(),
                summary.high(),
                summary.completedAt(),
                summary.healthScore(),
                scan.topIssues().stream().limit(TOP).toList()));
    }

    private Response scan(Request request) throws InterruptedException {
        request.optionalBody(_ -> Boolean.TRUE);
        return report(request, scans.scan(Cause.REQUEST));
    }

    private Response last(Request request) throws InterruptedException {
        return report(request, latest());
    }

    private Response find(Request request) {
        return report(
                request,
                scans.find(request.pathParameter("report_id"))
                        .orElseThrow(() -> Problem.notFound("There is no stored scan with this id")
                                .exception()));
    }

    /** A report can be large: it is kept compressed and sent so to whoever can read that. */
    private static Response report(Request request, StoredScan scan) {
        if (request.accepts("gzip")) {
            return Response.jsonBytes(scan.report()).header("Content-Encoding", "gzip");
        }
        return Response.jsonBytes(ReportJson.plain(scan.report()));
    }

    /** While the first scan runs, callers wait for it rather than hear that there is nothing. */
    private StoredScan latest() throws InterruptedException {
        Optional<StoredScan> known = scans.latest();
        if (known.isEmpty()) {
            if (scans.firstScanRuns(FIRST_SCAN)) {
                throw Problem.later(ErrorCode.UNAVAILABLE, "The first scan is still running", COME_BACK)
                        .exception();
            }
            known = scans.remembered();
        }
        return known.orElseThrow(() ->
                Problem.notFound("There was no scan yet; start one: POST /scan").exception());
    }

    record Issues(List<ReportedIssue> issues, int count) {}

    private Response issues(Request request) throws InterruptedException {
        Optional<String> asked = request.query("severity");
        String severity = null;
        if (asked.isPresent()) {
            severity = Severity.of(asked.get())
                    .map(Severity::id)
                    .orElseThrow(() -> Problem.of(
                                    ErrorCode.INVALID_REQUEST,
                                    "severity must be one of critical, high, medium, low, info")
                            .exception());
        }
        String wanted = severity;
        List<ReportedIssue> found = ReportJson.issues(latest().report()).stream()
                .filter(issue -> wanted == null || issue.severity().equals(wanted))
                .toList();
        return Response.json(new Issues(found, found.size()));
    }

    /** @param checks how many ports were judged */
    record Ports(int checks, List<ReportedIssue> issues, List<ReportedIssue> conflicts) {}

    private Response ports(Request request) throws InterruptedException {
        ScanReport report = scans.fresh(PORTS);
        return Response.json(new Ports(
                report.score().total(), withRegistry(report), views(report, Set.of("port_conflict", "code_conflict"))));
    }

    /** @param checks how many agents were judged, once for each of the three checks */
    record Agents(int checks, List<ReportedIssue> issues, List<ReportedIssue> mismatches) {}

    private Response agents(Request request) throws InterruptedException {
        ScanReport report = scans.fresh(AGENTS);
        return Response.json(new Agents(
                report.score().total(),
                withRegistry(report),
                views(report, Set.of("identity_mismatch", "port_mismatch"))));
    }

    record Registry(int checks, boolean valid, List<ReportedIssue> issues) {}

    private Response registry(Request request) throws InterruptedException {
        ScanReport report = scans.fresh(REGISTRY);
        return Response.json(
                new Registry(report.score().total(), report.score().failed() == 0, views(report, Set.of())));
    }

    /** Every issue; without a usable registry nothing was judged, and what is wrong with it is told instead of nothing. */
    private List<ReportedIssue> withRegistry(ScanReport report) throws InterruptedException {
        List<ReportedIssue> found = views(report, Set.of());
        if (report.registry().digest() != null) {
            return found;
        }
        return Stream.concat(views(scans.fresh(REGISTRY), Set.of()).stream(), found.stream())
                .toList();
    }

    /** @param categories empty for every one */
    private static List<ReportedIssue> views(ScanReport report, Set<String> categories) {
        return report.issues().stream()
                .filter(issue -> categories.isEmpty() || categories.contains(issue.category()))
                .map(ReportedIssue::of)
                .toList();
    }

    private Response list(Request request) {
        Page.Asked page = Page.asked(request, 1);
        long before = page.after().isEmpty() ? Long.MAX_VALUE : page.number(0);
        return Response.json(
                Page.of(scans.page(before, page.limit() + 1), page, scan -> List.of(Long.toString(scan.id()))));
    }
}
