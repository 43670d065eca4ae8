package dev.panoptes.code.run;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code application.properties} or {@code application.yml} that belongs to a source file: that of
 * {@code src/main/resources}. Profiles are not followed.
 *
 * @param servesWeb false where the program says that it is no web application, or its build file names no web library
 */
record JavaProperties(Map<String, String> values, boolean servesWeb) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([\\w.-]{1,100})(?::([^}]{0,200}))?}");
    private static final int MOST_LINES = 2_000;

    JavaProperties {
        values = Map.copyOf(values);
    }

    static JavaProperties near(Module module, Interpreter run) {
        Map<String, String> values = new HashMap<>();
        boolean web = true;
        for (String folder = module.folder(); ; folder = PythonDialect.parent(folder)) {
            String resources = PythonDialect.join(folder, "src/main/resources");
            if (run.modules().folder(resources) || run.modules().text(PythonDialect.join(folder, "pom.xml")) != null) {
                read(resources, values, run);
                web = web(folder, run);
                break;
            }
            if (folder.isEmpty()) {
                read(module.folder(), values, run);
                break;
            }
        }
        String type = values.get("spring.main.web-application-type");
        return new JavaProperties(values, web && !"none".equalsIgnoreCase(type));
    }

    @Nullable
    String get(String name) {
        return values.get(name);
    }

    private static boolean web(String folder, Interpreter run) {
        boolean build = false;
        for (String name : List.of("pom.xml", "build.gradle", "build.gradle.kts")) {
            String text = run.modules().text(PythonDialect.join(folder, name));
            if (text != null) {
                build = true;
                if (text.contains("web")
                        || text.contains("jersey")
                        || text.contains("micronaut")
                        || text.contains("graphql")
                        || text.contains("<modules>")
                        || text.contains("actuator")) {
                    return true;
                }
            }
        }
        return !build;
    }

    private static void read(String folder, Map<String, String> values, Interpreter run) {
        for (String name : List.of("application.yml", "application.yaml", "application.properties")) {
            String text = run.modules().text(PythonDialect.join(folder, name));
            if (text != null && name.endsWith(".properties")) {
                properties(text, values);
            } else if (text != null) {
                yaml(text, values);
            }
        }
    }

    private static void properties(String text, Map<String, String> values) {
        text.lines().limit(MOST_LINES).forEach(line -> {
            String plain = line.strip();
            int at = plain.indexOf('=') < 0 ? plain.indexOf(':') : plain.indexOf('=');
            if (at > 0 && !plain.startsWith("#") && !plain.startsWith("!")) {
                values.put(
                        plain.substring(0, at).strip(), plain.substring(at + 1).strip());
            }
        });
    }

    /** Block mappings of scalars, as configuration is written; the first document only. */
    private static void yaml(String text, Map<String, String> values) {
        List<String> lines = text.lines().limit(MOST_LINES).toList();
        String[] keys = new String[64];
        int[] indents = new int[64];
        int depth = 0;
        boolean begun = false;
        for (String line : lines) {
            String plain = line.strip();
            if (plain.startsWith("---")) {
                if (begun) {
                    return;
                }
                continue;
            }
            int colon = plain.indexOf(':');
            if (plain.isEmpty() || plain.startsWith("#") || plain.startsWith("-") || colon <= 0) {
                continue;
            }
            begun = true;
            int indent = line.length() - line.stripLeading().length();
            while (depth > 0 && indents[depth - 1] >= indent) {
                depth--;
            }
            if (depth >= keys.length) {
                return;
            }
            keys[depth] = plain.substring(0, colon).strip();
            indents[depth] = indent;
            depth++;
            String value = plain.substring(colon + 1).replaceFirst("\\s#.*", "").strip();
            if (!value.isEmpty()) {
                String name = String.join(".", Arrays.asList(keys).subList(0, depth));
                values.put(name, value.replaceAll("^[\"']|[\"']$", ""));
                depth--;
            }
        }
    }

    /** {@code ${PORT:8081}} is 8081 unless PORT says otherwise; a plain value is overruled by its own variable. */
    static Value placeholder(String text, @Nullable String variable) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        if (!matcher.find()) {
            return new Value.Scalar(text, variable, variable != null);
        }
        String name = matcher.group(1);
        String standard = matcher.group(2);
        if (!matcher.matches()) {
            return Values.unknown("it is put together from properties");
        }
        return standard == null
                ? new Value.Unknown("the property " + name + " decides and has no default", name)
                : new Value.Scalar(standard, name, true);
    }
}
