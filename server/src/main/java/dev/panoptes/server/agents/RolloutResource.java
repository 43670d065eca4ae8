package dev.panoptes.server.agents;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.panoptes.server.agents.RolloutStore.Member;
import dev.panoptes.server.agents.RolloutStore.Rollout;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.configs.ConfigDocument;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Roll-outs: looking at them, and stopping them. */
final class RolloutResource implements Resource {
    private static final String ALL = "/api/v1/rollouts";
    private static final String ONE = ALL + "/{rollout_id}";

    private final Rollouts rollouts;

    RolloutResource(Rollouts rollouts) {
        this.rollouts = rollouts;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(ALL, Access.VIEWER, this::list),
                Route.get(ONE, Access.VIEWER, this::show),
                Route.post(ONE + "/cancel", Access.OPERATOR, this::cancel));
    }

    /** @param config JSON @param total how many instances it is for @param put how many have it @param applied how many run it and are well */
    record Shown(
            UUID id,
            String agentName,
            @JsonRawValue String config,
            List<Integer> stages,
            int stage,
            String state,
            @Nullable String reason,
            int total,
            int put,
            int applied,
            Instant createdAt,
            String createdBy,
            @Nullable Instant endedAt) {
        static Shown of(Rollouts.View view) {
            Rollout rollout = view.rollout();
            return new Shown(
                    rollout.id(),
                    rollout.agentName(),
                    rollout.body(),
                    rollout.stages(),
                    rollout.stage(),
                    rollout.state(),
                    rollout.reason(),
                    view.members().size(),
                    (int) view.members().stream()
                            .map(Member::put)
                            .filter(java.util.Objects::nonNull)
                            .count(),
                    view.applied(),
                    rollout.createdAt(),
                    rollout.createdBy(),
                    rollout.endedAt());
        }
    }

    /** Answers a configuration that is written with stages. */
    Response begin(Request request, String name, ConfigDocument document, List<Integer> stages) {
        return switch (rollouts.begin(name, document, stages, Actor.of(request))) {
            case Rollouts.Begun.Done(Rollouts.View view) -> Response.json(202, Shown.of(view));
            case Rollouts.Begun.Invalid invalid ->
                throw new Problem(
                                ErrorCode.VALIDATION_FAILED,
                                "The configuration does not fit the schema of " + name,
                                invalid.violations(),
                                null)
                        .exception();
            case Rollouts.Begun.AnotherRuns _ ->
                throw Problem.of(ErrorCode.CONFLICT, "Another roll-out for this name is under way")
                        .exception();
        };
    }

    private Response list(Request request) {
        return Response.json(
                Map.of("items", rollouts.list().stream().map(Shown::of).toList()));
    }

    private Response show(Request request) {
        return Response.json(
                Shown.of(rollouts.find(request.pathId("rollout_id")).orElseThrow(RolloutResource::unknown)));
    }

    private Response cancel(Request request) {
        return Response.json(Shown.of(rollouts.cancel(request.pathId("rollout_id"), Actor.of(request))
                .orElseThrow(RolloutResource::unknown)));
    }

    private static RuntimeException unknown() {
        return Problem.notFound("There is no roll-out under this id").exception();
    }
}
