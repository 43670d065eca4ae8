package dev.panoptes.code.run;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.command.StartCommand;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Servers that a Python program starts by a command line or loads by name. */
final class PythonCommands {
    private static final Set<String> HOSTS = Set.of("--host", "-h", "--bind", "-b", "--listen");

    private PythonCommands() {}

    /** Runs the module of {@code package.module:app}, so that what it routes is known. */
    static void load(String target, Interpreter run) {
        int colon = target.indexOf(':');
        String module = target.substring(0, colon);
        if (!module.matches("[\\w.]{1,200}")) {
            return;
        }
        String path = module.replace('.', '/');
        Module found = PathNames.upwards(run.root.folder()).stream()
                .map(folder -> PathNames.join(folder, path))
                .flatMap(base -> Stream.of(base + ".py", base + "/__init__.py"))
                .flatMap(file -> Stream.ofNullable(run.modules.module(file)))
                .findFirst()
                .orElse(null);
        if (found != null) {
            String name = target.substring(colon + 1).replaceFirst("\\(.*", "");
            Value application = run.load(found).names.get(name);
            if (application instanceof Value.Routine factory) {
                run.evaluator.call(factory, Arguments.NONE, Site.of(found));
            } else if (application != null) {
                run.members.force(application);
            }
        }
    }

    static void started(Call call, Interpreter run) {
        List<Value> words = words(call);
        StartCommand command = words.isEmpty() ? null : StartedCommands.of(words, call.site());
        if (command != null && command.port() != null) {
            run.bind(StartedCommands.value(command.port()), host(words), call.site());
        }
    }

    private static List<Value> words(Call call) {
        Value given = call.path().startsWith("os.execv") ? call.given().find(1, "args") : call.first();
        if (given instanceof Value.Items items) {
            return items.open() ? List.of() : items.values();
        }
        if (call.path().startsWith("os.execl")) {
            return call.given().after(1).positional();
        }
        if (call.path().endsWith("_exec")) {
            return call.given().positional();
        }
        String line = Values.text(given);
        return line == null || line.isBlank()
                ? List.of()
                : Stream.of(line.strip().split("\\s+"))
                        .<Value>map(Values::constant)
                        .toList();
    }

    /** The address that is passed; null where none is. */
    private static @Nullable Value host(List<Value> words) {
        for (int i = 0; i + 1 < words.size(); i++) {
            String word = Values.text(words.get(i));
            String next = Values.text(words.get(i + 1));
            if (word != null && HOSTS.contains(word) && next != null) {
                return Values.constant(next.contains(":") ? next.substring(0, next.lastIndexOf(':')) : next);
            }
        }
        return null;
    }
}
