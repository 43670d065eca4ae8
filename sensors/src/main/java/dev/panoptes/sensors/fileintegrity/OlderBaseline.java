package dev.panoptes.sensors.fileintegrity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Baselines as they were written before they were packed: a line of text for each file. They are read, once. */
final class OlderBaseline {
    /** Without a scope: what was looked at then was what is looked at now. */
    private static final String OLDEST = "panoptes baseline 1";

    private static final String NEWER = "panoptes baseline 2";

    private OlderBaseline() {}

    /** Empty where it is none of this form, or it was cut. */
    static Optional<Baseline.Kept> read(InputStream in) throws IOException {
        return read(new Lines(in));
    }

    private static Optional<Baseline.Kept> read(Lines lines) throws IOException {
        String head = lines.next() ? lines.text() : "";
        if (!(head.equals(NEWER) || head.equals(OLDEST))) {
            return Optional.empty();
        }
        Scope scope = null;
        if (head.equals(NEWER)) {
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
                        ? Optional.of(new Baseline.Kept(scope, FileTable.of(records), true))
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
}
