package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.checks.NamedUnits.Whereabouts;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.declared.UnitFile.Need;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the checks on units that others name have in common. */
final class UnitNeeds {
    private UnitNeeds() {}

    /**
     * One result for each unit that names others.
     *
     * @param hard true for what a unit does not start without; else what is not sure to be missing is passed over
     * @param consequence what systemd does, a sentence
     */
    static List<CheckResult> judge(World world, boolean hard, String consequence) {
        List<CheckResult> results = new ArrayList<>();
        Optional<UnitView> view = UnitView.of(world);
        if (view.isEmpty()) {
            return results;
        }
        NamedUnits units = new NamedUnits(world, view.get().declarations());
        for (Unit unit : view.get().units()) {
            Map<Need, Optional<String>> gone = new LinkedHashMap<>();
            String unclear = null;
            boolean here = false;
            for (UnitFile copy : unit.copies()) {
                for (Need need : copy.details().references().needs()) {
                    if (need.hard() == hard && !need.unit().equals(unit.name()) && (hard || !isRequired(copy, need))) {
                        switch (units.of(need.unit(), false)) {
                            case Whereabouts.Here there -> here = true;
                            case Whereabouts.OfHost ofHost -> {
                                // A package's own.
                            }
                            case Whereabouts.Unclear(String reason) ->
                                unclear = "Whether " + need.unit() + " is there is not known: " + reason;
                            case Whereabouts.Gone(String alike) -> gone.put(need, Optional.ofNullable(alike));
                        }
                    }
                }
            }
            if (!gone.isEmpty()) {
                results.add(failed(unit, view.get(), gone, consequence));
            } else if (unclear != null && hard) {
                results.add(new CheckResult.Unknown(view.get().subject(unit), unclear));
            } else if (here) {
                results.add(new CheckResult.Pass(view.get().subject(unit)));
            }
        }
        return results;
    }

    /** What a unit is ordered after because it requires it is told where it is required. */
    private static boolean isRequired(UnitFile unit, Need need) {
        return unit.details().references().needs().stream()
                .anyMatch(other -> other.hard() && other.unit().equals(need.unit()));
    }

    private static CheckResult failed(Unit unit, UnitView view, Map<Need, Optional<String>> gone, String consequence) {
        List<String> names = gone.keySet().stream().map(Need::unit).distinct().toList();
        String meant =
                gone.values().stream().flatMap(Optional::stream).distinct().collect(Collectors.joining(" and "));
        return Failure.of(view.subject(unit))
                .host(view.host(unit))
                .title(unit.name() + " names " + Words.list(names) + ", which does not exist")
                .description("No file of the tree is " + Words.list(names) + ". " + consequence)
                .affected(view.affected(unit))
                .recommend(
                        meant.isEmpty()
                                ? "Restore the unit, or remove what names it"
                                : "Name " + meant + ", if that is meant, or restore " + Words.list(names))
                .evidence(gone.keySet().stream()
                        .map(Need::line)
                        .distinct()
                        .map(line -> new Evidence("unit", line.file(), line.line(), line.text()))
                        .toList())
                .fail();
    }
}
