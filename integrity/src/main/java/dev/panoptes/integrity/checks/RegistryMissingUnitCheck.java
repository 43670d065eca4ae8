package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.checks.NamedUnits.Whereabouts;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The registry names a unit for an agent, and the tree, which holds units of others, does not hold it. */
final class RegistryMissingUnitCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "registry-missing-unit",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "the registry names a unit that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        Declarations declarations = world.declarations();
        List<CheckResult> results = new ArrayList<>();
        if (declarations == null || declarations.units().isEmpty()) {
            // A tree without units keeps them elsewhere.
            return results;
        }
        NamedUnits units = new NamedUnits(world, declarations);
        RegistryText text = new RegistryText(world.registry());
        boolean own = world.registry().agents().stream()
                .map(RegistryMissingUnitCheck::unit)
                .anyMatch(unit -> unit != null && units.of(unit, false) instanceof Whereabouts.Here);
        for (DeclaredAgent agent : world.registry().agents()) {
            String unit = unit(agent);
            if (unit == null || !world.registry().hostOf(agent).equals(DeclaredHost.LOCAL)) {
                continue;
            }
            switch (units.of(unit, own)) {
                case Whereabouts.Here here -> results.add(new CheckResult.Pass(agent.key()));
                case Whereabouts.OfHost ofHost -> {
                    // Not of the tree.
                }
                case Whereabouts.Unclear(String reason) ->
                    results.add(new CheckResult.Unknown(
                            agent.key(), "Whether " + unit + " is there is not known: " + reason));
                case Whereabouts.Gone(String alike) -> results.add(failed(agent, unit, alike, text));
            }
        }
        return results;
    }

    private static @Nullable String unit(DeclaredAgent agent) {
        String unit = agent.unit();
        return unit == null || unit.endsWith(".service") ? unit : unit + ".service";
    }

    private static CheckResult failed(DeclaredAgent agent, String unit, @Nullable String alike, RegistryText text) {
        return Failure.of(agent.key())
                .title("The registry names " + unit + " for " + agent.key() + ", which does not exist")
                .description(
                        "No unit file of the tree is called " + unit + ", while other agents' units are there: what"
                                + " the unit of " + agent.key() + " declares is not judged.")
                .affected(agent.key())
                .recommend(
                        alike == null
                                ? "Write " + unit + ", or let the registry name the unit that runs " + agent.key()
                                : "Let the registry name " + alike + ", if that is meant, or restore " + unit)
                .evidence(text.line(agent.location(), agent.key() + ": unit " + agent.unit()))
                .fail();
    }
}
