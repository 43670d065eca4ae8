package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Judges every unit by whether it has certain lines: those of the first of its copies that has any are what is wrong with it. */
final class UnitLines {
    private UnitLines() {}

    /** What is to be said of a unit with such lines; host, what is affected and evidence are said already. */
    interface Words {
        /** @param lines at least one */
        Failure.Builder say(Failure.Builder failure, Unit unit, List<UnitFile.Line> lines);
    }

    /** A result for each unit. Empty where no declarations were read. */
    static List<CheckResult> judge(World world, Function<UnitFile.Details, List<UnitFile.Line>> wrong, Words words) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world)
                .ifPresent(view -> view.units().forEach(unit -> results.add(judge(unit, view, wrong, words))));
        return results;
    }

    private static CheckResult judge(
            Unit unit, UnitView view, Function<UnitFile.Details, List<UnitFile.Line>> wrong, Words words) {
        List<UnitFile.Line> lines = unit.copies().stream()
                .map(file -> wrong.apply(file.details()))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
        if (lines.isEmpty()) {
            return new CheckResult.Pass(view.subject(unit));
        }
        Failure.Builder failure = Failure.of(view.subject(unit))
                .host(view.host(unit))
                .affected(view.affected(unit))
                .evidence(lines.stream()
                        .map(line -> new Evidence("unit", line.file(), line.line(), line.text()))
                        .toList());
        return words.say(failure, unit, lines).fail();
    }
}
