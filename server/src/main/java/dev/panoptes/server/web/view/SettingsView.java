package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of the settings. @param part which one @param denied whether the caller's role does not reach it @param provider whether people may come by one */
public record SettingsView(
        String part,
        boolean denied,
        List<Token> tokens,
        List<Enrollment> enrollments,
        List<User> users,
        List<Channel> channels,
        List<Alert> alerts,
        List<Waiver> waivers,
        List<Silence> silences,
        List<Suppression> suppressions,
        List<Schema> schemas,
        List<Server> servers,
        List<Component> components,
        List<AuditLine> audit,
        boolean provider,
        @Nullable String next,
        String month,
        String url) {
    public record Token(
            String id,
            String name,
            String role,
            String host,
            String by,
            Instant created,
            @Nullable Instant expires,
            @Nullable Instant used,
            boolean revoked) {}

    public record Enrollment(
            String id,
            String name,
            int uses,
            int used,
            String by,
            @Nullable Instant expires,
            boolean over) {}

    /** @param vouched whether a provider says who they are */
    public record User(
            String id, String name, String role, boolean disabled, boolean oneTime, boolean vouched, Instant created) {}

    public record Channel(
            String name,
            long waiting,
            int failures,
            long givenUp,
            @Nullable Instant sent) {}

    public record Alert(Instant at, String severity, String title, String state, String href) {}

    public record Waiver(
            String id, String issue, String owner, String reason, String expires, String by, boolean revoked) {}

    public record Silence(
            String id, String matcher, String reason, String by, Instant starts, Instant ends, boolean over) {}

    /** @param what rule, host, user and entity that it is limited to @param suppressed findings that it has kept back */
    public record Suppression(
            String id, String what, String reason, String owner, Instant ends, long suppressed, boolean over) {}

    public record Schema(String name, String updated, String by) {}

    /**
     * A server on the database.
     *
     * @param registry what tells the registry that it reads from others
     * @param answers whether it made this page
     * @param differences from the one that is there longest, each as a sentence's end; empty where they agree
     */
    public record Server(
            String name,
            String version,
            String registry,
            String key,
            Instant started,
            Instant seen,
            boolean answers,
            List<String> differences) {}

    /** A part of the server that may fail by itself. @param state healthy, unhealthy, unknown or not_configured */
    public record Component(String name, String state, String why) {
        public String tone() {
            return switch (state) {
                case "healthy" -> "ok";
                case "unhealthy" -> "high";
                default -> "off";
            };
        }
    }

    public record AuditLine(
            Instant at, String actor, String via, String action, String target, String before, String after) {}
}
