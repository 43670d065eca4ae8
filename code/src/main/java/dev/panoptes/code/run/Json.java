package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON texts (RFC 8259) that stand in code, as values. Short ones only: nesting is bounded. */
final class Json {
    private static final int DEEPEST = 30;
    private static final Map<String, Value> WORDS =
            Map.of("true", Values.constant(true), "false", Values.constant(false), "null", Value.NOTHING);

    private final String text;
    private final Interpreter run;
    private int at;

    private Json(String text, Interpreter run) {
        this.text = text;
        this.run = run;
    }

    /** Null where it is no JSON. */
    static @Nullable Value read(String text, Interpreter run) {
        Json json = new Json(text, run);
        Value value = json.value(0);
        json.next();
        return json.at == text.length() ? value : null;
    }

    /** The next character that is no space; 0 at the end. */
    private char next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean taken(char c) {
        boolean here = next() == c;
        at += here ? 1 : 0;
        return here;
    }

    private @Nullable Value value(int depth) {
        if (depth > DEEPEST) {
            return null;
        }
        if (taken('{')) {
            return object(depth);
        }
        if (taken('[')) {
            return array(depth);
        }
        if (taken('"')) {
            String string = string();
            return string == null ? null : Values.constant(string);
        }
        int start = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        return WORDS.containsKey(word) ? WORDS.get(word) : number(word);
    }

    private static @Nullable Value number(String word) {
        Long whole = Values.number(word);
        if (whole != null) {
            return Values.constant(whole);
        }
        return word.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?") ? Values.constant(Double.parseDouble(word)) : null;
    }

    private @Nullable Value object(int depth) {
        Value.Entries entries = run.entries(Map.of());
        for (boolean first = true; !taken('}'); first = false) {
            String key = (first || taken(',')) && taken('"') ? string() : null;
            Value value = key == null || !taken(':') ? null : value(depth + 1);
            if (key == null || value == null) {
                return null;
            }
            entries.cells().put(key, value);
        }
        return entries;
    }

    private @Nullable Value array(int depth) {
        List<Value> items = new ArrayList<>();
        while (!taken(']')) {
            Value value = items.isEmpty() || taken(',') ? value(depth + 1) : null;
            if (value == null) {
                return null;
            }
            items.add(value);
        }
        return run.items(items);
    }

    /** What stands before the closing quote; null where there is none. */
    private @Nullable String string() {
        StringBuilder string = new StringBuilder();
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return string.toString();
            }
            boolean escape = c == '\\' && at + 1 < text.length();
            at += escape ? 1 : 0;
            string.append(
                    switch (escape ? text.charAt(at) : 0) {
                        case 'n' -> '\n';
                        case 't' -> '\t';
                        case 'r' -> '\r';
                        default -> text.charAt(at);
                    });
        }
        return null;
    }
}
