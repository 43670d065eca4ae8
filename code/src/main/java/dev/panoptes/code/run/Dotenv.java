package dev.panoptes.code.run;

import dev.panoptes.code.PathNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code .env} files that programs load by themselves: {@code NAME=value} by line. */
final class Dotenv {
    private static final int MOST_VARIABLES = 1_000;

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}|\\$\\{|\\$(?=\\w)");

    private Dotenv() {}

    /**
     * The variables of the nearest file, from a folder upwards.
     *
     * @param folder where the program lies, below the root
     * @param named the file that the program names; null for {@code .env}
     * @return empty where there is none
     */
    static Map<String, Value> near(String folder, @Nullable String named, Modules modules) {
        String name = named == null ? ".env" : named.startsWith("./") ? named.substring(2) : named;
        for (String at : name.startsWith("/") ? List.of("") : PathNames.upwards(folder)) {
            String text = modules.text(PathNames.join(at, name.startsWith("/") ? name.substring(1) : name));
            if (text != null) {
                return parse(text);
            }
        }
        return Map.of();
    }

    private static Map<String, Value> parse(String text) {
        Map<String, Value> variables = new LinkedHashMap<>();
        for (String raw : (Iterable<String>) text.lines()::iterator) {
            String line = raw.strip();
            String plain = line.startsWith("export ") ? line.substring(7).strip() : line;
            int equals = plain.indexOf('=');
            if (equals <= 0 || plain.startsWith("#") || variables.size() >= MOST_VARIABLES) {
                continue;
            }
            String value = plain.substring(equals + 1).strip();
            boolean quoted = value.length() > 1
                    && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                    && value.indexOf(value.charAt(0), 1) > 0;
            String content = quoted
                    ? value.substring(1, value.indexOf(value.charAt(0), 1))
                    : value.replaceFirst("\\s+#.*", "").strip();
            boolean literal = quoted && value.charAt(0) == '\'';
            variables.put(
                    plain.substring(0, equals).strip(),
                    literal ? Values.constant(content) : expanded(content, variables));
        }
        return variables;
    }

    /** {@code ${NAME}} stands for a variable that the file set before; what others stand for is not known. */
    private static Value expanded(String content, Map<String, Value> before) {
        StringBuilder text = new StringBuilder();
        Matcher variable = VARIABLE.matcher(content);
        while (variable.find()) {
            String known = variable.group(1) == null ? null : Values.text(before.get(variable.group(1)));
            if (known == null) {
                return Values.unknown("its .env file puts it together from other variables");
            }
            variable.appendReplacement(text, Matcher.quoteReplacement(known));
        }
        variable.appendTail(text);
        return Values.constant(text.toString());
    }
}
