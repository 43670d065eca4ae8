package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.text.Visible;
import java.util.ArrayList;
import java.util.List;

/** Colours, symbols and line breaks. Nothing that was read from a scanned tree reaches the terminal as a control sequence. */
final class TextPaint {
    private static final String RESET = "\u001b[0m";

    private final TextStyle style;

    TextPaint(TextStyle style) {
        this.style = style;
    }

    int columns() {
        return style.columns();
    }

    String bold(String text) {
        return paint("1", text);
    }

    String dim(String text) {
        return paint("2", text);
    }

    String good(String text) {
        return paint("1;32", text);
    }

    String caution(String text) {
        return paint("1;33", text);
    }

    String link(String text) {
        return paint("36", text);
    }

    String severity(Severity severity, String text) {
        return paint(
                switch (severity) {
                    case CRITICAL -> "1;31";
                    case HIGH -> "31";
                    case MEDIUM -> "33";
                    case LOW -> "36";
                    case INFO -> "2";
                },
                text);
    }

    /** The shape of a severity, so that colour is not its only sign. */
    String shape(Severity severity) {
        return switch (severity) {
            case CRITICAL -> symbol("\u25c6", "!!");
            case HIGH -> symbol("\u25b2", "!");
            case MEDIUM -> symbol("\u25a0", "*");
            case LOW -> symbol("\u25cf", "-");
            case INFO -> symbol("\u25cb", ".");
        };
    }

    String symbol(String unicode, String ascii) {
        return style.unicode() ? unicode : ascii;
    }

    String rule(int length) {
        return symbol("\u2500", "-").repeat(Math.max(length, 0));
    }

    private String paint(String code, String text) {
        return style.colour() && !text.isEmpty() ? "\u001b[" + code + "m" + text + RESET : text;
    }

    /** What would steer a terminal, as visible escapes; a terminal shows the rest as it is. */
    static String clean(String text) {
        return Visible.of(text);
    }

    static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    static String padded(String text, int width) {
        int missing = width - width(text);
        return missing > 0 ? text + " ".repeat(missing) : text;
    }

    /** Breaks at spaces into lines of at most {@code width}; a longer word is broken behind a separator, else anywhere. */
    static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int used = 0;
        for (String word : words(text, width)) {
            int length = width(word);
            if (used > 0 && used + 1 + length > width) {
                lines.add(line.toString());
                line.setLength(0);
                used = 0;
            }
            if (used > 0) {
                line.append(' ');
                used++;
            }
            line.append(word);
            used += length;
        }
        if (used > 0 || lines.isEmpty()) {
            lines.add(line.toString());
        }
        return lines;
    }

    private static List<String> words(String text, int width) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == ' ') {
                if (i > start) {
                    pieces(text.substring(start, i), width, words);
                }
                start = i + 1;
            }
        }
        return words;
    }

    /** The word, in pieces of at most {@code width} where it is longer. */
    private static void pieces(String word, int width, List<String> into) {
        String rest = word;
        while (width > 0 && width(rest) > width) {
            int most = rest.offsetByCodePoints(0, width);
            int at = most;
            while (at > most / 2 && "-/_.,:;=&?".indexOf(rest.charAt(at - 1)) < 0) {
                at--;
            }
            int cut = at > most / 2 ? at : most;
            into.add(rest.substring(0, cut));
            rest = rest.substring(cut);
        }
        into.add(rest);
    }
}
