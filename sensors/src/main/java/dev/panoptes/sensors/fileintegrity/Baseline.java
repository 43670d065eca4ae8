package dev.panoptes.sensors.fileintegrity;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        Map<String, FileRecord> records = new HashMap<>();
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String head = in.readLine();
            if (head == null || !(head.equals(HEAD) || head.equals(OLDER))) {
                return Optional.empty();
            }
            String line = in.readLine();
            Scope scope = null;
            if (head.equals(HEAD)) {
                scope = line == null ? null : Scope.parse(line);
                if (scope == null) {
                    return Optional.empty();
                }
                line = in.readLine();
            }
            for (; line != null; line = in.readLine()) {
                if (line.startsWith("end ")) {
                    return line.equals("end " + records.size())
                            ? Optional.of(new Kept(scope, records))
                            : Optional.empty();
                }
                FileRecord record = FileRecord.parse(line);
                if (record == null) {
                    return Optional.empty();
                }
                records.put(record.path(), record);
            }
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
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
