package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What texts are asked for, under Python's names where it has one; the tables say what other languages call it. */
final class Texts {
    private Texts() {}

    static Value call(String what, @Nullable Value receiver, Arguments given, Interpreter run) {
        if (receiver instanceof Value.Unknown unknown) {
            return unknown;
        }
        if (!(receiver instanceof Value.Scalar scalar) || scalar.value() == null) {
            return Values.computed();
        }
        String text = scalar.text();
        if (text == null) {
            return what.equals("text") ? scalar.with(String.valueOf(scalar.value())) : Values.computed();
        }
        Object plain = plain(what, text, given.text(0), given.text(1));
        if (plain != null) {
            return scalar.with(plain);
        }
        Value first = given.first();
        return switch (what) {
            case "startswith", "endswith" -> {
                Boolean starts = starts(text, first, what.equals("startswith"));
                yield starts == null ? Values.computed() : scalar.with(starts);
            }
            case "split", "rsplit" -> split(scalar, text, given, what.equals("rsplit"), run);
            case "partition", "rpartition" -> partition(scalar, text, given.text(0), what.equals("rpartition"), run);
            case "format" -> formatted(text, given, run);
            case "printf" -> TextParts.formatted(scalar, given.positional());
            case "join" -> joined(scalar, text, first, run);
            case "equals" -> first == null ? Values.computed() : new Operators(run).binary("==", scalar, first);
            default -> Values.computed();
        };
    }

    /** @param first a known text; null where it is none */
    private static @Nullable Object plain(String what, String text, @Nullable String first, @Nullable String second) {
        return switch (what) {
            case "text" -> text;
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "title" -> titled(text);
            case "strip" -> first == null ? text.strip() : stripped(text, first, true, true);
            case "lstrip" -> first == null ? text.stripLeading() : stripped(text, first, true, false);
            case "rstrip" -> first == null ? text.stripTrailing() : stripped(text, first, false, true);
            case "replace" -> first != null && second != null ? text.replace(first, second) : null;
            case "removeprefix" -> first != null && text.startsWith(first) ? text.substring(first.length()) : text;
            case "removesuffix" ->
                first != null && text.endsWith(first) ? text.substring(0, text.length() - first.length()) : text;
            case "isdigit" -> !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
            case "isEmpty" -> text.isEmpty();
            case "isBlank" -> text.isBlank();
            case "length" -> (long) text.length();
            case "contains" -> first == null ? null : (Object) text.contains(first);
            case "concat" -> first == null ? null : text + first;
            case "equalsIgnoreCase" -> first == null ? null : (Object) text.equalsIgnoreCase(first);
            default -> null;
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

    /** Python takes a tuple of texts as well; null where one of them is not known. */
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
        return run.items(parts.stream().<Value>map(scalar::with).toList());
    }

    private static Value partition(
            Value.Scalar scalar, String text, @Nullable String separator, boolean last, Interpreter run) {
        if (separator == null || separator.isEmpty()) {
            return Values.computed();
        }
        int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
        List<String> parts = at < 0
                ? List.of(text, "", "")
                : List.of(text.substring(0, at), separator, text.substring(at + separator.length()));
        return run.items(parts.stream().<Value>map(scalar::with).toList());
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
            Long position = name.isEmpty() ? Long.valueOf(next++) : Values.number(name);
            Value value = position == null ? given.named().get(name) : given.find(position.intValue(), "");
            String shown = value == null ? null : run.library.shown(value);
            result.add(text.substring(from, open)).add(value, shown);
            from = close + 1;
        }
        return result.add(text.substring(from)).result();
    }

    private static Value joined(Value.Scalar scalar, String separator, @Nullable Value list, Interpreter run) {
        List<Value> turns = list == null ? null : run.evaluator.turns(list);
        List<String> parts = new ArrayList<>();
        for (Value turn : turns == null ? List.<Value>of() : turns) {
            String part = Values.text(turn);
            if (part == null) {
                return Values.composed();
            }
            parts.add(part);
        }
        return turns == null ? Values.composed() : scalar.with(String.join(separator, parts));
    }
}
