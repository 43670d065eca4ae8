package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Methods of Python's str, which most other languages have under other names. */
final class PythonTexts {
    private PythonTexts() {}

    static Value call(String name, @Nullable Value receiver, Arguments given, Interpreter run) {
        if (receiver instanceof Value.Unknown unknown) {
            return unknown;
        }
        if (!(receiver instanceof Value.Scalar scalar) || scalar.text() == null) {
            return Values.unknown("it is computed while the program runs");
        }
        String text = scalar.text();
        String first = Values.text(given.first());
        String second = Values.text(given.find(1, ""));
        Object result = switch (name) {
            case "lower", "casefold" -> text.toLowerCase(Locale.ROOT);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "title" -> titled(text);
            case "capitalize" ->
                text.isEmpty()
                        ? text
                        : text.substring(0, 1).toUpperCase(Locale.ROOT)
                                + text.substring(1).toLowerCase(Locale.ROOT);
            case "strip" -> first == null ? text.strip() : stripped(text, first, true, true);
            case "lstrip" -> first == null ? text.stripLeading() : stripped(text, first, true, false);
            case "rstrip" -> first == null ? text.stripTrailing() : stripped(text, first, false, true);
            case "replace" -> first != null && second != null ? text.replace(first, second) : null;
            case "startswith" -> starts(text, given.first(), true);
            case "endswith" -> starts(text, given.first(), false);
            case "removeprefix" -> first != null && text.startsWith(first) ? text.substring(first.length()) : text;
            case "removesuffix" ->
                first != null && text.endsWith(first) ? text.substring(0, text.length() - first.length()) : text;
            case "encode", "decode", "format_map", "__str__" -> text;
            case "isdigit", "isnumeric", "isdecimal" ->
                !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
            default -> null;
        };
        if (result != null) {
            return scalar.with(result);
        }
        return switch (name) {
            case "split", "rsplit" -> split(scalar, text, given, name.equals("rsplit"), run);
            case "partition", "rpartition" -> partition(scalar, text, first, name.equals("rpartition"), run);
            case "format" -> formatted(text, given, run);
            case "join" -> joined(scalar, given.first(), run);
            default -> Values.unknown("it is computed while the program runs");
        };
    }

    private static String titled(String text) {
        StringBuilder titled = new StringBuilder();
        boolean start = true;
        for (char c : text.toCharArray()) {
            titled.append(start ? Character.toUpperCase(c) : Character.toLowerCase(c));
            start = !Character.isLetter(c);
        }
        return titled.toString();
    }

    private static String stripped(String text, String letters, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && letters.indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        while (right && end > start && letters.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(start, end);
    }

    private static @Nullable Boolean starts(String text, @Nullable Value with, boolean start) {
        List<Value> all = with instanceof Value.Items items ? items.values() : with == null ? List.of() : List.of(with);
        boolean any = false;
        for (Value value : all) {
            String part = Values.text(value);
            if (part == null) {
                return null;
            }
            any |= start ? text.startsWith(part) : text.endsWith(part);
        }
        return any;
    }

    private static Value split(Value.Scalar scalar, String text, Arguments given, boolean right, Interpreter run) {
        String separator = Values.text(given.find(0, "sep"));
        Long most = Values.number(given.find(1, "maxsplit"));
        List<String> parts;
        if (separator == null || separator.isEmpty()) {
            parts = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
        } else if (right && most != null && most == 1) {
            int at = text.lastIndexOf(separator);
            parts = at < 0 ? List.of(text) : List.of(text.substring(0, at), text.substring(at + separator.length()));
        } else {
            parts = List.of(text.split(Pattern.quote(separator), most == null ? -1 : Math.clamp(most + 1, 1, 100)));
        }
        List<Value> values = new ArrayList<>();
        parts.forEach(part -> values.add(scalar.with(part)));
        return run.items(values);
    }

    private static Value partition(
            Value.Scalar scalar, String text, @Nullable String separator, boolean last, Interpreter run) {
        if (separator == null || separator.isEmpty()) {
            return Values.unknown("it is computed while the program runs");
        }
        int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
        List<Value> parts = at < 0
                ? List.of(scalar, scalar.with(""), scalar.with(""))
                : List.of(
                        scalar.with(text.substring(0, at)),
                        scalar.with(separator),
                        scalar.with(text.substring(at + separator.length())));
        return run.items(parts);
    }

    private static Value formatted(String text, Arguments given, Interpreter run) {
        TextParts result = new TextParts();
        int next = 0;
        int from = 0;
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
            int close = text.indexOf('}', open);
            if (close < 0) {
                break;
            }
            String name = text.substring(open + 1, close);
            Value value;
            if (name.isEmpty()) {
                value = given.find(next, "");
                next++;
            } else {
                Long position = Values.number(name);
                value = position == null ? given.named().get(name) : given.find(position.intValue(), "");
            }
            String shown = value == null ? null : run.dialect().shown(value);
            result.add(text.substring(from, open)).add(value, shown);
            from = close + 1;
        }
        return result.add(text.substring(from)).result();
    }

    private static Value joined(Value.Scalar scalar, @Nullable Value list, Interpreter run) {
        List<Value> turns = list == null ? null : run.evaluator().turns(list);
        if (turns == null) {
            return Values.unknown("it is put together while the program runs");
        }
        List<String> parts = new ArrayList<>();
        for (Value turn : turns) {
            String part = Values.text(turn);
            if (part == null) {
                return Values.unknown("it is put together while the program runs");
            }
            parts.add(part);
        }
        return scalar.with(String.join(scalar.text() == null ? "" : scalar.text(), parts));
    }
}
