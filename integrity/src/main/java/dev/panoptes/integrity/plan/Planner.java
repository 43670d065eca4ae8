package dev.panoptes.integrity.plan;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Masking;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.world.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plans the fixes of a report's issues, in the order of {@link Fixes}: what removes code first, for it makes other issues go away, then what
 * moves ports, then the rest. Several fixes of one file become one difference. Every edit is proven before it is offered: on a copy of the
 * tree the scan must no longer find its issue, and nothing that it did not find before. It changes nothing.
 */
public final class Planner {
    private final World world;
    private final @Nullable Proof proof;
    private final String caller;
    private final Path root;

    /**
     * @param proof tries the edits; null where the tree cannot be copied: then every plan is by hand
     * @param caller the options of the command that planned, each behind a blank, as a shell takes them; commands in steps repeat them
     */
    public Planner(World world, @Nullable Proof proof, String caller) {
        Declarations declarations = world.declarations();
        this.world = world;
        this.proof = proof;
        this.caller = caller;
        this.root = declarations == null
                ? Path.of("").toAbsolutePath()
                : declarations.root().toAbsolutePath().normalize();
    }

    /**
     * What to do.
     *
     * @param plans one per issue that is not waived, in the order in which to carry them out
     * @param patch everything that they do to files, as one unified diff for {@code git apply}; empty where nothing
     */
    public record Outcome(List<FixPlan> plans, String patch) {
        public Outcome {
            plans = List.copyOf(plans);
        }
    }

    /** Plans for all of these issues. */
    public Outcome plan(List<Issue> issues) throws InterruptedException {
        return new Run(issues, Set.of()).outcome();
    }

    /** The part of the whole plan that mends one of its issues: the same steps, without those of the others. */
    public Outcome plan(List<Issue> issues, Issue wanted) throws InterruptedException {
        Run whole = new Run(issues, Set.of());
        whole.outcome();
        Run part = new Run(issues, whole.takenBefore.getOrDefault(wanted.id(), Set.of()));
        return part.only(wanted);
    }

    private static final class Part {
        private final List<FixPlan> plans = new ArrayList<>();
        private final Set<String> planned = new HashSet<>();
    }

    private final class Run {
        private final Workspace workspace = new Workspace(root);
        private final List<Issue> issues;
        private final PlanContext context;
        private final Map<String, Set<Integer>> takenBefore = new HashMap<>();
        private Proof.@Nullable Wrong wrong;
        private Set<String> first = Set.of();

        Run(List<Issue> issues, Set<Integer> taken) throws InterruptedException {
            this.issues = issues;
            context = new PlanContext(world, world.declarations() == null ? null : workspace, issues, caller);
            context.take(taken);
            if (proof != null) {
                wrong = proof.with(Map.of()).orElse(null);
                first = wrong == null ? Set.of() : wrong.issues();
            }
        }

        Outcome outcome() throws InterruptedException {
            Part part = new Part();
            for (Fix fix : Fixes.all()) {
                for (Issue issue : issues) {
                    plan(fix, issue, part);
                }
            }
            for (Issue issue : issues) {
                if (!issue.waived() && part.planned.add(issue.id())) {
                    part.plans.add(byHand(issue));
                }
            }
            return new Outcome(part.plans, workspace.diff());
        }

        Outcome only(Issue wanted) throws InterruptedException {
            Part part = new Part();
            for (Fix fix : Fixes.all()) {
                plan(fix, wanted, part);
            }
            if (!wanted.waived() && part.planned.add(wanted.id())) {
                part.plans.add(byHand(wanted));
            }
            return new Outcome(part.plans, workspace.diff());
        }

        private void plan(Fix fix, Issue issue, Part part) throws InterruptedException {
            if (issue.waived() || !fix.checks().contains(issue.check()) || part.planned.contains(issue.id())) {
                return;
            }
            if (wrong != null && first.contains(issue.id()) && !wrong.issues().contains(issue.id())) {
                part.plans.add(nothingOfItsOwn(issue));
                part.planned.add(issue.id());
                return;
            }
            takenBefore.put(issue.id(), context.state().taken());
            PlanContext.State before = context.state();
            Map<String, Optional<String>> filesBefore = workspace.changed();
            Optional<FixPlan> plan = fix.plan(issue, context);
            if (plan.isEmpty()) {
                context.restore(before);
                return;
            }
            boolean edited = !workspace.changed().equals(filesBefore);
            boolean proven = plan.get().patched() && edited && proven(issue, filesBefore);
            if (edited && !proven) {
                context.restore(before);
            }
            boolean only = plan.get().patched()
                    && !edited
                    && wrong != null
                    && wrong.issues().contains(issue.id());
            // "The steps before mend it" is true only where they do.
            part.plans.add(
                    only ? byHand(issue) : proven ? plan.get() : plan.get().withoutPatch());
            part.planned.add(issue.id());
        }

        /** True where the scan of the changed tree no longer finds the issue, finds nothing else new, and the patch shows no secret. */
        private boolean proven(Issue issue, Map<String, Optional<String>> filesBefore) throws InterruptedException {
            if (proof == null || wrong == null || showsSecret(filesBefore)) {
                return false;
            }
            Optional<Proof.Wrong> after = proof.with(workspace.changed());
            if (after.isEmpty()
                    || after.get().issues().contains(issue.id())
                    || !wrong.issues().containsAll(after.get().issues())
                    || after.get().unknowns().stream()
                            .anyMatch(unknown -> unknown.startsWith(issue.check() + " ")
                                    && !wrong.unknowns().contains(unknown))) {
                return false;
            }
            wrong = after.get();
            return true;
        }

        /** What this fix adds to the patch would print a password or token beside what it changes. */
        private boolean showsSecret(Map<String, Optional<String>> filesBefore) {
            Map<String, Optional<String>> now = new LinkedHashMap<>(workspace.changed());
            now.entrySet().removeIf(entry -> entry.getValue().equals(filesBefore.get(entry.getKey())));
            return workspace
                    .diffOf(now.keySet())
                    .lines()
                    .filter(line -> !line.startsWith("+++") && !line.startsWith("---"))
                    .map(line -> line.replaceAll("[\\p{Cntrl}\\p{Cf}]", " "))
                    .anyMatch(line -> !Masking.mask(line).equals(line));
        }

        private FixPlan nothingOfItsOwn(Issue issue) {
            return Fix.of(
                    issue,
                    true,
                    new FixStep(
                            "Nothing of its own: the steps before mend it",
                            "",
                            context.scanOnly(issue),
                            "take back the steps before",
                            Risk.LOW));
        }

        private FixPlan byHand(Issue issue) {
            return Fix.of(
                    issue,
                    false,
                    new FixStep(
                            issue.recommendation(),
                            "",
                            context.scanOnly(issue),
                            "take back what you changed",
                            Risk.MEDIUM));
        }
    }
}
