package dev.panoptes.integrity.declared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables that compose replaces in a compose file (Compose Specification, "Interpolation"). Known are those of the
 * {@code .env} file; one that is not, and has no default, stays open: the shell that runs compose may set it.
 */
final class ComposeVariables {
    /** Stands in replaced text for an open variable. */
    static final char OPEN = '\uE000';

    static final ComposeVariables NONE = new ComposeVariables(Map.of());

    private static final int DEEPEST_DEFAULT = 8;
    private static final int LONGEST_VALUE = 65_536;

    private final Map<String, String> known;

    ComposeVariables(Map<String, String> known) {
        this.known = Map.copyOf(known);
    }

    /**
     * Text with its variables replaced.
     *
     * @param value holds {@link #OPEN} where an open variable stands
     * @param open the names of those, in order
     */
    record Replaced(String value, List<String> open) {
        Replaced {
            open = List.copyOf(open);
        }

        boolean isKnown() {
            return open.isEmpty();
        }

        /** The value with open variables written as {@code ${NAME}}. */
        String readable() {
            StringBuilder readable = new StringBuilder();
            int next = 0;
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c == OPEN) {
                    readable.append("${").append(open.get(next++)).append('}');
                } else {
                    readable.append(c);
                }
            }
            return readable.toString();
        }

        /** A part of it. */
        Replaced from(int start, int end) {
            int before = (int)
                    value.substring(0, start).chars().filter(c -> c == OPEN).count();
            String part = value.substring(start, end);
            int inside = (int) part.chars().filter(c -> c == OPEN).count();
            return new Replaced(part, open.subList(before, before + inside));
        }

        /** One sentence without a full stop that says which variables are open. */
        String why() {
            String names = String.join(", ", open.stream().distinct().limit(3).toList());
            return "the variable " + names + " is not set here and has no default";
        }
    }

    /** These, and of others those that are not among them. */
    ComposeVariables over(ComposeVariables others) {
        Map<String, String> all = new HashMap<>(others.known);
        all.putAll(known);
        return new ComposeVariables(all);
    }

    /** The value of a variable that is passed through; an open one where it is not known. */
    Replaced passedThrough(String name) {
        String value = known.get(name);
        return value == null ? new Replaced(String.valueOf(OPEN), List.of(name)) : new Replaced(value, List.of());
    }

    /** The value of a variable that is known; null where it is not. */
    @Nullable
    String value(String name) {
        return known.get(name);
    }

    Replaced replace(String text) {
        if (text.indexOf('$') < 0) {
            return new Replaced(text.replace(OPEN, '?'), List.of());
        }
        StringBuilder value = new StringBuilder();
        List<String> open = new ArrayList<>();
        replace(text.replace(OPEN, '?'), 0, value, open);
        return new Replaced(value.toString(), open);
    }

    private void replace(String text, int depth, StringBuilder value, List<String> open) {
        int at = 0;
        while (at < text.length() && value.length() < LONGEST_VALUE) {
            char c = text.charAt(at);
            char next = at + 1 < text.length() ? text.charAt(at + 1) : 0;
            if (c != '$') {
                value.append(c);
                at++;
            } else if (next == '$') {
                value.append('$');
                at += 2;
            } else if (next == '{') {
                int end = closing(text, at + 1);
                braced(text.substring(at + 2, Math.max(at + 2, end)), depth, value, open);
                at = end + 1;
            } else {
                int end = nameEnd(text, at + 1);
                if (end == at + 1) {
                    value.append(c);
                } else {
                    variable(text.substring(at + 1, end), value, open);
                }
                at = end;
            }
        }
    }

    private void variable(String name, StringBuilder value, List<String> open) {
        String set = known.get(name);
        if (set == null) {
            value.append(OPEN);
            open.add(name);
        } else {
            value.append(set.replace(OPEN, '?'));
        }
    }

    private void braced(String inside, int depth, StringBuilder value, List<String> open) {
        int nameEnd = nameEnd(inside, 0);
        String name = inside.substring(0, nameEnd);
        String rest = inside.substring(nameEnd);
        boolean colon = rest.startsWith(":");
        String operator = rest.substring(colon ? 1 : 0);
        String set = known.get(name);
        boolean counts = set != null && !(colon && set.isEmpty());
        if (operator.startsWith("-") && !name.isEmpty() && depth < DEEPEST_DEFAULT) {
            if (counts) {
                variable(name, value, open);
            } else {
                replace(operator.substring(1), depth + 1, value, open);
            }
        } else if (operator.startsWith("+") && set != null && depth < DEEPEST_DEFAULT) {
            if (counts) {
                replace(operator.substring(1), depth + 1, value, open);
            }
        } else if (counts || (set != null && rest.isEmpty())) {
            variable(name, value, open);
        } else {
            value.append(OPEN);
            open.add(name.isEmpty() ? "without a name" : name);
        }
    }

    private static int closing(String text, int brace) {
        int depth = 0;
        for (int i = brace; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return text.length();
    }

    private static int nameEnd(String text, int start) {
        int end = start;
        while (end < text.length() && (isLetter(text.charAt(end)) || (end > start && isDigit(text.charAt(end))))) {
            end++;
        }
        return end;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
