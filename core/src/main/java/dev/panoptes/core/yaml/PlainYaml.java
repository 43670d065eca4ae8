package dev.panoptes.core.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the plain part of YAML, in which registries and compose files are mostly written, without a parser's events: block
 * maps and lists, plain and quoted scalars of one line without escapes, flow collections of one line, comments. For such a
 * document it gives exactly what {@link YamlComposer} gives; for every other it gives nothing, and the parser reads it:
 * anchors, aliases, tags, merge keys, block scalars, scalars and flow collections of several lines, escapes, several
 * documents, tabs, a key given twice, and whatever is wrong. It has no opinion on what it does not know, so it reports no
 * problem. The indentation rules are those of YAML 1.2, chapter 8; a tree of ten thousand agents takes a tenth of the time.
 */
final class PlainYaml {
    /** A key must be found within 1024 characters (YAML 1.2, 7.4.2); the rest is left to the parser. */
    private static final int LONGEST_KEY = 1_000;
    /** Maps of more keys are looked through by hash. */
    private static final int FEW = 12;

    private static final int MOST_SHARED_KEYS = 10_000;
    private static final String INDICATORS = "-?:,[]{}#&*!|>'\"%@`";
    private static final int END = -1;

    private final char[] text;
    private final YamlReader.Limits limits;
    private final Map<String, String> keys = new HashMap<>();
    /** Where the next character is. */
    private int at;
    /** The line of {@link #at}, from 1, and where it begins. */
    private int line = 1;

    private int lineStart;
    /** The column, from 0, of the first character of the line of content that comes next; {@link #END} at the end. */
    private int indent;

    private int values;

    /** Says that this document is not for this reader. Never leaves this class. */
    private static final class NotPlain extends RuntimeException {
        private static final NotPlain SAID = new NotPlain();

        private NotPlain() {
            super("", null, false, false);
        }
    }

    private PlainYaml(String text, YamlReader.Limits limits) {
        this.text = text.toCharArray();
        this.limits = limits;
    }

    /** The only document of this text, a map or a list; null where the parser must read it. */
    static @Nullable YamlNode read(String text, YamlReader.Limits limits) {
        try {
            PlainYaml reader = new PlainYaml(text, limits);
            return reader.isPlainText() ? reader.document() : null;
        } catch (NotPlain e) {
            return null;
        }
    }

    private static NotPlain notPlain() {
        return NotPlain.SAID;
    }

    /** Characters that count as one column and mean nothing of their own (YAML 1.2, 5.1 and 5.4). */
    private boolean isPlainText() {
        for (int i = 0; i < text.length; i++) {
            char c = text[i];
            if ((c >= ' ' && c <= '~') || c == '\n') {
                continue;
            }
            boolean beyond = c >= '\u00A1' && c < '\uD800' && c != '\u2028' && c != '\u2029';
            if (!beyond && !(c == '\r' && i + 1 < text.length && text[i + 1] == '\n')) {
                return false;
            }
        }
        return true;
    }

    private YamlNode document() {
        toContent();
        if (indent == 0 && isMarker() && text[at] == '-') {
            at += 3;
            endOfLine();
        }
        if (indent == END || isMarker()) {
            throw notPlain();
        }
        YamlNode root = block(END, 1);
        if (indent != END) {
            throw notPlain();
        }
        return root;
    }

    /** Moves to the next line of content from anywhere within blanks or at a line's start. */
    private void toContent() {
        while (at < text.length) {
            int first = at;
            while (first < text.length && text[first] == ' ') {
                first++;
            }
            if (first == text.length) {
                at = first;
                break;
            }
            char c = text[first];
            if (c == '#') {
                while (first < text.length && text[first] != '\n') {
                    first++;
                }
                c = '\n';
            } else if (c == '\r') {
                first++;
                c = '\n';
            }
            if (c != '\n') {
                indent = first - lineStart;
                at = first;
                return;
            }
            at = Math.min(first + 1, text.length);
            line++;
            lineStart = at;
        }
        indent = END;
    }

    /** Only blanks and a comment may stand before the end of this line; then goes to the next content. */
    private void endOfLine() {
        while (at < text.length && text[at] == ' ') {
            at++;
        }
        if (at < text.length && text[at] != '\n' && text[at] != '\r') {
            if (text[at] != '#' || text[at - 1] != ' ') {
                throw notPlain();
            }
            while (text[at] != '\n') {
                if (++at == text.length) {
                    break;
                }
            }
        }
        if (at < text.length && text[at] == '\r') {
            at++;
        }
        if (at < text.length) {
            at++;
            line++;
            lineStart = at;
        }
        toContent();
        if (indent == 0 && isMarker()) {
            throw notPlain();
        }
    }

    /** {@code ---} or {@code ...} at the start of a line. */
    private boolean isMarker() {
        return at + 2 < text.length
                && (text[at] == '-' || text[at] == '.')
                && text[at + 1] == text[at]
                && text[at + 2] == text[at]
                && isBlank(at + 3);
    }

    private boolean isBlank(int index) {
        return index >= text.length || text[index] == ' ' || text[index] == '\n' || text[index] == '\r';
    }

    private boolean isItem() {
        return text[at] == '-' && isBlank(at + 1);
    }

    private Location here() {
        return new Location(line, at - lineStart + 1);
    }

    private void count() {
        if (++values > limits.maxValues()) {
            throw notPlain();
        }
    }

    private void deeper(int depth) {
        if (depth > limits.maxDepth()) {
            throw notPlain();
        }
    }

    /** The list or map that begins with the next content. @param parent the indentation that it must exceed */
    private YamlNode block(int parent, int depth) {
        if (indent <= parent) {
            throw notPlain();
        }
        return isItem() ? sequence(indent, depth) : mapping(indent, depth);
    }

    private YamlNode sequence(int column, int depth) {
        deeper(depth);
        count();
        Location start = here();
        List<YamlNode> items = new ArrayList<>();
        while (indent == column && isItem()) {
            at++;
            Location after = here();
            while (at < text.length && text[at] == ' ') {
                at++;
            }
            if (at >= text.length || text[at] == '\n' || text[at] == '\r' || text[at] == '#') {
                endOfLine();
                items.add(indent > column ? block(column, depth + 1) : empty(after));
            } else {
                items.add(item(depth + 1));
            }
            if (indent > column) {
                // The scalar may go on in the next line.
                throw notPlain();
            }
        }
        return new YamlNode.Sequence(items, start);
    }

    /** What stands behind a dash: a map whose first key is here, or one value. */
    private YamlNode item(int depth) {
        if (isItem()) {
            throw notPlain();
        }
        int start = at;
        int inside = at - lineStart;
        if (text[at] != '[' && text[at] != '{' && keyEnd() >= 0) {
            indent = inside;
            at = start;
            return mapping(inside, depth);
        }
        at = start;
        YamlNode value = inline(depth);
        endOfLine();
        return value;
    }

    private YamlNode mapping(int column, int depth) {
        deeper(depth);
        count();
        Location start = here();
        Entries entries = new Entries();
        while (indent == column && !isItem()) {
            Location where = here();
            boolean quoted = text[at] == '\'' || text[at] == '"';
            int keyStart = at;
            int end = keyEnd();
            if (end < 0) {
                throw notPlain();
            }
            String key = quoted
                    ? new String(text, keyStart + 1, end - keyStart - 2)
                    : new String(text, keyStart, end - keyStart);
            if (!quoted && key.equals("<<")) {
                throw notPlain();
            }
            count();
            // at the colon
            at++;
            entries.add(new YamlNode.Entry(shared(key), where, value(column, depth)));
            if (indent > column) {
                throw notPlain();
            }
        }
        if (indent == column && column > 0 && isItem()) {
            // A dash in the column of this map's keys belongs to nothing.
            throw notPlain();
        }
        return new YamlNode.Mapping(entries.all, start);
    }

    /** The value behind the colon of a key. */
    private YamlNode value(int column, int depth) {
        Location after = here();
        while (at < text.length && text[at] == ' ') {
            at++;
        }
        if (at >= text.length || text[at] == '\n' || text[at] == '\r' || text[at] == '#') {
            endOfLine();
            if (indent > column) {
                return block(column, depth + 1);
            }
            return indent == column && isItem() ? sequence(column, depth + 1) : empty(after);
        }
        YamlNode value = inline(depth + 1);
        endOfLine();
        if (indent > column) {
            // The scalar may go on in the next line.
            throw notPlain();
        }
        return value;
    }

    private YamlNode empty(Location location) {
        count();
        return new YamlNode.Scalar("", true, location);
    }

    /**
     * The end of the key that begins here, quotes counted, and {@link #at} at its colon; negative where no key stands here.
     */
    private int keyEnd() {
        int start = at;
        int end;
        if (text[at] == '\'' || text[at] == '"') {
            end = quoteEnd();
            at = end;
            while (at < text.length && text[at] == ' ') {
                at++;
            }
        } else {
            if (!startsPlain(at)) {
                throw notPlain();
            }
            while (at < text.length && text[at] != '\n' && text[at] != '\r') {
                if (text[at] == ':' && isBlank(at + 1)) {
                    break;
                }
                if (text[at] == '#' && text[at - 1] == ' ') {
                    return -1;
                }
                at++;
            }
            end = at;
            while (end > start && text[end - 1] == ' ') {
                end--;
            }
        }
        if (at >= text.length || text[at] != ':' || !isBlank(at + 1)) {
            return -1;
        }
        if (at - start > LONGEST_KEY) {
            throw notPlain();
        }
        return end;
    }

    /** One value within a line of a block. */
    private YamlNode inline(int depth) {
        char c = text[at];
        if (c == '{' || c == '[') {
            return flow(depth);
        }
        if (c == '\'' || c == '"') {
            return quoted();
        }
        if (!startsPlain(at)) {
            throw notPlain();
        }
        Location start = here();
        int from = at;
        while (at < text.length && text[at] != '\n' && text[at] != '\r') {
            if (text[at] == ':' && isBlank(at + 1)) {
                throw notPlain();
            }
            if (text[at] == '#' && text[at - 1] == ' ') {
                break;
            }
            at++;
        }
        return plain(from, at, start);
    }

    private YamlNode plain(int from, int to, Location start) {
        int end = to;
        while (text[end - 1] == ' ') {
            end--;
        }
        // Blanks before a comment are not part of the text, but they make it one.
        at = end;
        count();
        return new YamlNode.Scalar(new String(text, from, end - from), true, start);
    }

    /** A dash may begin a number or an option; what else may begin with an indicator is left to the parser. */
    private boolean startsPlain(int index) {
        char c = text[index];
        if (c == '-') {
            return index + 1 < text.length
                    && (Character.isLetterOrDigit(text[index + 1]) || (text[index + 1] == '-' && !isBlank(index + 2)));
        }
        return INDICATORS.indexOf(c) < 0;
    }

    private YamlNode quoted() {
        Location start = here();
        int from = at + 1;
        at = quoteEnd();
        count();
        return new YamlNode.Scalar(new String(text, from, at - 1 - from), false, start);
    }

    /** Behind the closing quote of the quoted text that begins here. */
    private int quoteEnd() {
        char quote = text[at];
        for (int i = at + 1; i < text.length; i++) {
            char c = text[i];
            if (c == quote) {
                if (quote == '\'' && i + 1 < text.length && text[i + 1] == '\'') {
                    throw notPlain();
                }
                return i + 1;
            }
            if (c == '\n' || c == '\r' || (c == '\\' && quote == '"')) {
                throw notPlain();
            }
        }
        throw notPlain();
    }

    private YamlNode flow(int depth) {
        deeper(depth);
        count();
        Location start = here();
        boolean map = text[at] == '{';
        char close = map ? '}' : ']';
        Entries entries = new Entries();
        List<YamlNode> items = new ArrayList<>();
        at++;
        blanks();
        boolean first = true;
        while (text[at] != close) {
            if (!first) {
                if (text[at] != ',') {
                    throw notPlain();
                }
                at++;
                blanks();
            }
            first = false;
            if (map) {
                entries.add(flowEntry(depth));
            } else {
                items.add(flowValue(depth + 1));
            }
            blanks();
        }
        at++;
        return map ? new YamlNode.Mapping(entries.all, start) : new YamlNode.Sequence(items, start);
    }

    private YamlNode.Entry flowEntry(int depth) {
        Location where = here();
        int start = at;
        if (text[at] == '{' || text[at] == '[' || !(flowValue(depth + 1) instanceof YamlNode.Scalar key)) {
            throw notPlain();
        }
        blanks();
        if (text[at] != ':'
                || !isBlank(at + 1)
                || at - start > LONGEST_KEY
                || (key.plain() && key.text().equals("<<"))) {
            throw notPlain();
        }
        at++;
        blanks();
        return new YamlNode.Entry(shared(key.text()), where, flowValue(depth + 1));
    }

    private YamlNode flowValue(int depth) {
        char c = text[at];
        if (c == '{' || c == '[') {
            return flow(depth);
        }
        if (c == '\'' || c == '"') {
            return quoted();
        }
        if (!startsPlain(at)) {
            throw notPlain();
        }
        Location start = here();
        int from = at;
        while (true) {
            if (at >= text.length || text[at] == '\n' || text[at] == '\r') {
                throw notPlain();
            }
            char now = text[at];
            if (now == ',' || now == '[' || now == ']' || now == '{' || now == '}') {
                break;
            }
            if (now == ':' && (isBlank(at + 1) || ",[]{}".indexOf(text[at + 1]) >= 0)) {
                break;
            }
            if (now == '#' && text[at - 1] == ' ') {
                throw notPlain();
            }
            at++;
        }
        if (at == from) {
            throw notPlain();
        }
        return plain(from, at, start);
    }

    private void blanks() {
        while (at < text.length && text[at] == ' ') {
            at++;
        }
        if (at >= text.length) {
            throw notPlain();
        }
    }

    /** The same few keys stand in every agent; one string for each is enough. */
    private String shared(String key) {
        if (keys.size() >= MOST_SHARED_KEYS) {
            return keys.getOrDefault(key, key);
        }
        String known = keys.putIfAbsent(key, key);
        return known == null ? key : known;
    }

    /** The entries of one map. A key given twice is told by the other reader. */
    private static final class Entries {
        private final List<YamlNode.Entry> all = new ArrayList<>();
        private @Nullable Set<String> known;

        void add(YamlNode.Entry entry) {
            if (all.size() == FEW) {
                known = new HashSet<>();
                for (YamlNode.Entry one : all) {
                    known.add(one.key());
                }
            }
            Set<String> many = known;
            if (many != null) {
                if (!many.add(entry.key())) {
                    throw notPlain();
                }
            } else {
                for (YamlNode.Entry one : all) {
                    if (one.key().equals(entry.key())) {
                        throw notPlain();
                    }
                }
            }
            all.add(entry);
        }
    }
}
