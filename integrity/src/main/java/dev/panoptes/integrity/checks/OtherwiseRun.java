package dev.panoptes.integrity.checks;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.OwnerJudge.Verdict;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.world.World;
import org.jspecify.annotations.Nullable;

/** Agents whose unit does not run although their code holds their port. */
final class OtherwiseRun {
    private static final String USER_MANAGER = "user@";

    private final World world;
    private final ObservedView view;
    private @Nullable OwnerJudge judge;

    OtherwiseRun(World world, ObservedView view) {
        this.world = world;
        this.view = view;
    }

    /** The process that is this agent and holds its port; null where none is seen. */
    @Nullable
    Owner owner(DeclaredAgent agent, String host) {
        for (Claim claim : view.claims()) {
            if (claim.agent().key().equals(agent.key())) {
                for (Listener listener : view.listeners(claim, host)) {
                    for (Owner owner : listener.owners()) {
                        if (judge().judge(owner, agent, host) instanceof Verdict.Itself) {
                            return owner;
                        }
                    }
                }
            }
        }
        return null;
    }

    /** The unit of a user's manager in which this agent runs, in words; null where it does not. */
    @Nullable
    String userUnit(DeclaredAgent agent, String host) {
        Owner owner = owner(agent, host);
        String unit = owner == null ? null : owner.unit();
        if (unit == null || !unit.startsWith(USER_MANAGER)) {
            return null;
        }
        int slash = unit.indexOf('/');
        return unit.substring(slash + 1) + " of the user manager "
                + unit.substring(0, slash < 0 ? unit.length() : slash);
    }

    /** Made when first needed: most units run. */
    private OwnerJudge judge() {
        OwnerJudge made = judge;
        if (made == null) {
            made = new OwnerJudge(world, view);
            judge = made;
        }
        return made;
    }
}
