package dev.panoptes.core.yaml;

/** What is usually wrong where YAML cannot be parsed, in words that follow the parser's. */
final class SyntaxHints {
    private SyntaxHints() {}

    /** @param line from 1; 0 for none */
    static String at(String text, int line) {
        String here = line(text, line);
        String before = line(text, line - 1);
        if (isConflict(here) || isConflict(before)) {
            return ". A merge conflict stands here: choose one side and remove the marks";
        }
        if (here.contains("{{") || here.contains("{%") || here.contains("<%") || before.contains("{%")) {
            return ". This looks like a template: give its rendered result";
        }
        String indent = here.substring(0, here.length() - here.stripLeading().length());
        if (indent.indexOf('\t') >= 0) {
            return ". Indent with blanks instead of tabs";
        }
        return "";
    }

    private static boolean isConflict(String line) {
        return line.startsWith("<<<<<<<") || line.startsWith("=======") || line.startsWith(">>>>>>>");
    }

    private static String line(String text, int number) {
        return number < 1 ? "" : text.lines().skip(number - 1L).findFirst().orElse("");
    }
}
