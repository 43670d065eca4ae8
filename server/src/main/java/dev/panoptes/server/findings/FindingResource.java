package dev.panoptes.server.findings;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.panoptes.server.auth.Secrets;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.findings.FindingStore.Wanted;
import dev.panoptes.server.findings.FindingsService.Moved;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.QueryTime;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Role;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.storage.Database;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Telling findings, reading them, and saying what became of them. */
public final class FindingResource implements Resource {
    private static final String ALL = "/api/v1/findings";
    private static final String ONE = ALL + "/{finding_id}";
    private static final int LARGEST = 256 << 10;
    private static final int LARGEST_DETAILS = 128 << 10;
    private static final int LONGEST_TEXT = 10_000;

    private final FindingsService findings;
    private final Database database;

    public FindingResource(FindingsService findings, Database database) {
        this.findings = findings;
        this.database = database;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post(ALL, new Access.AgentOr(Role.OPERATOR, "write_findings"), this::tell)
                        .withBody(LARGEST),
                Route.get(ALL, Access.VIEWER, this::list),
                Route.get(ONE, Access.VIEWER, this::show),
                Route.patch(ONE, Access.OPERATOR, this::move),
                Route.put(ONE, Access.OPERATOR, this::move));
    }

    /** A finding with the keys of both documents. @param details JSON */
    record View(
            UUID id,
            String type,
            String name,
            String title,
            String severity,
            String description,
            @JsonRawValue String details,
            @JsonRawValue String findingMetadata,
            String source,
            @Nullable String agentId,
            @Nullable String agentName,
            @Nullable String deviceId,
            @Nullable String host,
            String status,
            String fingerprint,
            @Nullable String findingId,
            long count,
            boolean unverified,
            Instant createdAt,
            Instant updatedAt,
            Instant lastSeen,
            @Nullable Instant closedAt) {
        static View of(StoredFinding finding) {
            return new View(
                    finding.id(),
                    finding.name(),
                    finding.name(),
                    finding.title(),
                    finding.severity(),
                    finding.description(),
                    finding.details(),
                    finding.details(),
                    finding.source(),
                    finding.agentId(),
                    finding.agentName(),
                    finding.host(),
                    finding.host(),
                    finding.state(),
                    finding.fingerprint(),
                    finding.externalId(),
                    finding.count(),
                    !finding.verified(),
                    seconds(finding.createdAt()),
                    seconds(finding.updatedAt()),
                    seconds(finding.lastSeen()),
                    finding.closedAt() == null ? null : seconds(finding.closedAt()));
        }

        private static Instant seconds(Instant instant) {
            return instant.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    private Response tell(Request request) {
        Finding finding = request.body(fields -> read(fields, request.caller()));
        FindingsService.Reported reported =
                database.transaction(transaction -> findings.report(transaction, finding, Actor.of(request)));
        return Response.json(reported.fresh() ? 201 : 200, View.of(reported.finding()));
    }

    private static Finding read(Fields fields, Principal caller) {
        String type = fields.optionalText("type", 200);
        String other = fields.optionalText("name", 200);
        String name = type == null ? other : type;
        if (name == null || name.isBlank()) {
            fields.error("type", "is missing");
            name = "unknown";
        }
        FindingSeverity severity =
                fields.choice("severity", FindingSeverity::of, FindingSeverity.WORDS, FindingSeverity.INFORMATIONAL);
        String description = Objects.requireNonNullElse(fields.optionalText("description", LONGEST_TEXT), "");
        String details = fields.optionalJsonObject("details", LARGEST_DETAILS);
        String metadata = fields.optionalJsonObject("finding_metadata", LARGEST_DETAILS);
        String given = fields.optionalText("fingerprint", 200);
        String reporterId = fields.optionalText("finding_id", 200);
        String title = Objects.requireNonNullElse(fields.optionalText("title", 500), name);
        String device = fields.optionalText("device_id", 200);
        String host = fields.optionalText("host", 200);
        String source = fields.optionalText("source", 200);
        String place = host == null ? device : host;
        String said = fields.optionalText("agent_id", 100);
        String saidName = fields.optionalText("agent_name", 100);
        boolean agent = caller instanceof Principal.Agent;
        // An agent speaks for itself, whatever it writes.
        String agentId = caller instanceof Principal.Agent self ? self.id() : said;
        String agentName = caller instanceof Principal.Agent self ? self.name() : saidName;
        String whose = agentId == null ? String.valueOf(agentName) : agentId;
        return new Finding(
                given == null ? fingerprint(whose, name, title, place) : whose + " " + given,
                name,
                title,
                severity,
                description,
                details == null ? Objects.requireNonNullElse(metadata, "{}") : details,
                agent ? "agent" : Objects.requireNonNullElse(source, "operator"),
                agentId,
                agentName,
                place,
                reporterId == null ? null : whose + " " + reporterId,
                true);
    }

    /** Of a reporter that gives none: whose, what, and where; not the description, in which counts and times change. */
    public static String fingerprint(String whose, String name, String title, @Nullable String place) {
        return HexFormat.of()
                .formatHex(Secrets.hash(String.join("\n", whose, name, title, String.valueOf(place))), 0, 16);
    }

    private Response list(Request request) {
        Page.Asked page = Page.asked(request, 2);
        int skip = request.query("skip", 0, 10_000_000, 0);
        if (skip > 0 && !page.after().isEmpty()) {
            throw invalid("a cursor goes without skip");
        }
        Wanted wanted = new Wanted(
                request.query("status")
                        .map(word -> FindingState.of(word)
                                .orElseThrow(() -> invalid("status is one of " + FindingState.WORDS))
                                .name())
                        .orElse(null),
                request.query("severity")
                        .map(word -> FindingSeverity.of(word)
                                .orElseThrow(() -> invalid("severity is one of " + FindingSeverity.WORDS))
                                .id())
                        .orElse(null),
                request.query("type").or(() -> request.query("name")).orElse(null),
                request.query("agent").or(() -> request.query("agent_id")).orElse(null),
                request.query("search").orElse(null),
                QueryTime.of(request, "from"),
                skip,
                page.limit() + 1,
                page.after().isEmpty() ? List.of() : List.of(page.instant(0), page.id(1)));
        FindingsService.Part part = findings.page(wanted);
        Page<StoredFinding> cut = Page.of(
                part.findings(),
                page,
                finding -> List.of(finding.createdAt().toString(), finding.id().toString()));
        List<View> views = cut.items().stream().map(View::of).toList();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("findings", views);
        body.put("items", views);
        body.put("total", part.total());
        body.put("skip", skip);
        body.put("limit", page.limit());
        body.put("next", cut.next());
        return Response.json(body);
    }

    private Response show(Request request) {
        return Response.json(
                View.of(findings.find(request.pathId("finding_id")).orElseThrow(FindingResource::unknown)));
    }

    private record Wish(FindingState state, @Nullable String note) {
        static Wish of(Fields fields) {
            return new Wish(
                    fields.choice("status", FindingState::of, FindingState.WORDS, FindingState.NEW),
                    fields.optionalText("note", 2_000));
        }
    }

    private Response move(Request request) {
        Wish wish = request.body(Wish::of);
        return switch (findings.move(request.pathId("finding_id"), wish.state(), Actor.of(request), wish.note())) {
            case Moved.Done(StoredFinding finding) -> Response.json(View.of(finding));
            case Moved.Unknown _ -> throw unknown();
            case Moved.AnotherOpen _ ->
                throw Problem.of(ErrorCode.CONFLICT, "The same was found again since, and that finding is open")
                        .exception();
        };
    }

    private static RuntimeException unknown() {
        return Problem.notFound("There is no finding under this id").exception();
    }

    private static RuntimeException invalid(String detail) {
        return Problem.of(ErrorCode.INVALID_REQUEST, detail).exception();
    }
}
