package dev.panoptes.server.configs;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.configs.Configs.Put;
import dev.panoptes.server.configs.Configs.Subject;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What can be asked about the configurations of one kind: the newest, a new one, all of them, and the way back. */
public final class ConfigCalls {
    /** How large a body may be. */
    public static final int LARGEST = 256 << 10;

    private final Configs configs;
    private final Function<Request, Subject> subjects;

    /** @param subjects whose configuration a call is about; refuses callers who may not know of it */
    public ConfigCalls(Configs configs, Function<Request, Subject> subjects) {
        this.configs = configs;
        this.subjects = subjects;
    }

    /** The newest one, with its version as ETag. */
    public Response show(Request request) {
        Subject subject = subjects.apply(request);
        return answer(subject, configs.latest(subject.id()).orElse(null));
    }

    /** What older clients read of agents that they made. @param config free JSON */
    record Older(Object config, int version, @Nullable Instant lastUpdated, Map<String, String> agentMetadata) {}

    /** @param version null: it was never configured */
    public static Response answer(Subject subject, @Nullable ConfigVersion version) {
        ConfigDocument document = version == null ? ConfigDocument.EMPTY : version.document();
        int number = version == null ? 0 : version.version();
        Object body = subject.listed()
                ? new Older(
                        version == null ? Map.of() : document.free(),
                        number,
                        version == null ? null : version.createdAt().truncatedTo(ChronoUnit.SECONDS),
                        Map.of("id", subject.id(), "name", subject.name()))
                : document.parts();
        return Response.json(body)
                .header("ETag", "\"" + number + "\"")
                .header("Config-Version", Integer.toString(number))
                .header("Config-Hash", document.hash());
    }

    /** In either shape. */
    public static ConfigDocument document(Fields fields) {
        if (fields.has("config")) {
            String config = fields.optionalJsonObject("config", LARGEST);
            return new ConfigDocument("{\"config\":" + (config == null ? "{}" : config) + "}");
        }
        String rules = fields.optionalJson("rules", LARGEST);
        if (rules != null && !rules.startsWith("[")) {
            fields.error("rules", "must be a list");
        }
        return new ConfigDocument("{\"rules\":" + (rules == null ? "[]" : rules) + ",\"settings\":"
                + part(fields, "settings") + ",\"limits\":" + part(fields, "limits") + "}");
    }

    private static String part(Fields fields, String name) {
        return Objects.requireNonNullElse(fields.optionalJsonObject(name, LARGEST), "{}");
    }

    /** Writes a version, where the caller's If-Match still holds. */
    public Response put(Request request) {
        return put(request, subjects.apply(request), request.body(ConfigCalls::document));
    }

    Response put(Request request, Subject subject, ConfigDocument document) {
        return answer(
                subject,
                configs.put(
                        subject,
                        document,
                        expected(request),
                        Actor.of(request),
                        request.query("cause").orElse(null),
                        request.query("managed", false)));
    }

    /** Of If-Match; null where any version may be replaced. */
    private static @Nullable Integer expected(Request request) {
        String match = request.header("If-Match").orElse("*").strip();
        if (match.equals("*")) {
            return null;
        }
        String plain = match.replaceFirst("^W/", "").replace("\"", "");
        // What was never given out matches nothing.
        return plain.matches("\\d{1,9}") ? Integer.valueOf(plain) : -1;
    }

    /** What became of a write. */
    public static Response answer(Subject subject, Put put) {
        return switch (put) {
            case Put.Done(ConfigVersion version) -> answer(subject, version);
            case Put.Stale(int present) ->
                throw Problem.of(
                                ErrorCode.PRECONDITION_FAILED,
                                "The configuration is at version " + present + " by now; read it, then try again")
                        .exception();
            case Put.Invalid invalid ->
                throw new Problem(
                                ErrorCode.VALIDATION_FAILED,
                                "The configuration does not fit the schema of " + subject.name(),
                                invalid.violations(),
                                null)
                        .exception();
            case Put.NoSuchVersion _ ->
                throw Problem.notFound("There is no such version").exception();
        };
    }

    /** One version in a list. */
    record Line(
            int version,
            String hash,
            Instant createdAt,
            String createdBy,
            @Nullable String cause,
            boolean managed,
            @JsonRawValue String config) {
        static Line of(ConfigVersion version) {
            return new Line(
                    version.version(),
                    version.hash(),
                    version.createdAt(),
                    version.createdBy(),
                    version.cause(),
                    version.managed(),
                    version.document().body());
        }
    }

    /** Every version, the newest first. */
    public Response history(Request request) {
        Subject subject = subjects.apply(request);
        Page.Asked page = Page.asked(request, 1);
        long before = page.after().isEmpty() ? Integer.MAX_VALUE : page.number(0);
        int bound = (int) Math.max(0, Math.min(before, Integer.MAX_VALUE));
        List<ConfigVersion> versions = configs.history(subject.id(), bound, page.limit() + 1);
        Page<ConfigVersion> cut = Page.of(versions, page, version -> List.of(Integer.toString(version.version())));
        return Response.json(new Page<>(cut.items().stream().map(Line::of).toList(), cut.next()));
    }

    /** @param changes the value at each pointer before and after; null where there is none */
    record Difference(int from, int to, List<JsonDiff.Change> changes) {}

    /** Where two versions differ. */
    public Response diff(Request request) {
        Subject subject = subjects.apply(request);
        int newest = configs.latest(subject.id()).map(ConfigVersion::version).orElse(0);
        int to = request.query("to", 0, 999_999_999, newest);
        int from = request.query("from", 0, 999_999_999, Math.max(0, to - 1));
        return Response.json(new Difference(
                from,
                to,
                JsonDiff.of(
                        document(subject, from).parts(), document(subject, to).parts())));
    }

    private ConfigDocument document(Subject subject, int version) {
        if (version == 0) {
            return ConfigDocument.EMPTY;
        }
        return configs.find(subject.id(), version)
                .map(ConfigVersion::document)
                .orElseThrow(
                        () -> Problem.notFound("There is no version " + version).exception());
    }

    /** Makes an earlier version the newest one. */
    public Response rollback(Request request) {
        Subject subject = subjects.apply(request);
        int newest = configs.latest(subject.id()).map(ConfigVersion::version).orElse(0);
        int version = request.optionalBody(fields -> {
            Long wanted = fields.optionalWhole("version", 1, 999_999_999);
            return wanted == null ? newest - 1 : wanted.intValue();
        });
        return answer(subject, configs.rollback(subject, version, Actor.of(request)));
    }
}
