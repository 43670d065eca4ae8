package dev.panoptes.integrity.plan;

import java.util.List;

/**
 * The steps that make one issue go away.
 *
 * @param issue the issue's id
 * @param patched true where the unified diff of {@link Planner#patch} does the steps that concern files
 */
public record FixPlan(String issue, String title, List<FixStep> steps, boolean patched) {
    public FixPlan {
        steps = List.copyOf(steps);
    }

    /** The same steps, to be done by hand. */
    FixPlan withoutPatch() {
        return new FixPlan(issue, title, steps, false);
    }
}
