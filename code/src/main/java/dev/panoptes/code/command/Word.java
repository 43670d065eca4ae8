package dev.panoptes.code.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One word of a command line, as written: its variables are not replaced yet. */
public record Word(List<Part> parts) {
    private static final int DEEPEST_DEFAULT = 4;

    public Word {
        parts = List.copyOf(parts);
    }

    /** A piece of a word. */
    public sealed interface Part {
        /** Text that means itself. */
        record Literal(String text) implements Part {}

        /**
         * @param fallback what {@code ${NAME:-fallback}} stands for where the variable is not set; null where there is none
         * @param source as written
         */
        record Variable(String name, @Nullable String fallback, String source) implements Part {}

        /** What only a running shell could tell, such as {@code $(hostname)}. */
        record Opaque(String source) implements Part {}
    }

    /**
     * A word with its variables replaced.
     *
     * @param value what is not known stands in it as written
     * @param source as written, without quotes
     * @param variable the variable that decided or would decide; null where there is none
     */
    public record Expanded(
            String value, String source, @Nullable String variable, boolean resolved) {
        static Expanded literal(String text) {
            return new Expanded(text, text, null, true);
        }

        /** The value; null where it holds something that is not known here. */
        @Nullable
        String known() {
            return resolved ? value : null;
        }

        /** True where any number of words may stand here when it runs: {@code $OPTIONS} with a value that is not known. */
        boolean open() {
            return !resolved && value.startsWith("$") && !value.equals("$@") && !value.equals("$*");
        }

        /** The same word without its first characters, such as what follows {@code --port=}. */
        Expanded from(int index) {
            return new Expanded(
                    value.substring(Math.min(index, value.length())),
                    source.substring(Math.min(index, source.length())),
                    variable,
                    resolved);
        }
    }

    /** A word in which {@code $} begins a variable and quotes mean nothing: an element of an argument list. */
    public static Word of(String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == '$') {
                Dollar dollar = Dollar.at(text, at);
                if (dollar != null) {
                    flush(literal, parts);
                    parts.add(dollar.part());
                    at = dollar.end();
                    continue;
                }
            }
            literal.append(text.charAt(at++));
        }
        flush(literal, parts);
        return new Word(parts);
    }

    public static void flush(StringBuilder literal, List<Part> parts) {
        if (!literal.isEmpty()) {
            parts.add(new Part.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    public Expanded expand(Map<String, String> environment) {
        return expand(environment, 0);
    }

    private Expanded expand(Map<String, String> environment, int depth) {
        StringBuilder value = new StringBuilder();
        StringBuilder source = new StringBuilder();
        String variable = null;
        boolean resolved = true;
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(String text) -> {
                    value.append(text);
                    source.append(text);
                }
                case Part.Opaque(String text) -> {
                    value.append(text);
                    source.append(text);
                    resolved = false;
                }
                case Part.Variable named -> {
                    variable = named.name();
                    source.append(named.source());
                    String known = environment.get(named.name());
                    String fallback = named.fallback();
                    if (known != null && !known.isEmpty()) {
                        value.append(known);
                    } else if (fallback != null && depth < DEEPEST_DEFAULT) {
                        Expanded inner = of(fallback).expand(environment, depth + 1);
                        value.append(inner.value());
                        resolved &= inner.resolved();
                    } else {
                        value.append(named.source());
                        resolved = false;
                    }
                }
            }
        }
        return new Expanded(value.toString(), source.toString(), variable, resolved);
    }
}
