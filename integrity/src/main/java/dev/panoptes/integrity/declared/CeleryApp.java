package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.ModuleName;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The module that {@code celery -A NAME} imports (Celery, "Command Line Interface"). It serves nothing, but is not started without. */
final class CeleryApp {
    private static final Pattern ENTRY =
            Pattern.compile("(?:\\S*/)?(?:[\\w.-]*entry[\\w.-]*|[\\w.-]+\\.sh|tini|dumb-init)");

    /** A module of which a look does not tell which names it has. */
    private static final Pattern ANYTHING =
            Pattern.compile("import\\s*\\(?\\s*\\*|attr__|\\b(?:setattr|globals|locals|vars|exec|sys)\\b");

    private static final Pattern SCHEDULER =
            Pattern.compile("\\bbeat\\b.*\\s(?:-S|--scheduler)[ =]([A-Za-z_]\\w*)\\.[\\w.:]+");

    private CeleryApp() {}

    /** The command with the application as its module; null where it is none of celery's, or names none that is known. */
    static @Nullable StartCommand of(StartCommand start) {
        List<String> words = ShellWords.split(start.text());
        // An entry point prepares and starts it.
        int at = words.size() > 1 && ENTRY.matcher(words.getFirst()).matches() ? 1 : 0;
        if (words.size() > at + 2
                && StartCommandParser.baseName(words.get(at)).startsWith("python")
                && words.get(at + 1).equals("-m")) {
            at += 2;
        }
        if (words.size() <= at || !StartCommandParser.baseName(words.get(at)).equals("celery")) {
            return null;
        }
        String app = null;
        for (int i = at + 1; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith("--workdir") || word.equals("&&") || word.equals(";")) {
                return null;
            }
            if ((word.equals("-A") || word.equals("--app")) && i + 1 < words.size()) {
                app = words.get(i + 1);
            } else if (word.startsWith("--app=")) {
                app = word.substring("--app=".length());
            }
        }
        return app == null || !app.matches("[A-Za-z_][\\w.]*(:\\w+)?")
                ? null
                : new StartCommand(
                        start.text(),
                        "celery",
                        app,
                        null,
                        start.directory(),
                        start.environment(),
                        start.arguments(),
                        start.line());
    }

    /** {@code a.b} is a module, or the attribute {@code b} of {@code a}. */
    static ModuleName.Files files(StartCommand celery) {
        String name = String.valueOf(celery.module()).split(":", 2)[0];
        SequencedSet<String> paths = new LinkedHashSet<>();
        add(name, paths);
        if (name.indexOf('.') > 0) {
            add(name.substring(0, name.lastIndexOf('.')), paths);
        }
        return new ModuleName.Files(List.copyOf(paths), true, name.split("\\.", 2)[0]);
    }

    /** The first name of the module that {@code beat} takes its scheduler from; null where that is celery's own or not named. */
    static @Nullable String scheduler(StartCommand celery) {
        Matcher named = SCHEDULER.matcher(celery.text());
        return named.find() && !named.group(1).equals("celery") ? named.group(1) : null;
    }

    /**
     * Where the module {@code a.b} would be, when only {@code a} is there and says no {@code b}; null otherwise.
     *
     * @param found rootPath of what was found; @param text its text
     */
    static @Nullable String lacking(StartCommand celery, String found, @Nullable String text) {
        String name = String.valueOf(celery.module()).split(":", 2)[0];
        int dot = name.lastIndexOf('.');
        String parent = "/" + name.substring(0, Math.max(0, dot)).replace('.', '/');
        if (dot < 0 || text == null || ANYTHING.matcher(text).find()) {
            return null;
        }
        String last = name.substring(dot + 1);
        String end = ("/" + found).endsWith(parent + "/__init__.py") ? "/__init__.py" : ".py";
        return !("/" + found).endsWith(parent + end)
                        || Pattern.compile("\\b" + last + "\\b").matcher(text).find()
                ? null
                : found.substring(0, found.length() - end.length()) + "/" + last + ".py";
    }

    private static void add(String module, SequencedSet<String> paths) {
        String path = module.replace('.', '/');
        paths.addAll(List.of(path + ".py", path + "/__init__.py", path + "/celery.py", path));
    }
}
