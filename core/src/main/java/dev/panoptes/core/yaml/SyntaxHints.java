package dev.panoptes.core.yaml;

import java.util.regex.Pattern;

/** What is usually wrong where YAML cannot be parsed, in words that follow the parser's. */
final class SyntaxHints {
    private static final Pattern QUOTE_WITHIN = Pattern.compile(":\\s+'[^']*'[A-Za-z]");
    private static final Pattern TWO_COLONS = Pattern.compile("^\\s*(?:- )?[\\w.-]+:\\s+[^'\"\\[{|>][^#]*:(?:\\s|$)");

    private SyntaxHints() {}

    /** @param line from 1; 0 for none */
    static String at(String text, int line) {
        String here = line(text, line);
        String before = line(text, line - 1);
        if (isConflict(here) || isConflict(before)) {
            return ". A merge conflict stands here: choose one side and remove the marks";
        }
        if (isTemplate(here) || isTemplate(before) || isTemplate(line(text, 1))) {
            return ". This looks like a template: give its rendered result";
        }
        if (text.stripLeading().startsWith("[") && line(text, 1).stripTrailing().endsWith("]")) {
            return ". This looks like TOML, an INI file or a unit; only YAML and JSON are read";
        }
        String indent = here.substring(0, here.length() - here.stripLeading().length());
        if (indent.indexOf('\t') >= 0) {
            return ". Indent with blanks instead of tabs";
        }
        if (QUOTE_WITHIN.matcher(here).find()) {
            return ". A quote within single quotes is written twice";
        }
        if (TWO_COLONS.matcher(here).find()) {
            return ". A text that holds a colon and a blank needs quotes around it";
        }
        int column = indent.length();
        if (line > 1 && !before.isBlank() && column > 0 && !isIndentation(text, line, column)) {
            return ". No line above begins in this column: check the blanks before it";
        }
        return "";
    }

    /** Whether an earlier line is indented as far as this one. */
    private static boolean isIndentation(String text, int line, int column) {
        return text.lines()
                .limit(line - 1L)
                .anyMatch(each -> each.length() - each.stripLeading().length() == column);
    }

    private static boolean isTemplate(String line) {
        return line.contains("{{") || line.contains("{%") || line.contains("<%");
    }

    private static boolean isConflict(String line) {
        return line.startsWith("<<<<<<<") || line.startsWith("=======") || line.startsWith(">>>>>>>");
    }

    private static String line(String text, int number) {
        return number < 1 ? "" : text.lines().skip(number - 1L).findFirst().orElse("");
    }
}
