package dev.panoptes.integrity.checks;

import dev.panoptes.code.Code;
import dev.panoptes.code.Program;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A launch that should serve, but whose program was read whole and ends without serving anything. */
final class LaunchServesNothingCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "launch-serves-nothing",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a launch that should serve starts a program that ends without serving");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        for (Launch launch : world.links().launches().all()) {
            if (launch.program() == null || launch.kind() == Launch.Kind.IMAGE || launch.unknown() == null) {
                continue;
            }
            boolean wanted = !launch.published().isEmpty();
            if (wanted && launch.claims().isEmpty()) {
                judge(declarations, launch, results);
            }
        }
        return results;
    }

    private static void judge(Declarations declarations, Launch launch, List<CheckResult> results) {
        String path = String.valueOf(launch.program());
        String text = declarations.code().text(path);
        Code.ProgramLookup looked = declarations.code().program(path);
        boolean silent = looked instanceof Code.ProgramLookup.NoProgram
                || (looked instanceof Code.ProgramLookup.Found(Program program)
                        && program.binds().isEmpty()
                        && !program.definesApp());
        if (!silent || text == null) {
            return;
        }
        if (!isWhole(path, text)) {
            results.add(new CheckResult.Unknown(
                    launch.id(), "Whether " + path + " serves is not known: what it imports may"));
            return;
        }
        results.add(Failure.of(launch.id())
                .title(launch.id() + " publishes a port, but " + path + " serves nothing")
                .description(
                        path + " was read whole: it uses nothing but its language's own library, listens nowhere and"
                                + " ends, so nobody answers on the published port.")
                .affected(launch.id())
                .affected(path)
                .recommend("Start the program that serves, or remove the published port")
                .evidence(launch.evidence())
                .evidence(new Evidence("code", path, 0, "binds no port"))
                .fail());
    }

    /** True where the file uses nothing that could serve behind our back: only modules of the standard library that do not. */
    private static boolean isWhole(String path, String text) {
        boolean python = path.endsWith(".py");
        if (!python && !path.endsWith(".js") && !path.endsWith(".mjs") && !path.endsWith(".cjs")) {
            return false;
        }
        for (String raw : (Iterable<String>) text.lines()::iterator) {
            String line = raw.strip();
            if (python && (line.startsWith("import ") || line.startsWith("from ") || line.contains("__import__"))) {
                for (String name : line.replaceFirst("^(import|from)\\s+", "")
                        .replaceFirst("\\s+import\\s.*", "")
                        .split(",")) {
                    if (!PYTHON.contains(name.strip().split("[\\s.]", 2)[0])) {
                        return false;
                    }
                }
            } else if (!python
                    && (line.contains("require(") || line.startsWith("import ") || line.contains("import("))) {
                return false;
            } else if (line.contains("exec(") || line.contains("subprocess") || line.contains("socket")) {
                return false;
            }
        }
        return true;
    }

    private static final Set<String> PYTHON = Set.of(
            "os",
            "sys",
            "time",
            "json",
            "logging",
            "datetime",
            "math",
            "random",
            "re",
            "pathlib",
            "typing",
            "collections",
            "itertools",
            "functools",
            "string",
            "uuid",
            "hashlib",
            "csv",
            "argparse",
            "dataclasses",
            "enum",
            "__future__");
}
