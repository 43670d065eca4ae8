package dev.panoptes.integrity.declared;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The variables that ARG and ENV set, and their replacement (Dockerfile reference, "Environment replacement"). ENV hides an
 * ARG of the same name. A build argument without a default is not known, nor is a name that nothing here sets: the base image
 * may.
 */
final class DockerfileVariables {
    private static final int LONGEST_VALUE = 4_096;
    private static final int DEEPEST_DEFAULT = 4;

    private static final Pattern ALONE = Pattern.compile("\\$(\\w+|\\{\\w+(:?-[^}]*)?})");

    private final char escape;
    private final Map<String, String> arguments = new HashMap<>();
    private final Set<String> openArguments = new HashSet<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Set<String> openEnvironment = new HashSet<>();
    /** ENV variables that are nothing but an ARG. */
    private final Map<String, String> aliases = new HashMap<>();
    /** What the build gives: it counts before any default (Dockerfile reference, ARG). */
    private final Map<String, String> given;

    DockerfileVariables(char escape, Map<String, String> given) {
        this.escape = escape;
        this.given = given;
    }

    /** The variables of a stage that begins: none yet, with the same build. */
    DockerfileVariables begin() {
        return new DockerfileVariables(escape, given);
    }

    DockerfileVariables copy() {
        DockerfileVariables copy = new DockerfileVariables(escape, given);
        copy.arguments.putAll(arguments);
        copy.openArguments.addAll(openArguments);
        copy.environment.putAll(environment);
        copy.openEnvironment.addAll(openEnvironment);
        copy.aliases.putAll(aliases);
        return copy;
    }

    /**
     * @param value what is not known is left out of it
     * @param known false where a part is not
     * @param argument the ARG that the text is nothing but a reference to; null otherwise
     */
    record Replaced(String value, boolean known, @Nullable String argument) {}

    /** @param value null where the build has to give it */
    void argument(String name, @Nullable String value) {
        String counts = given.getOrDefault(name, value);
        if (counts == null) {
            arguments.remove(name);
            openArguments.add(name);
        } else {
            arguments.put(name, counts);
            openArguments.remove(name);
        }
    }

    /** Declares an argument again inside a stage: it has the default that the file's head gave it. */
    void argumentFrom(DockerfileVariables head, String name) {
        argument(name, head.arguments.get(name));
    }

    void environment(String name, Replaced value) {
        environment.remove(name);
        openEnvironment.remove(name);
        aliases.remove(name);
        if (value.known()) {
            environment.put(name, value.value());
        } else {
            openEnvironment.add(name);
        }
        if (value.argument() != null) {
            aliases.put(name, value.argument());
        }
    }

    Map<String, String> environment() {
        return environment;
    }

    Set<String> openEnvironment() {
        return openEnvironment;
    }

    Map<String, String> aliases() {
        return aliases;
    }

    /** Replaces variables and takes quotes and escapes away. */
    Replaced replace(String text) {
        return replace(text, 0);
    }

    private Replaced replace(String text, int depth) {
        StringBuilder value = new StringBuilder();
        boolean known = true;
        String only = null;
        int variables = 0;
        char quote = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == escape && quote != '\'' && at + 1 < text.length()) {
                value.append(text.charAt(at + 1));
                at += 2;
            } else if ((c == '"' || c == '\'') && (quote == 0 || quote == c)) {
                quote = quote == 0 ? c : 0;
                at++;
            } else if (c == '$' && quote != '\'') {
                Reference reference = reference(text, at);
                if (reference == null) {
                    value.append(c);
                    at++;
                    continue;
                }
                Replaced part = value(reference, depth);
                value.append(part.value());
                known &= part.known();
                variables++;
                only = reference.name;
                at = reference.end;
            } else {
                value.append(c);
                at++;
            }
            if (value.length() > LONGEST_VALUE) {
                return new Replaced("", false, null);
            }
        }
        boolean alias = variables == 1
                && only != null
                && isArgument(only)
                && ALONE.matcher(text.replace("\"", "")).matches();
        return new Replaced(value.toString(), known, alias ? only : null);
    }

    private boolean isArgument(String name) {
        return !environment.containsKey(name)
                && !openEnvironment.contains(name)
                && (arguments.containsKey(name) || openArguments.contains(name));
    }

    /** @param operator {@code -}, {@code +}, with {@code :} before where written so; {@code ?} and patterns count as other */
    private record Reference(String name, String operator, String operand, int end) {}

    private static @Nullable Reference reference(String text, int dollar) {
        int start = dollar + 1;
        if (start < text.length() && text.charAt(start) == '{') {
            int close = closing(text, start);
            String inside = text.substring(start + 1, close);
            int nameEnd = nameEnd(inside, 0);
            String rest = inside.substring(nameEnd);
            int operatorLength = rest.startsWith(":") && rest.length() > 1 ? 2 : Math.min(rest.length(), 1);
            return nameEnd == 0
                    ? null
                    : new Reference(
                            inside.substring(0, nameEnd),
                            rest.substring(0, operatorLength),
                            rest.substring(operatorLength),
                            Math.min(close + 1, text.length()));
        }
        int end = nameEnd(text, start);
        return end == start ? null : new Reference(text.substring(start, end), "", "", end);
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return text.length();
    }

    private static int nameEnd(String text, int start) {
        int end = start;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    private Replaced value(Reference reference, int depth) {
        String set = environment.containsKey(reference.name)
                ? environment.get(reference.name)
                : openEnvironment.contains(reference.name) ? null : arguments.get(reference.name);
        Replaced known = set == null || (reference.operator.startsWith(":") && set.isEmpty())
                ? null
                : new Replaced(set, true, null);
        return switch (reference.operator) {
            case "" -> set == null ? new Replaced("", false, null) : new Replaced(set, true, null);
            case "-", ":-" -> known == null ? operand(reference, depth) : known;
            case "+", ":+" ->
                set == null
                        ? new Replaced("", false, null)
                        : known == null ? new Replaced("", true, null) : operand(reference, depth);
            default -> new Replaced("", false, null);
        };
    }

    private Replaced operand(Reference reference, int depth) {
        return depth < DEEPEST_DEFAULT ? replace(reference.operand, depth + 1) : new Replaced("", false, null);
    }
}
