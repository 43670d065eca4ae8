package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Follows {@code npm start} and the like to what the script of the package file runs (npm-run-script). */
final class PackageScripts {
    private static final int DEEPEST = 5;
    private static final Set<String> RUNNERS = Set.of("npm", "yarn", "pnpm", "bun");
    private static final Set<String> VERBS = Set.of("run", "run-script");
    /** Programs that start several others at once. */
    private static final Set<String> SEVERAL =
            Set.of("concurrently", "npm-run-all", "run-p", "run-s", "turbo", "lerna", "nx", "wsrun");
    /** Tools that serve by themselves, on a port that their option or configuration names. */
    private static final Set<String> TOOLS = Set.of(
            "vite",
            "next",
            "nuxt",
            "nuxi",
            "ng",
            "webpack",
            "webpack-dev-server",
            "react-scripts",
            "vue-cli-service",
            "astro",
            "remix",
            "gatsby",
            "parcel",
            "serve",
            "http-server");

    private PackageScripts() {}

    /**
     * The command that a package runner runs in the end.
     *
     * @param folder rootPath of the folder that holds the package file
     * @param text gives the text of a file below the root; null where it cannot be read
     * @param environment variables that are set where it runs
     * @return the same command where it is none of a package runner, or its script is not known
     */
    static StartCommand followed(
            StartCommand start,
            String folder,
            Function<String, @Nullable String> text,
            Map<String, String> environment) {
        StartCommand now = start;
        for (int depth = 0; depth < DEEPEST; depth++) {
            String script = script(now, folder, text);
            if (script.isEmpty()) {
                break;
            }
            now = command(start, now, script, environment);
        }
        String program = StartCommandParser.baseName(now.text().split(" ", 2)[0]);
        StartCommand vite = now.equals(start) ? null : ViteServer.of(start, now, folder, text);
        if (vite != null) {
            return vite;
        }
        return now.port() == null && now.module() == null && !now.equals(start) && TOOLS.contains(program)
                ? with(
                        now,
                        now,
                        new PortValue.Unresolved("the configuration of " + program + " may name its port", "PORT"))
                : now;
    }

    private static StartCommand command(
            StartCommand first, StartCommand now, String script, Map<String, String> environment) {
        Map<String, String> set = new HashMap<>(environment);
        set.putAll(now.environment());
        StartCommand inner = StartCommandParser.ofShell(script, set, first.line());
        String program = StartCommandParser.baseName(script.strip().split("\\s+", 2)[0]);
        if (inner == null) {
            return now;
        }
        boolean several = SEVERAL.contains(program) || script.replace("&&", "").contains("&");
        Map<String, String> both = new HashMap<>(now.environment());
        both.putAll(inner.environment());
        StartCommand whole = new StartCommand(
                inner.text(),
                inner.runner(),
                inner.module(),
                inner.port(),
                inner.directory(),
                both,
                inner.arguments(),
                first.line());
        return several
                ? with(first, whole, new PortValue.Unresolved("its script starts several programs", null))
                : whole;
    }

    private static StartCommand with(StartCommand first, StartCommand inner, PortValue port) {
        return new StartCommand(
                first.text(), inner.runner(), null, port, null, inner.environment(), List.of(), first.line());
    }

    /** Bun runs files and scripts by one word, so that the words as they are written tell which script is meant. */
    private static List<String> afterBun(String text) {
        List<String> words = ShellWords.split(text);
        int bun = words.stream().map(StartCommandParser::baseName).toList().indexOf("bun");
        return bun < 0 ? List.of() : words.subList(bun + 1, words.size());
    }

    /** The script that this command runs; empty where it runs none that is known. */
    private static String script(StartCommand start, String folder, Function<String, @Nullable String> text) {
        String runner = start.runner();
        if ("deno".equals(runner)
                && "task".equals(start.module())
                && !start.arguments().isEmpty()) {
            return task(start.arguments().getFirst(), folder, text);
        }
        if (runner == null || !RUNNERS.contains(runner) || (start.module() != null && !runner.equals("bun"))) {
            return "";
        }
        List<String> words = new ArrayList<>(runner.equals("bun") ? afterBun(start.text()) : start.arguments());
        words.removeIf(word -> word.startsWith("-"));
        if (!words.isEmpty() && VERBS.contains(words.getFirst())) {
            words.removeFirst();
        }
        String name = words.isEmpty() ? "" : words.getFirst();
        String file = text.apply(PathNames.join(folder, "package.json"));
        if (file == null || name.isEmpty()) {
            return "";
        }
        try {
            JsonNode scripts = new ObjectMapper().readTree(file).path("scripts");
            if (scripts.path(name).isString()) {
                return scripts.path(name).stringValue();
            }
            // npm runs the package's server.js where it has no start script.
            return name.equals("start") && !runner.equals("bun") ? "node server.js" : "";
        } catch (JacksonException e) {
            return "";
        }
    }

    /** What {@code deno task} runs (Deno, "Task runner"); empty where that is not known. */
    private static String task(String name, String folder, Function<String, @Nullable String> text) {
        for (String file : List.of("deno.json", "deno.jsonc")) {
            String configuration = text.apply(PathNames.join(folder, file));
            try {
                JsonNode task = new ObjectMapper()
                        .readTree(configuration == null ? "{}" : configuration)
                        .path("tasks")
                        .path(name);
                JsonNode command = task.isObject() ? task.path("command") : task;
                if (command.isString()) {
                    return command.stringValue();
                }
            } catch (JacksonException e) {
                return "";
            }
        }
        return "";
    }

    /**
     * The script that this command names and the package file does not have; null where it has it, or that is not known.
     *
     * @param file the package file's text; null where there is none
     */
    static @Nullable String missing(StartCommand start, @Nullable String file) {
        List<String> words = ShellWords.split(start.text());
        int run = words.size() > 1 && VERBS.contains(words.get(1)) ? 1 : -1;
        String program = words.isEmpty() ? "" : StartCommandParser.baseName(words.getFirst());
        if (file == null || run < 0 || words.size() < 3 || !(program.equals("npm") || program.equals("pnpm"))) {
            return null;
        }
        String name = words.get(2);
        // Options may name another folder, or that nothing need be there; later ones are the script's own.
        boolean plain = name.matches("[A-Za-z0-9][\\w:.-]*");
        try {
            JsonNode whole = new ObjectMapper().readTree(file);
            JsonNode scripts = whole.path("scripts");
            return plain
                            && words.stream()
                                    .noneMatch(
                                            word -> word.matches("--(if-present|prefix|workspace|filter|dir).*|-[wCF]"))
                            && !name.equals("env")
                            && !name.equals("start")
                            && whole.isObject()
                            && scripts.path(name).isMissingNode()
                    ? name
                    : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
