package dev.panoptes.integrity.declared;

import dev.panoptes.core.text.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The instructions of a Dockerfile: continuation lines joined, comments left out, the escape directive obeyed (Dockerfile
 * reference, "Format", "Parser directives", "Here-documents").
 */
final class DockerfileLines {
    private static final int MOST_INSTRUCTIONS = 10_000;
    private static final int LONGEST_INSTRUCTION = 65_536;
    private static final Pattern DIRECTIVE = Pattern.compile("#\\s*([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(.+?)\\s*");
    private static final Pattern HEREDOC = Pattern.compile("[0-9]*<<(-?)([\"']?)([^<>\"'\\s|;&]+)\\2");

    private final String[] lines;
    private final List<Instruction> instructions = new ArrayList<>();
    private char escape = '\\';
    private int at;

    private DockerfileLines(String text) {
        String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
        lines = Lines.of(withoutMark);
    }

    /**
     * One instruction.
     *
     * @param keyword upper case
     * @param rest what follows, on one line
     * @param heredocs the names of its here-documents, whose contents are left out
     * @param line where it begins, from 1
     */
    record Instruction(String keyword, String rest, List<String> heredocs, int line) {}

    /**
     * @param escape the character that escapes and continues lines
     * @param complete false where the file goes on beyond what is read
     */
    record Parsed(List<Instruction> instructions, char escape, boolean complete) {}

    static Parsed parse(String text) {
        DockerfileLines reader = new DockerfileLines(text);
        reader.directives();
        boolean complete = reader.read();
        return new Parsed(reader.instructions, reader.escape, complete);
    }

    private void directives() {
        while (at < lines.length) {
            Matcher directive = DIRECTIVE.matcher(lines[at].strip());
            if (!directive.matches()) {
                return;
            }
            if (directive.group(1).equalsIgnoreCase("escape")
                    && directive.group(2).equals("`")) {
                escape = '`';
            }
            at++;
        }
    }

    private boolean read() {
        while (at < lines.length) {
            if (instructions.size() >= MOST_INSTRUCTIONS) {
                return false;
            }
            if (ignored(lines[at])) {
                at++;
            } else {
                instruction();
            }
        }
        return true;
    }

    private void instruction() {
        int first = at;
        StringBuilder joined = new StringBuilder();
        while (at < lines.length) {
            String line = lines[at++];
            if (at - 1 > first && ignored(line)) {
                continue;
            }
            int end = continuation(line);
            append(joined, end < 0 ? line : line.substring(0, end));
            if (end < 0) {
                break;
            }
        }
        String text = joined.toString().strip();
        int space = 0;
        while (space < text.length() && !Character.isWhitespace(text.charAt(space))) {
            space++;
        }
        String keyword = text.substring(0, space).toUpperCase(Locale.ROOT);
        String rest = text.substring(space).strip();
        instructions.add(new Instruction(keyword, rest, heredocs(keyword, rest), first + 1));
    }

    private static void append(StringBuilder joined, String part) {
        int left = LONGEST_INSTRUCTION - joined.length();
        joined.append(part, 0, Math.min(part.length(), Math.max(left, 0)));
    }

    /** Where the escape character stands that continues this line; -1 where it ends here. */
    private int continuation(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
            end--;
        }
        return end > 0 && line.charAt(end - 1) == escape ? end - 1 : -1;
    }

    private static boolean ignored(String line) {
        String stripped = line.strip();
        return stripped.isEmpty() || stripped.startsWith("#");
    }

    /** Skips the contents of here-documents and returns their names. */
    private List<String> heredocs(String keyword, String rest) {
        List<String> names = new ArrayList<>();
        if (!rest.contains("<<") || !(keyword.equals("RUN") || keyword.equals("COPY") || keyword.equals("ADD"))) {
            return names;
        }
        for (String word : rest.split("\\s+")) {
            Matcher heredoc = HEREDOC.matcher(word);
            if (heredoc.matches()) {
                names.add(heredoc.group(3));
                skipTo(heredoc.group(3), !heredoc.group(1).isEmpty());
            }
        }
        return names;
    }

    private void skipTo(String terminator, boolean tabs) {
        while (at < lines.length) {
            String line = lines[at++];
            if ((tabs ? line.replaceFirst("^\t+", "") : line).equals(terminator)) {
                return;
            }
        }
    }
}
