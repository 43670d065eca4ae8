package dev.panoptes.sensors.replay;

import dev.panoptes.core.event.Event;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads captures in the order in which they were taken and gives their records to a sensor's {@link Feed}. Formats are known by
 * content; a compressed file (gzip) is read as what it holds. Nothing is held but one record. For one thread.
 */
public final class CaptureReader {
    private static final int HEAD = 1 << 16;
    private static final Pattern EXPORT = Pattern.compile("[A-Z_][A-Z0-9_]*=");

    private final String dataset;
    private final Feed feed;
    private final Receiver out;
    private final ZoneId zone;
    private final @Nullable LogHeaderParser continued;
    private final PacketDecoder packets;
    private long records;

    /**
     * @param sensor whose own events are taken from a file of events
     * @param zone for stamps that name none
     * @param year of the first line where a log has none; null: each file's own time tells
     */
    public CaptureReader(String sensor, Feed feed, Receiver out, ZoneId zone, @Nullable Integer year) {
        this.dataset = "panoptes." + sensor;
        this.feed = feed;
        this.out = out;
        this.zone = zone;
        this.continued = year == null ? null : new LogHeaderParser(zone, year);
        this.packets = new PacketDecoder(feed, out);
    }

    /** Lines, journal entries, packets or datagrams read so far, malformed ones included. */
    public long records() {
        return records;
    }

    /** Reads one file to its end. */
    public void read(Path file) throws IOException, InterruptedException {
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        // Packets are read one by one: without a buffer each would cost a call of the kernel or two.
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), HEAD)) {
            byte[] head = new byte[HEAD];
            int length = in.readNBytes(head, 0, HEAD);
            if (length > 2 && head[0] == 0x1f && (head[1] & 0xff) == 0x8b) {
                compressed(file, new ByteSource(in, head, length), modified);
            } else {
                contents(file, in, head, length, modified, false, Files.isRegularFile(file));
            }
        }
    }

    /** All files have been read. */
    public void finish() throws InterruptedException {
        feed.finish(out);
        out.endOfRecord();
    }

    private void compressed(Path file, ByteSource source, Instant modified) throws IOException, InterruptedException {
        try (InputStream inner = new BufferedInputStream(new GZIPInputStream(source.stream(), HEAD), HEAD)) {
            byte[] head = new byte[HEAD];
            int length = inner.readNBytes(head, 0, HEAD);
            contents(file, inner, head, length, modified, true, Files.isRegularFile(file));
        } catch (ZipException | java.io.EOFException e) {
            malformed(); // a broken or cut archive: what came before the break has been read
        }
    }

    /** @param again whether the file can be read a second time */
    private void contents(
            Path file, InputStream in, byte[] head, int length, Instant modified, boolean compressed, boolean again)
            throws IOException, InterruptedException {
        if (CaptureFile.isPcap(head, length)) {
            CaptureFile.readPcap(new ByteSource(in, head, length), new Packets());
        } else if (CaptureFile.isPcapng(head, length)) {
            CaptureFile.readPcapng(new ByteSource(in, head, length), new Packets());
        } else if (RawDatagrams.matches(head, length)) {
            RawDatagrams.read(new ByteSource(in, head, length), new Raw());
        } else if (LoginRecord.size(head, length) > 0) {
            logins(file.toString(), new ByteSource(in, head, length), LoginRecord.size(head, length));
        } else {
            text(file, in, head, length, modified, compressed, again);
        }
    }

    private void logins(String path, ByteSource source, int size) throws IOException, InterruptedException {
        byte[] one = new byte[size];
        long offset = 0;
        for (int got = source.read(one, 0, size); got > 0; got = source.read(one, 0, size)) {
            LoginRecord record = got < size ? null : LoginRecord.read(path, offset, one, 0, size);
            if (record == null) {
                malformed();
            } else {
                records++;
                feed.login(record, out);
                out.endOfRecord();
            }
            offset += got;
        }
    }

    private void text(
            Path file, InputStream in, byte[] head, int length, Instant modified, boolean compressed, boolean again)
            throws IOException, InterruptedException {
        String start = new String(head, 0, Math.min(length, 4096), StandardCharsets.ISO_8859_1);
        String first = start.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
        int nul = start.indexOf('\0');
        if (nul > 0 && (UeventParser.isHead(start.substring(0, nul)) || start.startsWith("libudev\0"))) {
            uevents(new LineReader(in, head, length, '\0'), modified);
        } else if (first.startsWith("monitor will print")
                || first.startsWith("KERNEL[")
                || first.startsWith("UDEV  [")) {
            monitor(new LineReader(in, head, length, '\n'), modified);
        } else if (EXPORT.matcher(first).lookingAt()
                && (start.contains("__REALTIME_TIMESTAMP=") || start.contains("__CURSOR="))) {
            export(file, new ByteSource(in, head, length).stream());
        } else {
            LogHeaderParser headers = continued != null
                    ? continued
                    : new LogHeaderParser(
                            zone,
                            again && LogYear.isNeeded(start)
                                    ? LogYear.first(file, compressed, modified, zone)
                                    : ZonedDateTime.ofInstant(modified, zone).getYear());
            lines(file.toString(), new LineReader(in, head, length, '\n'), headers, modified);
        }
    }

    private void lines(String path, LineReader reader, LogHeaderParser headers, Instant modified)
            throws IOException, InterruptedException {
        for (String line = reader.next(); line != null; line = reader.next()) {
            if (reader.overlong()) {
                malformed();
                continue;
            }
            records++;
            int object = objectAt(line);
            if (object >= 0) {
                object(path, reader.offset(), object == 0 ? line : line.substring(object));
            } else {
                LogLine parsed = headers.parse(path, reader.offset(), line, "syslog");
                feed.line(parsed.kernel() && parsed.time() == null ? parsed.at(modified) : parsed, out);
            }
            out.endOfRecord();
        }
    }

    /** Where a JSON object begins, also behind what json-seq and json-sse write before it; -1 where none does. */
    private static int objectAt(String line) {
        if (line.isEmpty()) {
            return -1;
        }
        return switch (line.charAt(0)) {
            case '{' -> 0;
            case '\u001e' -> line.startsWith("{", 1) ? 1 : -1;
            case 'd' -> line.startsWith("data: {") ? 6 : -1;
            default -> -1;
        };
    }

    private void object(String path, long offset, String line) {
        if (line.contains("\"@timestamp\"") || line.contains("\"event\"")) {
            try {
                Event event = Event.of(Json.MAPPER.readValue(line, Json.TREE));
                String of = event.dataset();
                if (of == null) {
                    out.malformed();
                } else if (of.equals(dataset)) {
                    out.event(event.toBuilder());
                }
                return;
            } catch (JacksonException e) {
                out.malformed();
                return;
            }
        }
        Map<String, String> fields = Journal.json(line);
        if (fields == null) {
            out.malformed();
        } else {
            feed.line(Journal.line(path, offset, fields), out);
        }
    }

    private void export(Path file, InputStream in) throws IOException, InterruptedException {
        Journal.ExportReader reader = new Journal.ExportReader(in);
        for (Map<String, String> entry = reader.next(); entry != null; entry = reader.next()) {
            records++;
            if (reader.malformed()) {
                out.malformed();
            }
            if (!entry.isEmpty()) {
                feed.line(Journal.line(file.toString(), reader.offset(), entry), out);
            }
            out.endOfRecord();
        }
    }

    private void uevents(LineReader reader, Instant modified) throws IOException, InterruptedException {
        UeventParser.Builder waiting = null;
        boolean library = false;
        for (String token = reader.next(); token != null; token = reader.next()) {
            if (UeventParser.isHead(token)) {
                uevent(waiting);
                waiting = new UeventParser.Builder(token, modified, "uevent");
                library = false;
            } else if (token.equals("libudev")) {
                uevent(waiting);
                waiting = null;
                library = true; // what udevd sends to others is not the kernel's word
            } else if (waiting != null) {
                waiting.property(token);
            } else if (!library && !token.isBlank()) {
                malformed();
                library = true;
            }
        }
        uevent(waiting);
    }

    private void monitor(LineReader reader, Instant modified) throws IOException, InterruptedException {
        UeventParser.Builder waiting = null;
        boolean inBlock = false;
        for (String line = reader.next(); line != null; line = reader.next()) {
            UeventParser.Builder head = UeventParser.monitorHead(line, modified);
            if (head != null) {
                uevent(waiting);
                waiting = head;
                inBlock = true;
            } else if (line.isBlank()) {
                uevent(waiting);
                waiting = null;
                inBlock = false;
            } else if (waiting != null) {
                waiting.property(line);
            } else if (line.startsWith("UDEV")) {
                inBlock = true;
            } else if (!inBlock
                    && !line.startsWith("monitor will print")
                    && !line.contains(" - the ")
                    && !line.startsWith("UDEV - ")) {
                malformed();
            }
        }
        uevent(waiting);
    }

    private void uevent(UeventParser.@Nullable Builder builder) throws InterruptedException {
        if (builder == null) {
            return;
        }
        records++;
        if (builder.malformed()) {
            out.malformed();
        }
        feed.uevent(builder.build(), out);
        out.endOfRecord();
    }

    private void malformed() throws InterruptedException {
        records++;
        out.malformed();
        out.endOfRecord();
    }

    /** Made when the first line of JSON comes: most captures have none, and it costs more than a short log. */
    private static final class Json {
        private static final JsonMapper MAPPER = JsonMapper.builder().build();
        private static final TypeReference<LinkedHashMap<String, Object>> TREE = new TypeReference<>() {};
    }

    private final class Packets implements CaptureFile.Receiver {
        @Override
        public void packet(int linkType, @Nullable Instant time, byte[] data, int length) throws InterruptedException {
            records++;
            packets.packet(linkType, time, data, length);
            out.endOfRecord();
        }

        @Override
        public void broken() throws InterruptedException {
            malformed();
        }
    }

    private final class Raw implements RawDatagrams.Receiver {
        @Override
        public void datagram(byte[] data, int offset, int length) throws InterruptedException {
            records++;
            feed.datagram(new Datagram(null, null, 0, null, 0, data, offset, length, false), out);
            out.endOfRecord();
        }

        @Override
        public void broken() throws InterruptedException {
            malformed();
        }
    }
}
