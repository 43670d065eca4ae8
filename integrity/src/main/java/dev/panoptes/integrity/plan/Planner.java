package dev.panoptes.integrity.plan;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.World;
import dev.panoptes.integrity.declared.Declarations;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Plans the fixes of a report's issues, in the order of {@link Fixes}: what removes code first, for it makes other issues
 * go away, then what moves ports, then the rest. Several fixes of one file become one difference. It changes nothing.
 */
public final class Planner {
    private final World world;
    private final Workspace workspace;

    public Planner(World world) {
        Declarations declarations = world.declarations();
        workspace = new Workspace(
                declarations == null
                        ? java.nio.file.Path.of("").toAbsolutePath()
                        : declarations.root().toAbsolutePath().normalize());
        this.world = world;
    }

    /** One plan per issue that is not waived, in the order in which to carry them out. */
    public List<FixPlan> plan(List<Issue> issues) {
        PlanContext context = new PlanContext(world, world.declarations() == null ? null : workspace, issues);
        List<FixPlan> plans = new ArrayList<>();
        Set<String> planned = new HashSet<>();
        for (Fix fix : Fixes.all()) {
            for (Issue issue : issues) {
                if (!issue.waived() && fix.checks().contains(issue.check())) {
                    fix.plan(issue, context).ifPresent(plan -> {
                        plans.add(plan);
                        planned.add(issue.id());
                    });
                }
            }
        }
        for (Issue issue : issues) {
            if (!issue.waived() && !planned.contains(issue.id())) {
                plans.add(byHand(issue));
            }
        }
        return plans;
    }

    /** Everything that the plans so far do to files, as one unified diff for {@code git apply}; empty where nothing. */
    public String patch() {
        return workspace.diff();
    }

    private static FixPlan byHand(Issue issue) {
        return Fix.of(
                issue,
                false,
                new FixStep(
                        issue.recommendation(), "", Fix.scanOnly(issue), "take back what you changed", Risk.MEDIUM));
    }
}
