package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.SettingsView;
import dev.panoptes.server.web.view.Show;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Who may do what, who is told, what is accepted or kept silent, and who did what. */
final class SettingsPages implements Resource {
    /** Each with the call that it shows. */
    private static final Map<String, String> PARTS = Map.of(
            "tokens", "/api/v1/tokens",
            "users", "/api/v1/users",
            "channels", "/api/v1/alerts/channels",
            "waivers", "/api/v1/waivers",
            "silences", "/api/v1/silences",
            "suppressions", "/api/v1/suppressions",
            "schemas", "/api/v1/config-schemas",
            "servers", "/api/v1/replicas",
            "audit", "/api/v1/audit");

    /** So much of a digest tells two apart. */
    private static final int DIGEST = 13;

    private static final Set<String> PAGED = Set.of("waivers", "silences", "suppressions", "audit");

    private final Frame frame;
    private final InternalCalls inside;
    private final boolean provider;

    /** @param provider whether people may come by one */
    SettingsPages(Frame frame, InternalCalls inside, boolean provider) {
        this.frame = frame;
        this.inside = inside;
        this.provider = provider;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.page("/settings", Access.VIEWER, request -> show(request, "tokens")),
                Route.page("/settings/{part}", Access.VIEWER, request -> show(request, request.pathParameter("part"))));
    }

    private Response show(Request request, String part) throws InterruptedException {
        String call = PARTS.get(part);
        if (call == null) {
            throw Problem.notFound("There are no settings of this name").exception();
        }
        Map<String, String> query = new LinkedHashMap<>();
        if (PAGED.contains(part)) {
            query.put("limit", "50");
            request.query("cursor").ifPresent(cursor -> query.put("cursor", cursor));
        }
        JsonNode found = inside.get(request, call, Map.of(), query).orElse(null);
        JsonNode items = found == null ? Json.readOwn("[]", JsonNode.class) : found.path("items");
        Instant now = frame.clock().instant();
        SettingsView view = new SettingsView(
                part,
                found == null,
                part.equals("tokens") ? Lines.each(items, SettingsPages::token) : List.of(),
                part.equals("tokens")
                        ? inside.get(request, "/api/v1/enrollment-tokens")
                                .map(page -> Lines.each(page.path("items"), each -> enrollment(each, now)))
                                .orElse(List.of())
                        : List.of(),
                part.equals("users") ? Lines.each(items, SettingsPages::user) : List.of(),
                part.equals("channels") ? Lines.each(items, SettingsPages::channel) : List.of(),
                part.equals("channels")
                        ? inside.get(request, "/api/v1/alerts", Map.of(), Map.of("limit", "30"))
                                .map(page -> Lines.each(page.path("items"), SettingsPages::alert))
                                .orElse(List.of())
                        : List.of(),
                part.equals("waivers") ? Lines.each(items, SettingsPages::waiver) : List.of(),
                part.equals("silences") ? Lines.each(items, each -> silence(each, now)) : List.of(),
                part.equals("suppressions") ? Lines.each(items, each -> suppression(each, now)) : List.of(),
                part.equals("schemas") ? Lines.each(items, SettingsPages::schema) : List.of(),
                part.equals("servers") ? Lines.each(items, SettingsPages::server) : List.of(),
                part.equals("servers")
                        ? inside.get(request, "/api/v1/health/system", Map.of(), Map.of("details", "false"))
                                .map(health -> components(health.path("infrastructure_details")))
                                .orElse(List.of())
                        : List.of(),
                part.equals("audit") ? Lines.each(items, SettingsPages::audit) : List.of(),
                provider,
                found == null || Lines.text(found, "next").isEmpty()
                        ? null
                        : "/settings/" + part + "?cursor=" + Show.path(Lines.text(found, "next")),
                now.atOffset(ZoneOffset.UTC).toLocalDate().plusDays(30).toString(),
                frame.url(request));
        return frame.page(frame.shell(request, Show.word(part), "set"), "settings", Map.of("view", view));
    }

    private static SettingsView.Token token(JsonNode node) {
        return new SettingsView.Token(
                Lines.text(node, "id"),
                Lines.text(node, "name"),
                Lines.text(node, "role"),
                Lines.text(node, "host"),
                Lines.text(node, "created_by"),
                IssueLines.instant(node, "created_at"),
                Lines.instantOrNull(node, "expires_at"),
                Lines.instantOrNull(node, "last_used_at"),
                !Lines.text(node, "revoked_at").isEmpty());
    }

    private static SettingsView.Enrollment enrollment(JsonNode node, Instant now) {
        Instant expires = Lines.instantOrNull(node, "expires_at");
        int uses = node.path("uses").asInt(0);
        int used = node.path("used").asInt(0);
        return new SettingsView.Enrollment(
                Lines.text(node, "id"),
                Lines.text(node, "name"),
                uses,
                used,
                Lines.text(node, "created_by"),
                expires,
                used >= uses
                        || !Lines.text(node, "revoked_at").isEmpty()
                        || (expires != null && expires.isBefore(now)));
    }

    private static SettingsView.User user(JsonNode node) {
        return new SettingsView.User(
                Lines.text(node, "id"),
                Lines.text(node, "name"),
                Lines.text(node, "role"),
                !Lines.text(node, "disabled_at").isEmpty()
                        || node.path("disabled").asBoolean(false),
                node.path("password_change_required").asBoolean(false),
                Lines.text(node, "login").equals("oidc"),
                IssueLines.instant(node, "created_at"));
    }

    private static SettingsView.Suppression suppression(JsonNode node, Instant now) {
        List<String> what = new ArrayList<>();
        for (String name : List.of("rule", "host", "user", "entity")) {
            String value = Lines.text(node, name);
            if (!value.isEmpty()) {
                what.add(name + " " + value);
            }
        }
        Instant ends = IssueLines.instant(node, "expires_at");
        return new SettingsView.Suppression(
                Lines.text(node, "id"),
                String.join(", ", what),
                Lines.text(node, "reason"),
                Lines.text(node, "owner"),
                ends,
                node.path("suppressed").asLong(0),
                !Lines.text(node, "ended_at").isEmpty() || ends.isBefore(now));
    }

    private static SettingsView.Channel channel(JsonNode node) {
        return new SettingsView.Channel(
                Lines.text(node, "name"),
                node.path("waiting").asLong(0),
                node.path("failures").asInt(0),
                node.path("given_up").asLong(0),
                Lines.instantOrNull(node, "last_sent_at"));
    }

    private static SettingsView.Alert alert(JsonNode node) {
        return new SettingsView.Alert(
                IssueLines.instant(node, "raised_at"),
                Lines.text(node, "severity"),
                Lines.text(node, "title"),
                Lines.text(node, "state"),
                "/integrity/issues/" + Lines.text(node, "fingerprint"));
    }

    private static SettingsView.Waiver waiver(JsonNode node) {
        return new SettingsView.Waiver(
                Lines.text(node, "id"),
                Lines.text(node, "issue"),
                Lines.text(node, "owner"),
                Lines.text(node, "reason"),
                Lines.text(node, "expires"),
                Lines.text(node, "created_by"),
                !Lines.text(node, "revoked_at").isEmpty());
    }

    private static SettingsView.Silence silence(JsonNode node, Instant now) {
        List<String> matcher = new ArrayList<>();
        node.path("matcher").properties().forEach(each -> {
            if (each.getValue().isString()) {
                matcher.add(each.getKey() + ": " + each.getValue().asString(""));
            }
        });
        Instant ends = IssueLines.instant(node, "expires_at");
        return new SettingsView.Silence(
                Lines.text(node, "id"),
                String.join(", ", matcher),
                Lines.text(node, "reason"),
                Lines.text(node, "created_by"),
                IssueLines.instant(node, "starts_at"),
                ends,
                !Lines.text(node, "ended_at").isEmpty() || ends.isBefore(now));
    }

    private static SettingsView.Schema schema(JsonNode node) {
        return new SettingsView.Schema(
                Lines.text(node, "agent_name"), Lines.text(node, "updated_at"), Lines.text(node, "updated_by"));
    }

    private static SettingsView.Server server(JsonNode node) {
        String digest = Lines.text(node, "registry_digest");
        return new SettingsView.Server(
                Lines.text(node, "name"),
                Lines.text(node, "version"),
                digest.isEmpty() ? "none that can be read" : Show.brief(digest, DIGEST),
                Lines.text(node, "key_id"),
                IssueLines.instant(node, "started_at"),
                IssueLines.instant(node, "seen_at"),
                node.path("answers").asBoolean(false),
                Lines.texts(node.path("differences")));
    }

    private static List<SettingsView.Component> components(JsonNode details) {
        List<SettingsView.Component> all = new ArrayList<>();
        details.properties()
                .forEach(each -> all.add(new SettingsView.Component(
                        each.getKey(), Lines.text(each.getValue(), "state"), Lines.text(each.getValue(), "why"))));
        return all;
    }

    private static SettingsView.AuditLine audit(JsonNode node) {
        return new SettingsView.AuditLine(
                IssueLines.instant(node, "at"),
                Lines.text(node, "actor"),
                Lines.text(node, "via"),
                Lines.text(node, "action"),
                Lines.text(node, "target"),
                json(node.path("before")),
                json(node.path("after")));
    }

    private static String json(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? "" : Show.brief(Json.writeText(node), 300);
    }
}
