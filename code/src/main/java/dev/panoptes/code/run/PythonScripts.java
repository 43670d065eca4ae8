package dev.panoptes.code.run;

import dev.panoptes.code.PathNames;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Functions of a module that an installed command calls: {@code [project.scripts]} and {@code [project.gui-scripts]} of the
 * nearest {@code pyproject.toml} (Python packaging, "Entry points"), and Poetry's {@code [tool.poetry.scripts]}.
 */
final class PythonScripts {
    private static final Pattern SECTION = Pattern.compile("\\s*\\[([\\w.-]+)]\\s*(?:#.*)?");
    private static final Pattern SCRIPT =
            Pattern.compile("\\s*[\"']?[\\w.-]+[\"']?\\s*=\\s*[\"']([\\w.]{1,200}):(\\w{1,100})[\"'].*");
    private static final List<String> SECTIONS =
            List.of("project.scripts", "project.gui-scripts", "tool.poetry.scripts");
    private static final int MOST_LINES = 2_000;

    private PythonScripts() {}

    /** The names of the functions; empty where no command calls any of this module. */
    static List<String> of(Module module, Modules modules) {
        for (String folder : PathNames.upwards(module.folder())) {
            String text = modules.text(PathNames.join(folder, "pyproject.toml"));
            if (text != null) {
                return functions(text, module.rootPath(), folder);
            }
        }
        return List.of();
    }

    private static List<String> functions(String text, String path, String folder) {
        List<String> functions = new ArrayList<>();
        boolean inside = false;
        for (String line : text.lines().limit(MOST_LINES).toList()) {
            Matcher section = SECTION.matcher(line);
            Matcher script = SCRIPT.matcher(line);
            if (section.matches()) {
                inside = SECTIONS.contains(section.group(1));
            } else if (inside && script.matches()) {
                String file = script.group(1).replace('.', '/');
                for (String place : List.of(file, "src/" + file)) {
                    String base = PathNames.join(folder, place);
                    if (path.equals(base + ".py") || path.equals(base + "/__init__.py")) {
                        functions.add(script.group(2));
                    }
                }
            }
        }
        return functions;
    }
}
