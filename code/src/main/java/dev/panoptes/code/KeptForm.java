package dev.panoptes.code;

import dev.panoptes.code.Code.ProgramLookup;
import dev.panoptes.code.Looks.Seen;
import dev.panoptes.code.Looks.Stamp;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of what is kept of a tree: numbers big-endian, a text its length and its UTF-8 bytes, what may be null a byte
 * before it. It is read by the build that wrote it and by no other.
 */
final class KeptForm {
    private static final Language[] LANGUAGES = Language.values();

    private KeptForm() {}

    /**
     * @param key what besides the tree decides what is read, and the build that read it
     * @param programs by the path below the root, or by the digest of a path and a start
     * @param settings by the digest of a path, a name and a start; empty where there is none
     */
    record Content(
            String key,
            Map<String, Seen> looks,
            CodeView.Children children,
            List<CodeDirectory> directories,
            Map<String, ProgramLookup> programs,
            Map<String, Optional<Bind>> settings) {}

    static byte[] encoded(Content content) {
        try {
            Writer writer = new Writer();
            writer.part(content);
            return writer.bytes.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("memory takes every byte", e);
        }
    }

    /**
     * Null where another key is wanted.
     *
     * @throws IllegalArgumentException or IndexOutOfBoundsException or java.nio.BufferUnderflowException for other bytes
     */
    static @Nullable Content decoded(ByteBuffer bytes, String key) {
        Reader reader = new Reader(bytes);
        return reader.text().equals(key) ? reader.content(key) : null;
    }

    private static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        private final DataOutputStream out = new DataOutputStream(bytes);

        private void all(Object... parts) throws IOException {
            for (Object part : parts) {
                part(part);
            }
        }

        /** A record's parts stand in its order, behind a number where its kind has several. */
        private void part(Object part) throws IOException {
            switch (part) {
                case String text -> {
                    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                    out.writeInt(utf8.length);
                    out.write(utf8);
                }
                case Byte kind -> out.writeByte(kind);
                case Integer number -> out.writeInt(number);
                case Long number -> out.writeLong(number);
                case Boolean flag -> out.writeBoolean(flag);
                case Language language -> out.writeByte(language.ordinal());
                case Optional<?> one -> {
                    out.writeBoolean(one.isPresent());
                    all(one.stream().toArray());
                }
                case List<?> list -> {
                    out.writeInt(list.size());
                    all(list.toArray());
                }
                case Map<?, ?> map -> {
                    out.writeInt(map.size());
                    for (Map.Entry<?, ?> each : map.entrySet()) {
                        all(each.getKey(), each.getValue());
                    }
                }
                case LineSketch lines -> {
                    ByteBuffer sketch = ByteBuffer.allocate(lines.bytes());
                    lines.encode(sketch);
                    out.write(sketch.array());
                }
                default -> record(part);
            }
        }

        private void record(Object part) throws IOException {
            switch (part) {
                case Content c -> all(c.key(), c.looks(), c.children(), c.directories(), c.programs(), c.settings());
                case CodeView.Children c -> all(c.names(), c.links(), maybe(c.incomplete()));
                case Seen.There(String file, Stamp s) ->
                    all((byte) 0, file, s.device(), s.inode(), s.mode(), s.size(), s.modified(), s.changed());
                case Seen.Way _ -> all((byte) 1);
                case Seen.Gone _ -> all((byte) 2);
                case Seen.Refused(String reason) -> all((byte) 3, reason);
                case CodeDirectory d ->
                    all(d.path(), d.rootPath(), d.files(), d.programs(), d.codeLines(), maybe(d.incomplete()));
                case CodeFile f -> all(f.path(), f.rootPath(), f.language(), f.digest(), f.codeLines(), f.lines());
                case Program p -> {
                    all(p.path(), p.rootPath(), p.language(), p.runnable(), p.definesApp());
                    all(p.binds(), p.names(), maybe(p.nameUnknown()));
                }
                case ReportedName n -> all(n.value(), n.field(), n.file(), n.line(), n.text());
                case Bind b -> {
                    all(b.port(), b.file(), b.line(), b.text(), maybe(b.address()));
                    all(b.onImport(), b.open());
                }
                case PortValue.Known known -> all(known.port(), maybe(known.variable()));
                case PortValue.Unresolved open -> all(-1, open.reason(), maybe(open.variable()));
                case ProgramLookup.Found(Program program) -> all((byte) 0, program);
                case ProgramLookup.Absent _ -> all((byte) 1);
                case ProgramLookup.NoProgram(String reason) -> all((byte) 2, reason);
                case ProgramLookup.Unreadable(String reason) -> all((byte) 3, reason);
                default -> throw new IllegalArgumentException("nothing that is kept: " + part.getClass());
            }
        }

        private static Optional<String> maybe(@Nullable String text) {
            return Optional.ofNullable(text);
        }
    }

    private record Reader(ByteBuffer in) {
        private Content content(String key) {
            Map<String, Seen> looks = new HashMap<>();
            for (int left = count(); left > 0; left--) {
                looks.put(text(), seen());
            }
            List<String> names = new ArrayList<>();
            for (int left = count(); left > 0; left--) {
                names.add(text());
            }
            Map<String, String> links = new HashMap<>();
            for (int left = count(); left > 0; left--) {
                links.put(text(), text());
            }
            CodeView.Children children = new CodeView.Children(names, links, nullable());
            List<CodeDirectory> directories = new ArrayList<>();
            for (int left = count(); left > 0; left--) {
                directories.add(directory());
            }
            Map<String, ProgramLookup> programs = new HashMap<>();
            for (int left = count(); left > 0; left--) {
                programs.put(text(), lookup());
            }
            Map<String, Optional<Bind>> settings = new HashMap<>();
            for (int left = count(); left > 0; left--) {
                settings.put(text(), flag() ? Optional.of(bind()) : Optional.empty());
            }
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("more than was written");
            }
            return new Content(key, looks, children, directories, programs, settings);
        }

        /** How many follow: each takes a byte at least. */
        private int count() {
            int count = in.getInt();
            if (count < 0 || count > in.remaining()) {
                throw new IllegalArgumentException("no number of things");
            }
            return count;
        }

        private boolean flag() {
            return in.get() != 0;
        }

        private String text() {
            int length = count();
            String text = new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
            in.position(in.position() + length);
            return text;
        }

        private @Nullable String nullable() {
            return flag() ? text() : null;
        }

        private Language language() {
            return LANGUAGES[in.get()];
        }

        private Seen seen() {
            return switch (in.get()) {
                case 0 ->
                    new Seen.There(
                            text(),
                            new Stamp(
                                    in.getLong(), in.getLong(), in.getInt(), in.getLong(), in.getLong(), in.getLong()));
                case 1 -> new Seen.Way();
                case 2 -> new Seen.Gone();
                case 3 -> new Seen.Refused(text());
                default -> throw new IllegalArgumentException("no look");
            };
        }

        private CodeDirectory directory() {
            String path = text();
            String rootPath = text();
            List<CodeFile> files = new ArrayList<>();
            for (int left = count(); left > 0; left--) {
                files.add(new CodeFile(text(), text(), language(), text(), in.getInt(), LineSketch.decoded(in)));
            }
            List<Program> programs = new ArrayList<>();
            for (int left = count(); left > 0; left--) {
                programs.add(program());
            }
            return new CodeDirectory(path, rootPath, files, programs, in.getInt(), nullable());
        }

        private Program program() {
            String path = text();
            String rootPath = text();
            Language language = language();
            boolean runnable = flag();
            boolean definesApp = flag();
            List<Bind> binds = new ArrayList<>();
            for (int left = count(); left > 0; left--) {
                binds.add(bind());
            }
            List<ReportedName> names = new ArrayList<>();
            for (int left = count(); left > 0; left--) {
                names.add(new ReportedName(text(), text(), text(), in.getInt(), text()));
            }
            return new Program(path, rootPath, language, runnable, definesApp, binds, names, nullable());
        }

        private Bind bind() {
            int port = in.getInt();
            PortValue value =
                    port >= 0 ? new PortValue.Known(port, nullable()) : new PortValue.Unresolved(text(), nullable());
            return new Bind(value, text(), in.getInt(), text(), nullable(), flag(), flag());
        }

        private ProgramLookup lookup() {
            return switch (in.get()) {
                case 0 -> new ProgramLookup.Found(program());
                case 1 -> new ProgramLookup.Absent();
                case 2 -> new ProgramLookup.NoProgram(text());
                case 3 -> new ProgramLookup.Unreadable(text());
                default -> throw new IllegalArgumentException("no program");
            };
        }
    }
}
