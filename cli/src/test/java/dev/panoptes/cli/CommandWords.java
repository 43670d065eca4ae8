package dev.panoptes.cli;

import java.util.ArrayList;
import java.util.List;

/** Splits a line into words as a shell does that expands nothing. */
final class CommandWords {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean open;

    private CommandWords(String line) {
        this.line = line;
    }

    static List<String> of(String line) {
        CommandWords words = new CommandWords(line);
        words.split();
        return words.words;
    }

    private void split() {
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '\'') {
                int end = line.indexOf('\'', at + 1);
                add(line.substring(at + 1, end));
                at = end;
            } else if (c == '"') {
                at = quoted(at + 1);
            } else if (c == '\\' && at + 1 < line.length()) {
                add(line.substring(at + 1, at + 2));
                at++;
            } else if (c == ' ') {
                end();
            } else {
                add(String.valueOf(c));
            }
        }
        end();
    }

    private int quoted(int from) {
        add("");
        int at = from;
        for (; line.charAt(at) != '"'; at++) {
            boolean escaped = line.charAt(at) == '\\' && "\"\\$`".indexOf(line.charAt(at + 1)) >= 0;
            at += escaped ? 1 : 0;
            add(String.valueOf(line.charAt(at)));
        }
        return at;
    }

    private void add(String text) {
        word.append(text);
        open = true;
    }

    private void end() {
        if (open) {
            words.add(word.toString());
            word.setLength(0);
            open = false;
        }
    }
}
