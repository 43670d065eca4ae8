package dev.panoptes.integrity.declared;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses the structure of HCL: bodies, blocks, literals, lists and objects. Bounded in depth and number. */
final class HclParser {
    private static final int DEEPEST = 60;
    private static final int MOST = 100_000;

    private final HclText text;
    private int values;

    private HclParser(String text) {
        this.text = new HclText(text);
    }

    /** A file that is none, with the line where that shows. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        private final int line;

        Malformed(int line, String message) {
            super(message, null, false, false);
            this.line = line;
        }

        int line() {
            return line;
        }
    }

    /** A whole file; one that begins with a brace is JSON. */
    static Hcl.Body parse(String text) throws Malformed {
        HclParser parser = new HclParser(text);
        parser.text.skipBlank();
        if (parser.text.at('{')) {
            return parser.value(0) instanceof Hcl.Body body ? body : parser.fail("it is no object");
        }
        Hcl.Body body = parser.body(0);
        return parser.text.isEnd() ? body : parser.fail("a brace closes what none opened");
    }

    private Hcl.Body fail(String message) throws Malformed {
        throw new Malformed(text.line(), message);
    }

    private void count(int depth) throws Malformed {
        if (depth > DEEPEST || ++values > MOST) {
            throw new Malformed(text.line(), "it is nested too deep or too long");
        }
    }

    private Hcl.Body body(int depth) throws Malformed {
        count(depth);
        int line = text.line();
        Map<String, Hcl> attributes = new LinkedHashMap<>();
        List<Hcl.Block> blocks = new ArrayList<>();
        text.skipBlank();
        while (!text.isEnd() && !text.at('}')) {
            int begin = text.line();
            String name = text.at('"') ? text.quoted() : text.identifier();
            if (name.isEmpty()) {
                return fail("a name is expected");
            }
            List<String> labels = new ArrayList<>();
            text.skipSpace();
            while (text.at('"') || text.isIdentifier()) {
                labels.add(text.at('"') ? text.quoted() : text.identifier());
                text.skipSpace();
            }
            if (text.at('{')) {
                text.take();
                blocks.add(new Hcl.Block(name, labels, body(depth + 1), begin));
                if (!text.at('}')) {
                    return fail("a block is not closed");
                }
                text.take();
            } else if (labels.isEmpty() && text.at('=')) {
                text.take();
                text.skipSpace();
                attributes.put(name, value(depth + 1));
            } else {
                return fail("neither a block nor a value follows " + name);
            }
            text.skipBlank();
        }
        return new Hcl.Body(attributes, blocks, line);
    }

    private Hcl value(int depth) throws Malformed {
        count(depth);
        int line = text.line();
        int begin = text.position();
        Hcl value = primary(depth, line);
        text.skipSpace();
        if (text.isEndOfValue()) {
            return value;
        }
        // An operator, a call, an index or a condition: the whole is an expression.
        text.skipExpression();
        return new Hcl.Open(text.from(begin), line);
    }

    private Hcl primary(int depth, int line) throws Malformed {
        if (text.at('"')) {
            return new Hcl.Text(text.quoted(), line);
        }
        if (text.startsWith("<<")) {
            return new Hcl.Text(text.heredoc(), line);
        }
        if (text.at('[')) {
            return items(depth, line);
        }
        if (text.at('{')) {
            return object(depth, line);
        }
        String word = text.word();
        boolean literal = word.matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?|true|false|null");
        return literal ? new Hcl.Text(word, line) : new Hcl.Open(word, line);
    }

    private Hcl items(int depth, int line) throws Malformed {
        int begin = text.position();
        text.take();
        text.skipBlank();
        if (text.startsWith("for ")) {
            text.skipTo(begin, line, '[');
            return new Hcl.Open(text.from(begin), line);
        }
        List<Hcl> items = new ArrayList<>();
        while (!text.at(']')) {
            if (text.isEnd()) {
                return fail("a list is not closed");
            }
            items.add(value(depth + 1));
            text.skipBlank();
            if (text.at(',')) {
                text.take();
                text.skipBlank();
            } else if (!text.at(']')) {
                return fail("a comma is missing in a list");
            }
        }
        text.take();
        return new Hcl.Items(items, line);
    }

    private Hcl object(int depth, int line) throws Malformed {
        int begin = text.position();
        text.take();
        text.skipBlank();
        if (text.startsWith("for ")) {
            text.skipTo(begin, line, '{');
            return new Hcl.Open(text.from(begin), line);
        }
        Map<String, Hcl> fields = new LinkedHashMap<>();
        while (!text.at('}')) {
            if (text.isEnd()) {
                return fail("an object is not closed");
            }
            String name = text.at('"') ? text.quoted() : text.word();
            text.skipSpace();
            if (name.isEmpty() || !(text.at('=') || text.at(':'))) {
                return fail("an object's key has no value");
            }
            text.take();
            text.skipBlank();
            fields.put(name, value(depth + 1));
            text.skipBlank();
            if (text.at(',')) {
                text.take();
                text.skipBlank();
            }
        }
        text.take();
        return new Hcl.Body(fields, List.of(), line);
    }
}
