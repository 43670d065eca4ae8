package dev.panoptes.code.run;

import dev.panoptes.code.Bind;
import dev.panoptes.code.ReportedName;
import dev.panoptes.code.Start;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What running one file gives.
 *
 * @param runnable true where running the file itself starts something
 * @param definesApp true where it makes an application that a server can load
 * @param nameUnknown why the name that its health endpoint reports could not be told; null where all could
 * @param rows of the tables of libraries, by their calls, that said what it does
 * @param incomplete why the run could not be followed to its end; null where it was
 */
public record ProgramRun(
        boolean runnable,
        boolean definesApp,
        List<Bind> binds,
        List<ReportedName> names,
        @Nullable String nameUnknown,
        @Nullable String incomplete,
        Set<String> rows) {
    public ProgramRun {
        rows = Set.copyOf(rows);
        binds = List.copyOf(binds);
        names = List.copyOf(names);
    }

    /**
     * Follows the file as a program.
     *
     * @param endpoints paths of health endpoints
     * @param start how it is started
     */
    public static ProgramRun of(Module root, Modules modules, Set<String> endpoints, Start start) {
        Interpreter run = new Interpreter(modules, root, start);
        String incomplete = null;
        boolean definesApp = false;
        Health.Names names = new Health.Names(List.of(), null);
        try {
            Scope scope = run.runMain();
            definesApp = run.definesApplication(scope);
            if (definesApp || !run.recorder.binds.isEmpty()) {
                names = new Health(run, endpoints).names();
            }
        } catch (Interpreter.Unfollowed e) {
            incomplete = root.rootPath() + ": " + e.getMessage();
        } catch (StackOverflowError e) {
            incomplete = root.rootPath() + ": its calls nest too deeply to be followed";
        }
        List<Bind> binds = run.recorder.binds.stream().map(ProgramRun::bind).toList();
        boolean runnable = run.guardSeen() || run.starts() || !binds.isEmpty();
        return new ProgramRun(
                runnable, definesApp, binds, names.names(), names.unknown(), incomplete, run.recorder.used);
    }

    /**
     * What a server listens on whose settings are a module: {@code bind = "0.0.0.0:8014"} in a gunicorn.conf.py.
     *
     * @param name of the setting
     * @param start the environment in which the server reads it
     * @return null where the module does not set it, or to what is no port
     */
    public static @Nullable Bind setting(Module root, Modules modules, String name, Start start) {
        Interpreter run = new Interpreter(modules, root, start);
        try {
            Value value = run.runMain().names.get(name);
            run.recorder.binds.clear();
            if (value != null) {
                Addresses.bind(run.members.force(value), Site.of(root), run);
            }
        } catch (Interpreter.Unfollowed | StackOverflowError e) {
            run.bind(Values.unknown("its configuration is not followed to its end"), null, Site.of(root));
        }
        List<Recorder.Bound> binds = run.recorder.binds;
        return binds.size() == 1 ? bind(binds.getFirst()) : null;
    }

    private static Bind bind(Recorder.Bound bound) {
        return new Bind(
                bound.port(),
                bound.site().module().rootPath(),
                bound.site().line(),
                bound.site().text(),
                bound.address(),
                bound.onImport(),
                bound.open());
    }

    /** What a program that another one starts binds; nothing where it cannot be followed to its end. */
    static List<Recorder.Bound> binds(Module root, Modules modules, Start start) {
        Interpreter run = new Interpreter(modules, root, start);
        try {
            run.runMain();
            return List.copyOf(run.recorder.binds);
        } catch (Interpreter.Unfollowed e) {
            return List.of();
        }
    }
}
