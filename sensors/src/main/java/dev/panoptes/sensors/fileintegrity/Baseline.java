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

/** How the files were, in one file of the data directory, replaced whole. */
final class Baseline {
    private static final String HEAD = "panoptes baseline 1";

    private final Path file;

    Baseline(Path file) {
        this.file = file;
    }

    /** By path; empty where there is none, or it was cut. */
    Optional<Map<String, FileRecord>> read() throws IOException {
        Map<String, FileRecord> records = new HashMap<>();
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String head = in.readLine();
            if (head == null || !head.equals(HEAD)) {
                return Optional.empty();
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("end ")) {
                    return line.equals("end " + records.size()) ? Optional.of(records) : Optional.empty();
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

    void write(Map<String, FileRecord> records) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (BufferedWriter out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
            out.write(HEAD + "\n");
            for (FileRecord record : records.values()) {
                out.write(record.line());
                out.write('\n');
            }
            out.write("end " + records.size() + "\n");
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
