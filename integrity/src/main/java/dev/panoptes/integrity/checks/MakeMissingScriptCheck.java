package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.MakeScripts;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A recipe of a Makefile runs a script that does not exist, or a rule needs what nothing makes. */
final class MakeMissingScriptCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "make-missing-script", Severity.LOW, CheckGroup.CODE, "a Makefile runs a script that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        Set<String> told = new HashSet<>();
        for (MakeScripts.Run run : MakeScripts.of(declarations)) {
            String subject = run.makefile() + "#" + run.script();
            if (told.add(subject)) {
                results.add(run.missing() ? failed(subject, run) : new CheckResult.Pass(subject));
            }
        }
        return results;
    }

    private static CheckResult failed(String subject, MakeScripts.Run run) {
        if (run.target()) {
            return Failure.of(subject)
                    .title(run.makefile() + " needs " + run.script() + ", which is neither a target nor a file")
                    .description("No rule makes " + run.script() + " and there is no such file: make stops there with"
                            + " \"No rule to make target\".")
                    .affected(run.makefile())
                    .recommend("Add the rule, or correct the name")
                    .evidence(run.evidence())
                    .fail();
        }
        return Failure.of(subject)
                .title(run.makefile() + " runs " + run.script() + ", which does not exist")
                .description("There is no " + run.script() + ", .gitignore does not exclude it, and no other line of "
                        + run.makefile() + " names it: make stops there with an error.")
                .affected(run.makefile())
                .recommend("Restore the script, or correct the path, which is relative to the Makefile")
                .evidence(run.evidence())
                .fail();
    }
}
