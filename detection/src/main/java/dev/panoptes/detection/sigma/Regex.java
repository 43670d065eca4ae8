package dev.panoptes.detection.sigma;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Regular expressions of rules. They run in linear time, so what needs backtracking cannot be run and is told. */
final class Regex {
    private static final int LONGEST = 8_192;
    private static final int MOST_REPEATS = 1_000;

    private static final java.util.regex.Pattern LOOKS_AROUND = java.util.regex.Pattern.compile("\\(\\?(<?[=!]|>)");
    private static final java.util.regex.Pattern REPEATED = java.util.regex.Pattern.compile(
            "(\\[\\^?\\]?(?:\\\\.|[^\\]\\\\])*\\]|\\\\.|[^\\\\\\]\\[(){}|*+?])\\{([0-9]{4})(,?)\\}");

    private Regex() {}

    /** @throws Broken where the expression cannot be run */
    static Pattern compile(String source, int flags, int line) {
        if (source.length() > LONGEST) {
            throw new Broken(line, "the regular expression is longer than " + LONGEST + " characters");
        }
        String shown = source.length() > 60 ? source.substring(0, 60) + "..." : source;
        if (LOOKS_AROUND.matcher(source).find()) {
            throw new Broken(
                    line,
                    "the regular expression '" + shown
                            + "' looks ahead or back, which Sigma does not allow and linear time does not permit");
        }
        try {
            return Pattern.compile(repeats(source), flags);
        } catch (PatternSyntaxException e) {
            throw new Broken(
                    line,
                    "the regular expression '" + shown + "' is broken: " + oneLine(String.valueOf(e.getMessage())));
        } catch (StackOverflowError e) {
            throw new Broken(line, "the regular expression '" + shown + "' is nested too deeply");
        }
    }

    private static String oneLine(String message) {
        String line = message.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.length() > 300 ? line.substring(0, 300) + "..." : line;
    }

    /** {@code [a-z]{1500,}} as {@code [a-z]{1000}[a-z]{500,}}: the library repeats a thousand times at most. */
    private static String repeats(String source) {
        java.util.regex.Matcher found = REPEATED.matcher(source);
        StringBuilder changed = new StringBuilder();
        while (found.find()) {
            int least = Integer.parseInt(found.group(2));
            if (least <= MOST_REPEATS) {
                continue;
            }
            StringBuilder text = new StringBuilder();
            while (least > MOST_REPEATS) {
                text.append(found.group(1)).append('{').append(MOST_REPEATS).append('}');
                least -= MOST_REPEATS;
            }
            text.append(found.group(1))
                    .append('{')
                    .append(least)
                    .append(found.group(3))
                    .append('}');
            found.appendReplacement(changed, java.util.regex.Matcher.quoteReplacement(text.toString()));
        }
        return found.appendTail(changed).toString();
    }
}
