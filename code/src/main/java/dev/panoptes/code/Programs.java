package dev.panoptes.code;

import dev.panoptes.code.run.Module;
import dev.panoptes.code.run.Modules;
import dev.panoptes.code.run.ProgramRun;
import java.util.Set;

/** From a followed file to the program that reports know. */
final class Programs {
    private Programs() {}

    static DirectoryReader.Followed follow(
            Module module, String path, Modules modules, Set<String> endpoints, Start start) {
        ProgramRun run = ProgramRun.of(module, modules, endpoints, start);
        boolean serves = run.runnable() || run.definesApp() || !run.binds().isEmpty();
        Program program = serves
                ? new Program(
                        path,
                        module.rootPath(),
                        module.text().language(),
                        run.runnable(),
                        run.definesApp(),
                        run.binds(),
                        run.names(),
                        run.nameUnknown())
                : null;
        return new DirectoryReader.Followed(program, run.incomplete());
    }
}
