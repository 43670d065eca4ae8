package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.core.yaml.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the applications of PM2's ecosystem files, JSON, YAML and such JavaScript as is one literal (PM2,
 * "Configuration File"). */
final class Pm2Files {
    private static final int MOST = 500;

    private Pm2Files() {}

    /** @param computed true where a plain text is an expression of a program, which is not known */
    static List<HostProcess> read(
            String file,
            String text,
            boolean computed,
            DeployedPaths paths,
            StartEnvironment.FileText files,
            List<Problem> problems) {
        List<HostProcess> processes = new ArrayList<>();
        for (YamlNode root : YamlDocuments.parse(file, text, problems)) {
            YamlNode apps =
                    root instanceof YamlNode.Fields fields && fields.get("apps") != null ? fields.get("apps") : root;
            List<YamlNode> all = apps instanceof YamlNode.Items items ? items.items() : List.of(apps);
            for (YamlNode app : all.subList(0, Math.min(all.size(), MOST))) {
                if (app instanceof YamlNode.Fields fields && scalar(fields, "script") != null) {
                    processes.add(app(file, fields, computed, paths, files));
                }
            }
        }
        return processes;
    }

    private static HostProcess app(
            String file, YamlNode.Fields app, boolean computed, DeployedPaths paths, StartEnvironment.FileText files) {
        YamlNode.Scalar script = app.get("script") instanceof YamlNode.Scalar scalar ? scalar : null;
        String written = script == null ? "" : script.text();
        String cwd = scalar(app, "cwd");
        String folder = HostProcessReader.folder(file);
        String directory = cwd == null || (computed && cwd.equals("__dirname"))
                ? folder
                : isExpression(app.get("cwd"), computed) ? null : HostProcessReader.located(cwd, file, paths);
        Map<String, String> environment = environment(app.get("env"));
        Set<String> open = otherwise(app, environment);
        if (computed && app.get("env") instanceof YamlNode.Fields fields) {
            for (String name : List.copyOf(environment.keySet())) {
                if (isExpression(fields.get(name), true)) {
                    environment.remove(name);
                    open.add(name);
                }
            }
        }
        StartEnvironment given = new StartEnvironment(
                environment, name -> directory == null ? null : files.text(PathNames.join(directory, name)));
        given.through(interpreterWords(app));
        boolean unclear = isExpression(app.get("script"), computed) || isExpression(app.get("args"), computed);
        StartCommand start =
                unclear ? null : StartCommandParser.ofArguments(words(app, written), environment, app.line());
        String name = scalar(app, "name");
        int line = script == null ? app.line() : script.line();
        return new HostProcess(
                HostProcess.Kind.PM2,
                name == null ? written.substring(written.lastIndexOf('/') + 1) : name,
                file,
                line,
                start,
                directory,
                environment,
                open,
                start == null ? "what it starts is computed" : given.unknown());
    }

    private static boolean isExpression(@Nullable YamlNode node, boolean computed) {
        return computed
                && node instanceof YamlNode.Scalar scalar
                && scalar.plain()
                && !scalar.text().matches("-?[0-9.]+|true|false|null|undefined|");
    }

    /** PM2 picks the interpreter by the script's ending; a script with blanks is a command line. */
    private static List<String> words(YamlNode.Fields app, String script) {
        List<String> words = new ArrayList<>();
        String interpreter = scalar(app, "interpreter");
        interpreter = interpreter == null ? scalar(app, "exec_interpreter") : interpreter;
        List<String> command = ShellWords.split(script);
        if (interpreter != null && !interpreter.equals("none")) {
            words.add(interpreter);
        } else if (interpreter == null && command.size() == 1) {
            String extension = script.substring(script.lastIndexOf('.') + 1);
            switch (extension) {
                case "js", "cjs", "mjs" -> words.add("node");
                case "py" -> words.add("python3");
                case "sh" -> words.add("bash");
                case "ts", "tsx" -> words.add("bun");
                default -> {
                    // It is run as it is.
                }
            }
        }
        words.addAll(command);
        YamlNode args = app.get("args");
        if (args instanceof YamlNode.Scalar scalar) {
            words.addAll(ShellWords.split(scalar.text()));
        } else if (args instanceof YamlNode.Items items) {
            items.items().forEach(item -> words.add(item instanceof YamlNode.Scalar word ? word.text() : "$UNKNOWN"));
        }
        return words;
    }

    /** What the interpreter gets before the script, which may name a file of variables. */
    private static List<String> interpreterWords(YamlNode.Fields app) {
        List<String> words = new ArrayList<>(List.of("node"));
        for (String key : List.of("node_args", "interpreter_args", "interpreterArgs")) {
            YamlNode node = app.get(key);
            List<YamlNode> all =
                    node instanceof YamlNode.Items items ? items.items() : node == null ? List.of() : List.of(node);
            for (YamlNode each : all) {
                if (each instanceof YamlNode.Scalar scalar && !scalar.isNull()) {
                    words.addAll(ShellWords.split(scalar.text()));
                }
            }
        }
        return words;
    }

    private static Map<String, String> environment(@Nullable YamlNode node) {
        Map<String, String> environment = new HashMap<>();
        if (node instanceof YamlNode.Fields fields) {
            fields.entries(MOST).forEach((name, field) -> {
                if (field.value() instanceof YamlNode.Scalar scalar) {
                    environment.put(name, scalar.text());
                }
            });
        }
        return environment;
    }

    /** Variables to which {@code --env NAME} would give another value: {@code env_production} and its like. */
    private static Set<String> otherwise(YamlNode.Fields app, Map<String, String> environment) {
        Set<String> open = new HashSet<>();
        String counted = scalar(app, "increment_var");
        if (counted != null) {
            // Each instance gets the next number.
            open.add(counted);
        }
        app.entries(MOST).forEach((name, field) -> {
            if (name.startsWith("env_")) {
                environment(field.value()).forEach((variable, value) -> {
                    if (!value.equals(environment.get(variable))) {
                        open.add(variable);
                    }
                });
            }
        });
        return open;
    }

    private static @Nullable String scalar(YamlNode.Fields fields, String key) {
        return fields.get(key) instanceof YamlNode.Scalar scalar && !scalar.isNull() ? scalar.text() : null;
    }
}
