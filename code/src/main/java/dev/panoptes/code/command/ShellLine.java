package dev.panoptes.code.command;

import java.util.ArrayList;
import java.util.List;

/**
 * A shell command line cut into simple commands (POSIX shell, 2.3 Token Recognition). Nothing is run or replaced. Redirections
 * and comments are left out; what does not parse ends as a literal.
 */
public final class ShellLine {
    private static final int MOST_WORDS = 4_096;

    private final String text;
    private final List<Simple> commands = new ArrayList<>();
    private final List<Word> words = new ArrayList<>();
    private final List<Word.Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private boolean inWord;
    private boolean dropNext;
    private int count;
    private int at;

    private ShellLine(String text) {
        this.text = text;
    }

    /**
     * A command without operators.
     *
     * @param end the operator after it: {@code &&}, {@code ||}, {@code ;}, {@code |}, {@code &}, {@code (}, {@code )}, or empty
     */
    public record Simple(List<Word> words, String end) {
        public Simple {
            words = List.copyOf(words);
        }
    }

    public static List<Simple> split(String text) {
        return new ShellLine(text).split();
    }

    private List<Simple> split() {
        while (at < text.length() && count < MOST_WORDS) {
            step(text.charAt(at));
        }
        endCommand("");
        return commands;
    }

    private void step(char c) {
        switch (c) {
            case ' ', '\t', '\r' -> {
                endWord();
                at++;
            }
            case '\n', ';', '(', ')' -> {
                endCommand(c == '\n' ? ";" : String.valueOf(c));
                at++;
            }
            case '&', '|' -> operator(c);
            case '<', '>' -> redirection();
            case '\\' -> escape();
            case '\'' -> singleQuoted();
            case '"' -> doubleQuoted();
            case '`' -> backquoted();
            case '$' -> dollar();
            case '#' -> comment();
            default -> {
                inWord = true;
                literal.append(c);
                at++;
            }
        }
    }

    private void operator(char c) {
        boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
        if (c == '&' && at + 1 < text.length() && text.charAt(at + 1) == '>') {
            at++;
            redirection();
            return;
        }
        endCommand(doubled ? "" + c + c : String.valueOf(c));
        at += doubled ? 2 : 1;
    }

    /** {@code 2>&1}, {@code >> file}, {@code < file}: neither the operator nor its target is an argument. */
    private void redirection() {
        if (parts.isEmpty() && literal.chars().allMatch(Character::isDigit)) {
            literal.setLength(0);
            inWord = false;
        }
        endWord();
        while (at < text.length() && "<>&|-".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        dropNext = true;
    }

    private void escape() {
        if (at + 1 < text.length() && text.charAt(at + 1) != '\n') {
            inWord = true;
            literal.append(text.charAt(at + 1));
        }
        at += 2;
    }

    private void singleQuoted() {
        inWord = true;
        int end = text.indexOf('\'', at + 1);
        int close = end < 0 ? text.length() : end;
        literal.append(text, at + 1, close);
        at = close + 1;
    }

    private void doubleQuoted() {
        inWord = true;
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length() && "$`\"\\\n".indexOf(text.charAt(at + 1)) >= 0) {
                if (text.charAt(at + 1) != '\n') {
                    literal.append(text.charAt(at + 1));
                }
                at += 2;
            } else if (c == '$') {
                dollar();
            } else if (c == '`') {
                backquoted();
            } else {
                literal.append(c);
                at++;
            }
        }
        at++;
    }

    private void backquoted() {
        inWord = true;
        int end = text.indexOf('`', at + 1);
        int close = end < 0 ? text.length() : end + 1;
        Word.flush(literal, parts);
        parts.add(new Word.Part.Opaque(text.substring(at, close)));
        at = close;
    }

    private void dollar() {
        inWord = true;
        Dollar dollar = Dollar.at(text, at);
        if (dollar == null) {
            literal.append('$');
            at++;
            return;
        }
        Word.flush(literal, parts);
        parts.add(dollar.part());
        at = dollar.end();
    }

    private void comment() {
        if (inWord) {
            literal.append('#');
            at++;
            return;
        }
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
    }

    private void endWord() {
        if (!inWord) {
            return;
        }
        Word.flush(literal, parts);
        if (!dropNext) {
            words.add(new Word(parts));
            count++;
        }
        dropNext = false;
        inWord = false;
        parts.clear();
    }

    private void endCommand(String operator) {
        endWord();
        dropNext = false;
        if (!words.isEmpty() || operator.equals("(")) {
            commands.add(new Simple(words, operator));
            words.clear();
        } else if (!commands.isEmpty() && commands.getLast().end().equals(")") && !operator.isEmpty()) {
            // "(a) || b": the operator that counts is the one after the bracket.
            commands.set(commands.size() - 1, new Simple(commands.getLast().words(), operator));
        }
        count++;
    }
}
