package dev.panoptes.code.library;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where something stands in a call: the first of its paths that leads to a value, else its default.
 *
 * @param standard what the library takes where nothing is given, {@code $NAME=} before it where a variable says otherwise;
 *     null where it has no default
 */
public record Pick(List<List<Step>> paths, @Nullable String standard) {
    public Pick {
        paths = List.copyOf(paths);
    }

    /** One step to a value. */
    public sealed interface Step {
        /**
         * {@code 1:port}: an argument of the call, or of the call that made the object reached so far.
         *
         * @param position -1 where it can only be named
         * @param name empty where it has only its place
         */
        record Argument(int position, String name) implements Step {}

        /** {@code .port}: a field of the object or entry of the dictionary reached so far. */
        record Field(String name) implements Step {}

        /** {@code ^}: the object whose method is called. */
        record Owner() implements Step {}

        /** <code>{}</code>: the first dictionary among the arguments from this one on; <code>{1}</code>. */
        record Options(int from) implements Step {}

        /** {@code 1*}: the arguments without a name from this one on, as a list. */
        record Rest(int from) implements Step {}

        /** {@code %name}: a setting that the program keeps in the library, its name in lower case. */
        record Kept(String name) implements Step {}

        /** {@code last}: the last argument without a name. */
        record Last() implements Step {}
    }

    /** {@code ^>0:config>.port,:port|8000}. */
    static Pick parse(String text) {
        int bar = text.indexOf('|');
        List<List<Step>> paths = new ArrayList<>();
        for (String path : (bar < 0 ? text : text.substring(0, bar)).split(",")) {
            List<Step> steps = new ArrayList<>();
            for (String step : path.isEmpty() ? new String[0] : path.split(">")) {
                steps.add(step(step));
            }
            if (!steps.isEmpty()) {
                paths.add(List.copyOf(steps));
            }
        }
        return new Pick(paths, bar < 0 ? null : text.substring(bar + 1));
    }

    private static Step step(String text) {
        if (text.equals("^")) {
            return new Step.Owner();
        }
        if (text.equals("last")) {
            return new Step.Last();
        }
        if (text.startsWith("{") && text.endsWith("}")) {
            return new Step.Options(text.length() == 2 ? 0 : Integer.parseInt(text.substring(1, text.length() - 1)));
        }
        if (text.endsWith("*")) {
            return new Step.Rest(Integer.parseInt(text.substring(0, text.length() - 1)));
        }
        if (text.startsWith("%")) {
            return new Step.Kept(text.substring(1));
        }
        if (text.startsWith(".")) {
            return new Step.Field(text.substring(1));
        }
        int colon = text.indexOf(':');
        String position = colon < 0 ? text : text.substring(0, colon);
        return new Step.Argument(
                position.isEmpty() ? -1 : Integer.parseInt(position), colon < 0 ? "" : text.substring(colon + 1));
    }
}
