package dev.panoptes.core.yaml;

import dev.panoptes.core.ContentDigest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads YAML files that nobody vouches for: bounded in bytes, values (aliases counted each time they are used) and depth,
 * and without an exception. Every value keeps its line and column. Tags are ignored, so nothing is ever constructed.
 * Merge keys ({@code <<}) are followed. Stateless and safe for use by several threads.
 */
public final class YamlReader {
    /**
     * @param maxBytes a larger file is refused without being read
     * @param maxValues keys, values, lists and maps together
     * @param maxDepth lists and maps within each other
     * @param maxLine characters of one line; the parser's time grows with the square of it
     */
    public record Limits(int maxBytes, int maxValues, int maxDepth, int maxLine) {
        /** Room for ten thousand agents, and about a second for the worst that fits in. */
        public static final Limits DEFAULT = new Limits(16 << 20, 500_000, 100, 100_000);
    }

    private static final int BINARY_SAMPLE = 8_192;

    private final Limits limits;

    public YamlReader() {
        this(Limits.DEFAULT);
    }

    public YamlReader(Limits limits) {
        this.limits = limits;
    }

    /** @param name how problems call the file */
    public YamlResult read(Path file, String name) {
        return read(file, name, _ -> {});
    }

    /**
     * The same for whoever needs the bytes that were parsed, which the file may not hold any more.
     *
     * @param bytes told them before they are parsed; not at all where the file cannot be read
     */
    public YamlResult read(Path file, String name, Consumer<byte[]> bytes) {
        return switch (FileContent.read(file, limits.maxBytes())) {
            case FileContent.Absent() -> new YamlResult.Absent();
            case FileContent.Refused(String code, String message) -> broken(code, name, message);
            case FileContent.Bytes(byte[] read) -> {
                bytes.accept(read);
                yield parse(read, name);
            }
        };
    }

    /** @param name how problems call the source of these bytes */
    public YamlResult parse(byte[] bytes, String name) {
        Problems problems = new Problems(name);
        return switch (text(bytes, name, problems)) {
            case Text.Refused(Problem problem) -> new YamlResult.Broken(List.of(problem));
            case Text.Read(String text) -> {
                YamlNode plain = PlainYaml.read(text, limits);
                yield plain == null
                        ? new YamlComposer(text, limits, problems).compose(ContentDigest.of(bytes))
                        : new YamlResult.Parsed(ContentDigest.of(bytes), plain, problems.all());
            }
        };
    }

    /**
     * As {@link #parse}, for a stream of several documents that is at hand as text, such as a collection of rules.
     *
     * @param text counted in characters where the limits say bytes
     * @param name how problems call the source of this text
     */
    public YamlDocuments parseAll(String text, String name) {
        if (text.length() > limits.maxBytes()) {
            String message = "is larger than " + limits.maxBytes() + " characters and was not read";
            return new YamlDocuments.Broken(List.of(new Problem("too-large", name, Location.WHOLE_FILE, message)));
        }
        return switch (bounded(withoutMark(text), name)) {
            case Text.Refused(Problem problem) -> new YamlDocuments.Broken(List.of(problem));
            case Text.Read(String read) -> {
                YamlNode plain = PlainYaml.read(read, limits);
                yield plain == null
                        ? new YamlComposer(read, limits, new Problems(name)).composeAll()
                        : new YamlDocuments.Parsed(List.of(plain), List.of());
            }
        };
    }

    /** The characters of a file, or why they are not read. */
    private sealed interface Text {
        record Read(String text) implements Text {}

        record Refused(Problem problem) implements Text {}
    }

    private Text text(byte[] bytes, String name, Problems problems) {
        if (bytes.length > limits.maxBytes()) {
            String message = "is larger than " + limits.maxBytes() + " bytes and was not read";
            return new Text.Refused(new Problem("too-large", name, Location.WHOLE_FILE, message));
        }
        Charset charset = charset(bytes);
        if (charset.equals(StandardCharsets.UTF_8) && isBinary(bytes)) {
            String message =
                    isWide(bytes) ? "is UTF-16 without a byte order mark; save it as UTF-8" : "is a binary file";
            return new Text.Refused(new Problem("binary", name, Location.WHOLE_FILE, message));
        }
        return bounded(decode(bytes, charset, problems), name);
    }

    private Text bounded(String text, String name) {
        int line = lineBeyond(text, limits.maxLine());
        if (line > 0) {
            String message = "has a line of more than " + limits.maxLine() + " characters";
            return new Text.Refused(new Problem("too-complex", name, new Location(line, 1), message));
        }
        return new Text.Read(text);
    }

    private static YamlResult broken(String code, String name, String message) {
        return new YamlResult.Broken(List.of(new Problem(code, name, Location.WHOLE_FILE, message)));
    }

    /** YAML 1.2 section 5.2, as far as byte order marks tell. */
    private static Charset charset(byte[] bytes) {
        if (bytes.length >= 2 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF) {
            return StandardCharsets.UTF_16BE;
        }
        if (bytes.length >= 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE) {
            return StandardCharsets.UTF_16LE;
        }
        return StandardCharsets.UTF_8;
    }

    private static boolean isBinary(byte[] bytes) {
        for (int i = 0; i < Math.min(bytes.length, BINARY_SAMPLE); i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }

    /** ASCII text in units of two bytes. */
    private static boolean isWide(byte[] bytes) {
        int length = Math.min(bytes.length, BINARY_SAMPLE) & ~1;
        int[] zeros = new int[2];
        for (int i = 0; i < length; i++) {
            zeros[i & 1] += bytes[i] == 0 ? 1 : 0;
        }
        return length > 2 && Math.min(zeros[0], zeros[1]) == 0 && Math.max(zeros[0], zeros[1]) > length * 2 / 5;
    }

    private static String decode(byte[] bytes, Charset charset, Problems problems) {
        String text = new String(bytes, charset);
        // What cannot be decoded was replaced by this character, which may also stand there itself.
        if (text.indexOf('\uFFFD') >= 0) {
            CharsetDecoder strict = charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
            CharBuffer out = CharBuffer.allocate(bytes.length);
            if (strict.decode(ByteBuffer.wrap(bytes), out, true).isError()) {
                String before = out.flip().toString();
                problems.add(
                        "invalid-encoding",
                        locate(before, before.length()),
                        "is not valid " + charset.name() + " from here on; unreadable characters were replaced;"
                                + " save it as UTF-8");
            }
        }
        return withoutMark(text);
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The number of the first line that is longer than this; 0 where none is. */
    private static int lineBeyond(String text, int longest) {
        int line = 1;
        for (int start = 0; text.length() - start > longest; line++) {
            int end = text.indexOf('\n', start);
            if (end < 0 || end - start > longest) {
                return line;
            }
            start = end + 1;
        }
        return 0;
    }

    /** The place of the character at this index. */
    static Location locate(String text, int index) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < index; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new Location(line, text.codePointCount(lineStart, index) + 1);
    }
}
