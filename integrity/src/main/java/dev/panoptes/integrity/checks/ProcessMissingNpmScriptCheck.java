package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.MissingScripts;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** A Dockerfile, Procfile, PM2 or supervisord runs a script that {@code package.json} does not have: npm ends at once. */
final class ProcessMissingNpmScriptCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "process-missing-npm-script",
                Severity.HIGH,
                CheckGroup.CODE,
                "a Dockerfile, Procfile, PM2 or supervisord runs a script that package.json does not have");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        for (MissingScripts.Run run : MissingScripts.of(
                declarations, world.links().images().orElseThrow().contexts())) {
            String script = run.script();
            results.add(
                    script == null
                            ? new CheckResult.Pass(run.subject())
                            : Failure.of(run.subject())
                                    .title(run.subject() + " runs the script " + script + ", which " + run.packageFile()
                                            + " does not have")
                                    .description("npm ends with \"Missing script\" as soon as it is started.")
                                    .affected(run.subject())
                                    .recommend("Add " + script + " to the scripts of " + run.packageFile()
                                            + ", or run one that is there")
                                    .evidence(run.evidence())
                                    .fail());
        }
        return results;
    }
}
