package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON texts (RFC 8259) that stand in code, as values. Short ones only: nesting is bounded. */
final class Json {
    private static final int DEEPEST = 30;

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
        json.space();
        return json.at == text.length() ? value : null;
    }

    private @Nullable Value value(int depth) {
        space();
        if (at >= text.length() || depth > DEEPEST) {
            return null;
        }
        char c = text.charAt(at);
        if (c == '{') {
            return object(depth);
        }
        if (c == '[') {
            return array(depth);
        }
        if (c == '"') {
            String string = string();
            return string == null ? null : Values.constant(string);
        }
        for (Map.Entry<String, Value> word : Map.of(
                        "true", (Value) Values.constant(true), "false", Values.constant(false), "null", Value.NOTHING)
                .entrySet()) {
            if (text.startsWith(word.getKey(), at)) {
                at += word.getKey().length();
                return word.getValue();
            }
        }
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(start, at);
        Long whole = Values.number(number);
        if (whole != null) {
            return Values.constant(whole);
        }
        try {
            return Values.constant(Double.parseDouble(number));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private @Nullable Value object(int depth) {
        Value.Entries entries = run.entries(Map.of());
        at++;
        space();
        if (taken('}')) {
            return entries;
        }
        do {
            space();
            String key = at < text.length() && text.charAt(at) == '"' ? string() : null;
            space();
            if (key == null || !taken(':')) {
                return null;
            }
            Value value = value(depth + 1);
            if (value == null) {
                return null;
            }
            entries.cells().put(key, value);
            space();
        } while (taken(','));
        return taken('}') ? entries : null;
    }

    private @Nullable Value array(int depth) {
        List<Value> items = new ArrayList<>();
        at++;
        space();
        if (taken(']')) {
            return run.items(items);
        }
        do {
            Value value = value(depth + 1);
            if (value == null) {
                return null;
            }
            items.add(value);
            space();
        } while (taken(','));
        return taken(']') ? run.items(items) : null;
    }

    private @Nullable String string() {
        StringBuilder string = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return string.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                string.append(
                        switch (text.charAt(at)) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            case 'r' -> '\r';
                            default -> text.charAt(at);
                        });
            } else {
                string.append(c);
            }
        }
        return null;
    }

    private boolean taken(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void space() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
