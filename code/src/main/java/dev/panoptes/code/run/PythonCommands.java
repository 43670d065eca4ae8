package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Servers that a Python program starts by a command line or loads by name. */
final class PythonCommands {
    private PythonCommands() {}

    /** Runs the module of {@code package.module:app}, so that what it routes is known. */
    static @Nullable Value load(String target, Interpreter run) {
        int colon = target.indexOf(':');
        String module = colon < 0 ? target : target.substring(0, colon);
        String name = colon < 0 ? "" : target.substring(colon + 1);
        if (!module.matches("[\\w.]{1,200}")) {
            return null;
        }
        String path = module.replace('.', '/');
        for (String folder = run.root().folder(); ; folder = PythonDialect.parent(folder)) {
            String base = PythonDialect.join(folder, path);
            Module found = run.modules().module(base + ".py");
            found = found == null ? run.modules().module(PythonDialect.join(base, "__init__.py")) : found;
            if (found != null) {
                Scope scope = run.load(found);
                Value application = name.isEmpty() ? null : scope.names().get(name.replaceFirst("\\(.*", ""));
                if (application instanceof Value.Routine factory) {
                    return run.evaluator().call(factory, Arguments.NONE, new Site(found, 0, 0));
                }
                return application == null ? null : run.evaluator().force(application);
            }
            if (folder.isEmpty()) {
                return null;
            }
        }
    }

    static void started(String name, Arguments given, Site site, Interpreter run) {
        List<Value> words = new ArrayList<>();
        Value first = given.first();
        if (first instanceof Value.Items items && !items.open()) {
            words.addAll(items.values());
        } else if (name.startsWith("os.execv") && given.find(1, "args") instanceof Value.Items items && !items.open()) {
            words.addAll(items.values());
        } else if (name.startsWith("os.execl")) {
            words.addAll(given.after(1).positional());
        } else if (name.endsWith("_exec")) {
            words.addAll(given.positional());
        } else {
            String line = Values.text(first);
            for (String word : line == null ? new String[0] : line.strip().split("\\s+")) {
                words.add(Values.constant(word));
            }
        }
        CommandLine.bind(words, site, run);
    }
}
