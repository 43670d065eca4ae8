package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.HostProcess;
import dev.panoptes.integrity.declared.Launches;
import dev.panoptes.integrity.declared.NamedConfiguration;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** PM2, supervisord or a Procfile starts a script that does not exist. */
final class ProcessMissingScriptCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "process-missing-script",
                Severity.HIGH,
                CheckGroup.CODE,
                "PM2, supervisord or a Procfile starts a script that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        Launches launches = world.links().launches();
        for (HostProcess process : declarations.processes()) {
            if (process.kind() == HostProcess.Kind.SCRIPT
                    || launches.of(process).isEmpty()) {
                continue;
            }
            Optional<String> missing = launches.missing(process);
            Optional<String> unconfigured = launches.of(process).get().onHost()
                    ? NamedConfiguration.missing(process, declarations.paths())
                    : Optional.empty();
            if (missing.isPresent()) {
                results.add(failed(process, missing.get()));
            } else if (unconfigured.isPresent()) {
                results.add(unconfigured(process, unconfigured.get()));
            } else if (launches.of(process).get().program() != null) {
                results.add(new CheckResult.Pass(process.id()));
            } else if (process.unknown() != null) {
                results.add(new CheckResult.Unknown(
                        process.id(),
                        "Whether what " + process.id() + " starts is there is not known: " + process.unknown()));
            }
        }
        return results;
    }

    private static CheckResult failed(HostProcess process, String path) {
        return Failure.of(process.id())
                .title(process.id() + " starts " + path + ", which does not exist")
                .description((path.startsWith("/")
                                ? "Nothing of the Dockerfile puts " + path + " into the image: "
                                : "There is no " + path
                                        + ", .gitignore does not exclude it, and no build makes files there: ")
                        + process.name() + " ends as soon as it is started.")
                .affected(process.id())
                .recommend(
                        path.startsWith("/")
                                ? "Copy the script to " + path + ", or correct the path"
                                : "Restore the script, or correct the path, which is relative to the working directory")
                .evidence(process.evidence())
                .fail();
    }

    private static CheckResult unconfigured(HostProcess process, String path) {
        return Failure.of(process.id())
                .title(process.id() + " is configured by " + path + ", which does not exist")
                .description("There is no " + path + ", and .gitignore does not exclude it: " + process.name()
                        + " ends as soon as it is started.")
                .affected(process.id())
                .recommend("Restore the configuration, or correct the path, which is relative to the working directory")
                .evidence(process.evidence())
                .fail();
    }
}
