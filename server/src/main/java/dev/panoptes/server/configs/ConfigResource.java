package dev.panoptes.server.configs;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.configs.ConfigStore.StoredSchema;
import dev.panoptes.server.configs.Configs.Subject;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reading and writing configurations and their schemas. */
public final class ConfigResource implements Resource {
    private static final String AGENT = "/api/v1/agents/{agent_id}/config";
    private static final String SCHEMA = "/api/v1/config-schemas/{agent_name}";
    private static final int LARGEST = ConfigCalls.LARGEST;

    private final Configs configs;
    private final Function<Request, Subject> subjects;
    private final Staged staged;
    private final ConfigCalls calls;

    /** Puts a configuration on many instances, stage by stage. */
    @FunctionalInterface
    public interface Staged {
        /** @return what is answered */
        Response begin(Request request, String agentName, ConfigDocument document, List<Integer> stages);
    }

    /** @param subjects whose configuration a call is about; refuses callers who may not know of it */
    public ConfigResource(Configs configs, Function<Request, Subject> subjects, Staged staged) {
        this.configs = configs;
        this.subjects = subjects;
        this.staged = staged;
        this.calls = new ConfigCalls(configs, subjects);
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(AGENT, Access.AGENT_OR_VIEWER, calls::show),
                Route.put(AGENT, Access.OPERATOR, this::put).withBody(LARGEST),
                Route.get(AGENT + "/history", Access.VIEWER, calls::history),
                Route.get(AGENT + "/diff", Access.VIEWER, calls::diff),
                Route.post(AGENT + "/rollback", Access.OPERATOR, calls::rollback),
                Route.get("/api/v1/config-schemas", Access.VIEWER, this::schemas),
                Route.get(SCHEMA, Access.VIEWER, this::schema),
                Route.put(SCHEMA, Access.OPERATOR, this::putSchema).withBody(LARGEST));
    }

    private Response put(Request request) {
        Optional<List<Integer>> stages = request.query("stages").map(ConfigResource::stages);
        Subject subject = subjects.apply(request);
        ConfigDocument document = request.body(ConfigCalls::document);
        if (stages.isPresent()) {
            return staged.begin(request, subject.name(), document, stages.get());
        }
        return calls.put(request, subject, document);
    }

    private static List<Integer> stages(String text) {
        if (!text.matches("\\d{1,3}(,\\d{1,3}){0,9}")) {
            throw badStages();
        }
        List<Integer> stages =
                java.util.Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
        for (int i = 0; i < stages.size(); i++) {
            if (stages.get(i) < 1 || stages.get(i) > 100 || (i > 0 && stages.get(i) <= stages.get(i - 1))) {
                throw badStages();
            }
        }
        if (stages.getLast() != 100) {
            throw badStages();
        }
        return stages;
    }

    private static RuntimeException badStages() {
        return Problem.of(
                        ErrorCode.INVALID_REQUEST,
                        "the query parameter stages must be rising percentages that end with 100, such as 1,10,100")
                .exception();
    }

    /** @param schema JSON */
    record SchemaView(String agentName, @JsonRawValue String schema, Instant updatedAt, String updatedBy) {
        static SchemaView of(StoredSchema schema) {
            return new SchemaView(schema.agentName(), schema.schema(), schema.updatedAt(), schema.updatedBy());
        }
    }

    private Response schemas(Request request) {
        return Response.json(
                Map.of("items", configs.schemas().stream().map(SchemaView::of).toList()));
    }

    private Response schema(Request request) {
        return Response.json(configs.schema(request.pathParameter("agent_name"))
                .map(SchemaView::of)
                .orElseThrow(() -> Problem.notFound("There is no schema for agents of this name")
                        .exception()));
    }

    private Response putSchema(Request request) {
        String name = request.pathParameter("agent_name");
        String schema = request.body(fields -> fields.wholeObject(LARGEST));
        List<Problem.FieldError> faults = configs.putSchema(name, schema, Actor.of(request));
        if (!faults.isEmpty()) {
            throw new Problem(ErrorCode.VALIDATION_FAILED, "This is no JSON Schema that can be used", faults, null)
                    .exception();
        }
        return schema(request);
    }
}
