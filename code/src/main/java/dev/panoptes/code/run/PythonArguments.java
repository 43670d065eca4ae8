package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How argparse reads words that are written otherwise than its options are declared: {@code --por 8020} for {@code --port},
 * {@code -p8020} for {@code -p 8020}, and words without an option.
 */
final class PythonArguments {
    /** Stands before a flag among the fields of a parser; no attribute is called so. */
    static final String DECLARED = "#declared ";
    /** In place of a flag where the parser has commands. */
    static final String COMMANDS = "#commands";

    static final String ONE = "one";
    static final String NONE = "none";
    static final String OTHERS = "others";
    private static final int UNKNOWN = Integer.MIN_VALUE / 2;

    private final Map<String, Value.Items> declared = new LinkedHashMap<>();
    private final List<String> words;
    private final Store namespace;
    private boolean commands;

    private PythonArguments(Store namespace, List<String> words) {
        this.namespace = namespace;
        this.words = words;
        namespace.cells().forEach((key, value) -> {
            String name = String.valueOf(key);
            if (name.equals(DECLARED + COMMANDS)) {
                commands = true;
            } else if (name.startsWith(DECLARED) && value instanceof Value.Items items) {
                declared.put(name.substring(DECLARED.length()), items);
            }
        });
    }

    /** Puts what these words say into a namespace that holds what exact options and defaults say. */
    static void fill(Store namespace, List<String> words) {
        if (!words.isEmpty()) {
            new PythonArguments(namespace, words).fill();
        }
    }

    private void fill() {
        List<String> plain = new ArrayList<>();
        boolean options = true;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (options && word.equals("--")) {
                options = false;
            } else if (!options || !word.startsWith("-") || word.length() < 2) {
                plain.add(word);
            } else {
                i += option(word, i + 1 < words.size() ? words.get(i + 1) : null);
                if (i < 0) {
                    // What an unknown option takes is not known, nor what stands behind it.
                    return;
                }
            }
        }
        positional(plain);
    }

    /** How many words more it takes; a large negative number where that is not known. */
    private int option(String word, @Nullable String next) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        String attached = equals < 0 ? null : word.substring(equals + 1);
        Value.Items known = declared.get(name);
        if (known == null && word.startsWith("--")) {
            List<String> longer = declared.keySet().stream()
                    .filter(flag -> flag.startsWith(name))
                    .toList();
            known = longer.size() == 1 ? declared.get(longer.getFirst()) : null;
        } else if (known == null) {
            known = declared.get(word.substring(0, 2));
            attached = word.substring(2);
        } else {
            // Written as it is declared: its value stands in the namespace.
            return attached == null && takes(known).equals(ONE)
                    ? 1
                    : takes(known).equals(OTHERS) ? UNKNOWN : 0;
        }
        if (known == null || takes(known).equals(OTHERS)) {
            return UNKNOWN;
        }
        if (takes(known).equals(ONE)) {
            String value = attached == null ? next : attached;
            if (value != null) {
                namespace.put(destination(known), Values.constant(value));
            }
            return attached == null ? 1 : 0;
        }
        return 0;
    }

    private void positional(List<String> plain) {
        int at = commands ? plain.size() : 0;
        for (Map.Entry<String, Value.Items> each : declared.entrySet()) {
            if (each.getKey().startsWith("-")) {
                continue;
            }
            if (!takes(each.getValue()).equals(ONE) || at >= plain.size()) {
                return;
            }
            namespace.put(destination(each.getValue()), Values.constant(plain.get(at)));
            at++;
        }
    }

    private static String destination(Value.Items declared) {
        return String.valueOf(Values.text(declared.at(0)));
    }

    private static String takes(Value.Items declared) {
        return String.valueOf(Values.text(declared.at(1)));
    }
}
