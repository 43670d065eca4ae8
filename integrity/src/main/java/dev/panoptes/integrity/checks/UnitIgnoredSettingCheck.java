package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.UnitCatalog;
import dev.panoptes.integrity.declared.UnitCatalog.Ignored;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** A section or setting of a unit that systemd ignores, because it is misspelt or stands in another section than its own. */
final class UnitIgnoredSettingCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "unit-ignored-setting",
                Severity.MEDIUM,
                CheckGroup.SYSTEMD,
                "systemd ignores a misspelt section or setting of a unit");
    }

    @Override
    public List<CheckResult> run(World world) {
        Declarations declarations = world.declarations();
        UnitCatalog catalog = declarations == null ? UnitCatalog.EMPTY : declarations.catalog();
        List<CheckResult> results = new ArrayList<>();
        for (String file : catalog.files()) {
            List<Ignored> ignored = catalog.ignored().stream()
                    .filter(each -> each.file().equals(file))
                    .toList();
            results.add(ignored.isEmpty() ? new CheckResult.Pass(file) : failed(file, ignored));
        }
        return results;
    }

    private static CheckResult failed(String file, List<Ignored> ignored) {
        Ignored first = ignored.getFirst();
        String more = ignored.size() == 1 ? "" : ", and " + (ignored.size() - 1) + " more";
        return Failure.of(file)
                .title(file + ": systemd ignores " + first.written() + ", " + first.meant() + " is meant" + more)
                .description("systemd warns in the journal and goes on as if it were not there: "
                        + Words.list(ignored.stream()
                                .map(each -> each.written() + " (" + each.meant() + ")")
                                .toList())
                        + ". What a section holds that it does not know is lost with it.")
                .affected(file)
                .evidence(ignored.stream()
                        .map(each -> new Evidence("unit", each.file(), each.line(), each.written()))
                        .toList())
                .recommend("Write " + first.meant() + "; systemd-analyze verify " + file + " tells all of them")
                .fail();
    }
}
