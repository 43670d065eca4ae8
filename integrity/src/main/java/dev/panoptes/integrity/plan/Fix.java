package dev.panoptes.integrity.plan;

import dev.panoptes.core.issue.Issue;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Knows how to mend the issues of some checks. It edits the plan's workspace, never the disk. */
interface Fix {
    /** The checks whose issues it mends. */
    Set<String> checks();

    /** The plan for one issue; empty where this issue needs a person's decision first. */
    Optional<FixPlan> plan(Issue issue, PlanContext context);

    static FixPlan of(Issue issue, boolean patched, FixStep... steps) {
        return new FixPlan(issue.id(), issue.title(), List.of(steps), patched);
    }
}
