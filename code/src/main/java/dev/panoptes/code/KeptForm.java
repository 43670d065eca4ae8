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
            writer.content(content);
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

        private void content(Content content) throws IOException {
            text(content.key());
            out.writeInt(content.looks().size());
            for (Map.Entry<String, Seen> look : content.looks().entrySet()) {
                text(look.getKey());
                seen(look.getValue());
            }
            texts(content.children().names());
            out.writeInt(content.children().links().size());
            for (Map.Entry<String, String> link : content.children().links().entrySet()) {
                text(link.getKey());
                text(link.getValue());
            }
            nullable(content.children().incomplete());
            out.writeInt(content.directories().size());
            for (CodeDirectory directory : content.directories()) {
                directory(directory);
            }
            out.writeInt(content.programs().size());
            for (Map.Entry<String, ProgramLookup> program : content.programs().entrySet()) {
                text(program.getKey());
                lookup(program.getValue());
            }
            out.writeInt(content.settings().size());
            for (Map.Entry<String, Optional<Bind>> setting : content.settings().entrySet()) {
                text(setting.getKey());
                out.writeBoolean(setting.getValue().isPresent());
                if (setting.getValue().isPresent()) {
                    bind(setting.getValue().get());
                }
            }
        }

        private void text(String text) throws IOException {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        }

        private void nullable(@Nullable String text) throws IOException {
            out.writeBoolean(text != null);
            if (text != null) {
                text(text);
            }
        }

        private void texts(List<String> texts) throws IOException {
            out.writeInt(texts.size());
            for (String text : texts) {
                text(text);
            }
        }

        private void seen(Seen seen) throws IOException {
            switch (seen) {
                case Seen.There(String file, Stamp stamp) -> {
                    out.writeByte(0);
                    text(file);
                    out.writeLong(stamp.device());
                    out.writeLong(stamp.inode());
                    out.writeInt(stamp.mode());
                    out.writeLong(stamp.size());
                    out.writeLong(stamp.modified());
                    out.writeLong(stamp.changed());
                }
                case Seen.Way _ -> out.writeByte(1);
                case Seen.Gone _ -> out.writeByte(2);
                case Seen.Refused(String reason) -> {
                    out.writeByte(3);
                    text(reason);
                }
            }
        }

        private void directory(CodeDirectory directory) throws IOException {
            text(directory.path());
            text(directory.rootPath());
            out.writeInt(directory.files().size());
            for (CodeFile file : directory.files()) {
                text(file.path());
                text(file.rootPath());
                out.writeByte(file.language().ordinal());
                text(file.digest());
                out.writeInt(file.codeLines());
                ByteBuffer lines = ByteBuffer.allocate(file.lines().bytes());
                file.lines().encode(lines);
                out.write(lines.array());
            }
            out.writeInt(directory.programs().size());
            for (Program program : directory.programs()) {
                program(program);
            }
            out.writeInt(directory.codeLines());
            nullable(directory.incomplete());
        }

        private void program(Program program) throws IOException {
            text(program.path());
            text(program.rootPath());
            out.writeByte(program.language().ordinal());
            out.writeBoolean(program.runnable());
            out.writeBoolean(program.definesApp());
            out.writeInt(program.binds().size());
            for (Bind bind : program.binds()) {
                bind(bind);
            }
            out.writeInt(program.names().size());
            for (ReportedName name : program.names()) {
                text(name.value());
                text(name.field());
                text(name.file());
                out.writeInt(name.line());
                text(name.text());
            }
            nullable(program.nameUnknown());
        }

        private void bind(Bind bind) throws IOException {
            switch (bind.port()) {
                case PortValue.Known(int port, String variable) -> {
                    out.writeInt(port);
                    nullable(variable);
                }
                case PortValue.Unresolved(String reason, String variable) -> {
                    out.writeInt(-1);
                    text(reason);
                    nullable(variable);
                }
            }
            text(bind.file());
            out.writeInt(bind.line());
            text(bind.text());
            nullable(bind.address());
            out.writeBoolean(bind.onImport());
            out.writeBoolean(bind.open());
        }

        private void lookup(ProgramLookup lookup) throws IOException {
            switch (lookup) {
                case ProgramLookup.Found(Program program) -> {
                    out.writeByte(0);
                    program(program);
                }
                case ProgramLookup.Absent _ -> out.writeByte(1);
                case ProgramLookup.NoProgram(String reason) -> {
                    out.writeByte(2);
                    text(reason);
                }
                case ProgramLookup.Unreadable(String reason) -> {
                    out.writeByte(3);
                    text(reason);
                }
            }
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
