package dev.panoptes.sensors.spool;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is written to a segment in one piece, whole or not at all: a header of length and checksum, then the events and what
 * was learnt with them. Pure.
 *
 * @param first number of the first event, or of the next one where there is none
 * @param count how many events
 * @param positions that have changed, by source; an empty text forgets one
 * @param lost ranges that have been lost since the last frame
 * @param lines the events
 */
record Frame(long first, int count, Map<String, String> positions, List<LostRange> lost, byte[] lines) {
    /** Length of what follows, checksum of what follows. */
    static final int HEADER = 8;

    private static final int MOST = 64 << 20;

    long last() {
        return first + count - 1;
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(lines.length + 256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(first);
            out.writeInt(count);
            out.writeInt(positions.size());
            for (Map.Entry<String, String> position : positions.entrySet()) {
                text(out, position.getKey());
                text(out, position.getValue());
            }
            out.writeInt(lost.size());
            for (LostRange range : lost) {
                out.writeLong(range.from());
                out.writeLong(range.to());
                text(out, range.reason());
            }
            out.write(lines);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        byte[] body = bytes.toByteArray();
        return ByteBuffer.allocate(HEADER + body.length)
                .putInt(body.length)
                .putInt(checksum(body))
                .put(body)
                .array();
    }

    /** Length of the body that a header announces; -1 where it is no header. */
    static int length(ByteBuffer header) {
        int length = header.getInt(header.position());
        return length >= 20 && length <= MOST ? length : -1;
    }

    /** The frame; null where the body is not what the header says: it was cut off, or changed. */
    static @Nullable Frame decode(int checksum, byte[] body) {
        if (checksum(body) != checksum) {
            return null;
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            long first = in.readLong();
            int count = in.readInt();
            Map<String, String> positions = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                positions.put(text(in), text(in));
            }
            List<LostRange> lost = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                lost.add(new LostRange(in.readLong(), in.readLong(), text(in)));
            }
            return new Frame(first, count, positions, lost, in.readAllBytes());
        } catch (IOException | IllegalArgumentException e) {
            // The checksum is right, so this was written by something else.
            return null;
        }
    }

    private static int checksum(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return (int) crc.getValue();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MOST) {
            throw new IOException("no text");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
