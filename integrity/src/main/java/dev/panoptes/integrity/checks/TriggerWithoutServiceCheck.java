package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.NamedUnits.Whereabouts;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.UnitCatalog.Trigger;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A timer, socket or path unit whose service does not exist: systemd refuses to start it. */
final class TriggerWithoutServiceCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "trigger-without-service",
                Severity.MEDIUM,
                CheckGroup.SYSTEMD,
                "a timer, socket or path unit starts a service that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        Declarations declarations = world.declarations();
        List<CheckResult> results = new ArrayList<>();
        if (declarations == null) {
            return results;
        }
        NamedUnits units = new NamedUnits(world, declarations);
        for (Trigger trigger : declarations.catalog().triggers()) {
            String service = service(trigger);
            switch (units.of(service, true)) {
                case Whereabouts.Here here -> results.add(new CheckResult.Pass(trigger.rootPath()));
                case Whereabouts.OfHost ofHost -> {
                    // A package's own.
                }
                case Whereabouts.Unclear(String reason) ->
                    results.add(new CheckResult.Unknown(
                            trigger.rootPath(), "Whether " + service + " is there is not known: " + reason));
                case Whereabouts.Gone(String alike) -> results.add(failed(trigger, service, alike));
            }
        }
        return results;
    }

    /** A socket that accepts connections itself starts an instance of a template for each (systemd.socket(5), Accept=). */
    private static String service(Trigger trigger) {
        return trigger.accepts()
                ? trigger.name().substring(0, trigger.name().lastIndexOf('.')) + "@.service"
                : trigger.service();
    }

    private static CheckResult failed(Trigger trigger, String service, @Nullable String alike) {
        return Failure.of(trigger.rootPath())
                .title(trigger.name() + " starts " + service + ", which does not exist")
                .description("No file of the tree is " + service + ", and no installer of the tree makes it. systemd"
                        + " refuses to start " + trigger.name() + " without the unit that it is for.")
                .affected(trigger.rootPath())
                .recommend(
                        alike == null
                                ? "Restore " + service + ", or remove " + trigger.name()
                                : "Let it start " + alike + ", if that is meant, or restore " + service)
                .evidence(new Evidence(
                        "unit",
                        trigger.rootPath(),
                        Math.max(1, trigger.line()),
                        trigger.line() == 0 ? trigger.name() : "starts " + service))
                .fail();
    }
}
