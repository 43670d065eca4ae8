package dev.panoptes.sensors.fileintegrity;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the files were, in one file of the data directory, replaced whole. */
final class Baseline {
    /** Without a scope: what was looked at then was what is looked at now. */
    private static final String OLDER = "panoptes baseline 1";

    private static final String HEAD = "panoptes baseline 2";

    private final Path file;

    Baseline(Path file) {
        this.file = file;
    }

    /** What was seen. @param scope of what; null where the file does not tell @param records by path */
    record Kept(@Nullable Scope scope, Map<String, FileRecord> records) {}

    /** Empty where there is none, or it was cut. */
    Optional<Kept> read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(new Lines(in));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Optional<Kept> read(Lines lines) throws IOException {
        String head = lines.next() ? lines.text() : "";
        if (!(head.equals(HEAD) || head.equals(OLDER))) {
            return Optional.empty();
        }
        Scope scope = null;
        if (head.equals(HEAD)) {
            scope = lines.next() ? Scope.parse(lines.text()) : null;
            if (scope == null) {
                return Optional.empty();
            }
        }
        Map<String, FileRecord> records = new HashMap<>();
        while (lines.next()) {
            FileRecord record = FileRecord.parse(lines.bytes, lines.from, lines.to);
            if (record == null) {
                return lines.text().equals("end " + records.size())
                        ? Optional.of(new Kept(scope, records))
                        : Optional.empty();
            }
            records.put(record.path(), record);
        }
        return Optional.empty();
    }

    /** Lines as they stand in the file, each until the next one is asked for. */
    private static final class Lines {
        private static final int LONGEST = 1 << 20;

        private final InputStream in;
        private byte[] bytes = new byte[1 << 16];
        private int from;
        private int to = -1;
        private int end;

        Lines(InputStream in) {
            this.in = in;
        }

        String text() {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }

        /** False at the end; what has no line break behind it is no line, and neither is what is longer than any path. */
        boolean next() throws IOException {
            from = to + 1;
            to = from;
            while (true) {
                while (to < end) {
                    if (bytes[to] == '\n') {
                        return true;
                    }
                    to++;
                }
                System.arraycopy(bytes, from, bytes, 0, end - from);
                end -= from;
                to -= from;
                from = 0;
                if (end == bytes.length) {
                    if (end == LONGEST) {
                        return false;
                    }
                    bytes = Arrays.copyOf(bytes, end * 2);
                }
                int read = in.read(bytes, end, bytes.length - end);
                if (read < 0) {
                    return false;
                }
                end += read;
            }
        }
    }

    void write(Scope scope, Map<String, FileRecord> records) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (BufferedWriter out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
            out.write(HEAD + "\n" + scope.line() + "\n");
            for (FileRecord record : records.values()) {
                out.write(record.line());
                out.write('\n');
            }
            out.write("end " + records.size() + "\n");
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
