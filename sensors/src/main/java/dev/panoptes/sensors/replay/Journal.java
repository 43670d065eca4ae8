package dev.panoptes.sensors.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Entries of systemd's journal: {@code journalctl -o json} (one object a line; bytes that are no text as an array of numbers)
 * and {@code -o export} (systemd.io/JOURNAL_EXPORT_FORMATS). Only the first value of a field that is there several times is
 * kept.
 */
public final class Journal {
    private static final int MOST_FIELDS = 1024;
    private static final long MOST_VALUE = 1 << 20;
    private static final JsonFactory JSON = new JsonFactory();

    private Journal() {}

    /** The fields of one line; null where it is no object of this form. */
    public static @Nullable Map<String, String> json(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                String value = switch (token) {
                    case START_ARRAY -> array(parser);
                    case START_OBJECT -> {
                        parser.skipChildren();
                        yield null;
                    }
                    case VALUE_NULL -> null;
                    default -> parser.getString();
                };
                if (value != null && fields.size() < MOST_FIELDS) {
                    fields.putIfAbsent(name, value);
                }
            }
            return parser.currentToken() == JsonToken.END_OBJECT ? fields : null;
        } catch (JacksonException e) {
            return null; // the caller counts it as malformed
        }
    }

    private static @Nullable String array(JsonParser parser) {
        byte[] bytes = new byte[64];
        int count = 0;
        String first = null;
        while (true) {
            JsonToken token = parser.nextToken();
            if (token == null || token == JsonToken.END_ARRAY) {
                break;
            }
            if (token == JsonToken.VALUE_NUMBER_INT && first == null) {
                if (count == bytes.length) {
                    bytes = java.util.Arrays.copyOf(bytes, count * 2);
                }
                bytes[count++] = (byte) parser.getIntValue();
            } else if (token == JsonToken.VALUE_STRING) {
                first = first == null ? parser.getString() : first;
            } else if (token == JsonToken.START_ARRAY) {
                String inner = array(parser);
                first = first == null ? inner : first;
            } else if (token == JsonToken.START_OBJECT) {
                parser.skipChildren();
            }
        }
        return first != null ? first : count == 0 ? null : new String(bytes, 0, count, StandardCharsets.UTF_8);
    }

    /** The entry as a line of a log. */
    public static LogLine line(@Nullable String path, long offset, Map<String, String> fields) {
        String message = fields.getOrDefault("MESSAGE", "");
        String pid = fields.getOrDefault("_PID", fields.getOrDefault("SYSLOG_PID", ""));
        String tag = fields.get("SYSLOG_IDENTIFIER");
        return new LogLine(
                path,
                offset,
                message,
                time(fields),
                fields.get("_HOSTNAME"),
                tag == null ? fields.get("_COMM") : tag,
                number(pid),
                message,
                "kernel".equals(fields.get("_TRANSPORT")),
                "journald",
                fields);
    }

    private static @Nullable Instant time(Map<String, String> fields) {
        Long micros = number(fields.getOrDefault("_SOURCE_REALTIME_TIMESTAMP", ""));
        if (micros == null) {
            micros = number(fields.getOrDefault("__REALTIME_TIMESTAMP", ""));
        }
        return micros == null || micros > 253_402_300_799_000_000L
                ? null
                : Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
    }

    private static @Nullable Long number(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        return Long.valueOf(text);
    }

    /** Reads the export format from a stream, one entry after another. For one thread. */
    static final class ExportReader {
        private final InputStream in;
        private final byte[] buffer = new byte[1 << 16];
        private int from;
        private int to;
        private long consumed;
        private long offset;
        private boolean malformed;

        ExportReader(InputStream in) {
            this.in = in;
        }

        /** The next entry; null at the end. */
        @Nullable
        Map<String, String> next() throws IOException {
            Map<String, String> fields = new LinkedHashMap<>();
            malformed = false;
            offset = consumed;
            while (true) {
                Text line = line();
                if (line == null) {
                    return fields.isEmpty() ? null : fields;
                }
                if (line.value.isEmpty() && !line.cut) {
                    if (fields.isEmpty() && !malformed) {
                        offset = consumed;
                        continue;
                    }
                    return fields;
                }
                int equals = line.value.indexOf('=');
                if (equals > 0) {
                    put(fields, line.value.substring(0, equals), line.value.substring(equals + 1));
                    malformed |= line.cut;
                } else if (isName(line.value)) {
                    String value = binary();
                    if (value == null) {
                        malformed = true;
                    } else {
                        put(fields, line.value, value);
                    }
                } else {
                    malformed = true;
                }
            }
        }

        /** Where the entry returned last begins. */
        long offset() {
            return offset;
        }

        /** True where a part of the entry returned last could not be read. */
        boolean malformed() {
            return malformed;
        }

        private static void put(Map<String, String> fields, String name, String value) {
            if (fields.size() < MOST_FIELDS) {
                fields.putIfAbsent(name, value);
            }
        }

        private static boolean isName(String text) {
            if (text.length() > 64) {
                return false;
            }
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c != '_' && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) {
                    return false;
                }
            }
            return true;
        }

        /** A value with its length before it, 8 bytes with the lowest first; null where it is cut or too long to be kept. */
        private @Nullable String binary() throws IOException {
            long length = 0;
            for (int i = 0; i < 8; i++) {
                int b = read();
                if (b < 0) {
                    return null;
                }
                length |= (long) b << (8 * i);
            }
            if (length < 0 || length > MOST_VALUE) {
                return null; // a lying length: the next empty line begins anew
            }
            byte[] value = new byte[(int) length];
            for (int i = 0; i < value.length; i++) {
                int b = read();
                if (b < 0) {
                    return null;
                }
                value[i] = (byte) b;
            }
            read();
            return new String(value, StandardCharsets.UTF_8);
        }

        private @Nullable Text line() throws IOException {
            byte[] bytes = new byte[128];
            int count = 0;
            boolean any = false;
            boolean cut = false;
            while (true) {
                int b = read();
                if (b < 0) {
                    return any ? new Text(new String(bytes, 0, count, StandardCharsets.UTF_8), cut) : null;
                }
                any = true;
                if (b == '\n') {
                    return new Text(new String(bytes, 0, count, StandardCharsets.UTF_8), cut);
                }
                if (count >= MOST_VALUE) {
                    cut = true;
                    continue;
                }
                if (count == bytes.length) {
                    bytes = java.util.Arrays.copyOf(bytes, count * 2);
                }
                bytes[count++] = (byte) b;
            }
        }

        private int read() throws IOException {
            if (from == to) {
                from = 0;
                to = in.read(buffer, 0, buffer.length);
                if (to <= 0) {
                    to = 0;
                    return -1;
                }
            }
            consumed++;
            return buffer[from++] & 0xff;
        }

        private record Text(String value, boolean cut) {}
    }
}
