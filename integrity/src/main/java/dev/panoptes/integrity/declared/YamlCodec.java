package dev.panoptes.integrity.declared;

import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * YAML documents as bytes. Numbers are of variable length, seven bits a byte; texts stand once, in a table before the nodes; a node
 * that is reached in several ways stands once and is referred to by its number after that. The name of the file is not kept, for
 * one content may lie in several places.
 */
final class YamlCodec {
    private static final int MOST = 1_000_000;
    private static final int DEEPEST = 200;
    private static final int SCALAR = 0;
    private static final int PLAIN = 1;
    private static final int ITEMS = 2;
    private static final int FIELDS = 3;
    private static final int AGAIN = 4;

    private YamlCodec() {}

    /** @param problems what is wrong with the file */
    record Documents(List<YamlNode> roots, List<Problem> problems) {}

    /** Null where a text cannot be kept as it is: half of a surrogate pair, which an escape may write. */
    static byte @Nullable [] encoded(List<YamlNode> roots, List<Problem> problems) {
        Writer writer = new Writer();
        writer.number(roots.size());
        roots.forEach(writer::node);
        writer.number(problems.size());
        for (Problem problem : problems) {
            writer.text(problem.code());
            writer.number(problem.location().line());
            writer.number(problem.location().column());
            writer.text(problem.message());
        }
        return writer.whole();
    }

    /**
     * @param file rootPath of the file that holds this content
     * @throws IllegalArgumentException or IndexOutOfBoundsException or BufferUnderflowException where the bytes are damaged
     */
    static Documents decoded(ByteBuffer bytes, String file) {
        Reader reader = new Reader(bytes, file);
        List<YamlNode> roots = new ArrayList<>();
        for (int left = reader.count(); left > 0; left--) {
            roots.add(reader.node(0));
        }
        List<Problem> problems = new ArrayList<>();
        for (int left = reader.count(); left > 0; left--) {
            String code = reader.text();
            Location at = new Location(reader.number(), reader.number());
            problems.add(new Problem(code, file, at, reader.text()));
        }
        return new Documents(roots, problems);
    }

    private static final class Writer {
        private final Map<String, Integer> texts = new LinkedHashMap<>();
        private final Map<YamlNode, Integer> nodes = new IdentityHashMap<>();
        private ByteArrayOutputStream out = new ByteArrayOutputStream();

        private void node(YamlNode node) {
            Integer known = nodes.get(node);
            if (known != null) {
                out.write(AGAIN);
                number(known);
                return;
            }
            switch (node) {
                case YamlNode.Scalar scalar -> {
                    head(scalar.plain() ? PLAIN : SCALAR, scalar);
                    text(scalar.text());
                }
                case YamlNode.Items items -> {
                    head(ITEMS, items);
                    number(items.items().size());
                    items.items().forEach(this::node);
                }
                case YamlNode.Fields fields -> {
                    head(FIELDS, fields);
                    number(fields.fields().size());
                    for (YamlNode.Field field : fields.fields()) {
                        node(field.key());
                        node(field.value());
                    }
                }
            }
            nodes.put(node, nodes.size());
        }

        private void head(int kind, YamlNode node) {
            out.write(kind);
            number(node.line());
            number(node.column());
            String tag = node.tag();
            number(tag == null ? 0 : 1 + index(tag));
        }

        private void text(String text) {
            number(index(text));
        }

        private int index(String text) {
            return texts.computeIfAbsent(text, unused -> texts.size());
        }

        private void number(int value) {
            int left = value;
            while (left > 0x7F) {
                out.write((left & 0x7F) | 0x80);
                left >>>= 7;
            }
            out.write(left);
        }

        private byte @Nullable [] whole() {
            byte[] body = out.toByteArray();
            out = new ByteArrayOutputStream();
            number(texts.size());
            for (String text : texts.keySet()) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                if (!new String(utf8, StandardCharsets.UTF_8).equals(text)) {
                    return null;
                }
                number(utf8.length);
                out.writeBytes(utf8);
            }
            out.writeBytes(body);
            return out.toByteArray();
        }
    }

    private static final class Reader {
        private final ByteBuffer bytes;
        private final String file;
        private final String[] texts;
        private final List<YamlNode> nodes = new ArrayList<>();

        private Reader(ByteBuffer bytes, String file) {
            this.bytes = bytes;
            this.file = file;
            texts = new String[count()];
            for (int i = 0; i < texts.length; i++) {
                int length = count();
                if (length > bytes.remaining()) {
                    throw new BufferUnderflowException();
                }
                texts[i] = new String(
                        bytes.array(), bytes.arrayOffset() + bytes.position(), length, StandardCharsets.UTF_8);
                bytes.position(bytes.position() + length);
            }
        }

        private YamlNode node(int depth) {
            int kind = bytes.get();
            if (kind == AGAIN) {
                return nodes.get(number());
            }
            if (depth > DEEPEST || kind < SCALAR || kind > FIELDS) {
                throw new IllegalArgumentException("no node");
            }
            int line = number();
            int column = number();
            int tagged = number();
            String tag = tagged == 0 ? null : texts[tagged - 1];
            YamlNode node = switch (kind) {
                case ITEMS -> {
                    int left = count();
                    List<YamlNode> items = new ArrayList<>();
                    for (; left > 0; left--) {
                        items.add(node(depth + 1));
                    }
                    yield new YamlNode.Items(List.copyOf(items), tag, file, line, column);
                }
                case FIELDS -> {
                    int left = count();
                    List<YamlNode.Field> fields = new ArrayList<>();
                    for (; left > 0; left--) {
                        if (!(node(depth + 1) instanceof YamlNode.Scalar key)) {
                            throw new IllegalArgumentException("a key that is no scalar");
                        }
                        fields.add(new YamlNode.Field(key, node(depth + 1)));
                    }
                    yield new YamlNode.Fields(List.copyOf(fields), tag, file, line, column);
                }
                default -> new YamlNode.Scalar(text(), kind == PLAIN, tag, file, line, column);
            };
            nodes.add(node);
            return node;
        }

        private String text() {
            return texts[number()];
        }

        /** A number of things, each of which takes a byte at least. */
        private int count() {
            int count = number();
            if (count > MOST || count > bytes.remaining()) {
                throw new IllegalArgumentException("more than there is");
            }
            return count;
        }

        private int number() {
            int value = 0;
            for (int shift = 0; shift < 32; shift += 7) {
                int next = bytes.get();
                value |= (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("no number");
        }
    }
}
