package dev.panoptes.server.scans;

import dev.panoptes.integrity.plan.FixStep;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How to mend an issue. */
final class PlanResource implements Resource {
    private final FixPlans plans;
    private final Function<String, Optional<String>> ids;

    /** @param ids the id of an issue that is known by its fingerprint or id */
    PlanResource(FixPlans plans, Function<String, Optional<String>> ids) {
        this.plans = plans;
        this.ids = ids;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/integrity/issues/{fingerprint}/plan", Access.VIEWER, this::plan));
    }

    record Step(String what, String command, String check, String undo, String risk) {
        static Step of(FixStep step) {
            return new Step(
                    step.what(),
                    step.command(),
                    step.check(),
                    step.undo(),
                    step.risk().id());
        }
    }

    record Shown(String issue, String title, boolean patched, List<Step> steps, String patch, String command) {}

    private Response plan(Request request) throws InterruptedException {
        String id = ids.apply(request.pathParameter("fingerprint"))
                .orElseThrow(() -> Problem.notFound("There is no such issue").exception());
        return switch (plans.plan(id)) {
            case FixPlans.Planned.Plan plan ->
                Response.json(new Shown(
                        plan.issue(),
                        plan.title(),
                        plan.patched(),
                        plan.steps().stream().map(Step::of).toList(),
                        plan.patch(),
                        plan.command()));
            case FixPlans.Planned.Gone _ ->
                throw Problem.of(ErrorCode.CONFLICT, "A scan does not find this issue now, so there is nothing to plan")
                        .exception();
            case FixPlans.Planned.Waived _ ->
                throw Problem.of(ErrorCode.CONFLICT, "This issue is waived, so nothing is planned for it")
                        .exception();
            case FixPlans.Planned.TooLong(String command) ->
                throw Problem.of(
                                ErrorCode.UNAVAILABLE, "Planning takes too long here; where the fleet lies: " + command)
                        .exception();
        };
    }
}
