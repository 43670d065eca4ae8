package dev.panoptes.sensors.kernelaudit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one record's body: {@code name=value} with values bare, in quotes, or hexadecimal where the kernel or audit's
 * library did not trust them. What stands in {@code msg='...'} comes after the record's own fields, and what auditd adds behind
 * the character 0x1D (log_format = ENRICHED) is kept apart: it never changes a value before it. Pure.
 */
final class AuditFields {
    private static final int MOST = 20_000;

    private final List<Field> fields = new ArrayList<>(24);
    private @Nullable List<String> permissions;
    private final String body;
    private final int tail;
    private @Nullable Map<String, String> enriched;
    private @Nullable String decision;

    /**
     * One field.
     *
     * @param quoted true where it stood in quotes and so is no hexadecimal
     */
    record Field(String name, String value, boolean quoted) {
        /** The value, hexadecimal decoded where it is that. */
        String text() {
            String decoded = quoted ? null : hex(value);
            return decoded == null ? value : decoded;
        }

        /** True where the value says that there is none. */
        boolean absent() {
            return value.equals("?")
                    || (!quoted && (value.isEmpty() || value.equals("(null)") || value.equals("(none)")));
        }
    }

    private AuditFields(String body) {
        this.body = body;
        int mark = body.indexOf('\u001d');
        this.tail = mark < 0 ? body.length() : mark;
    }

    static AuditFields parse(String body) {
        AuditFields result = new AuditFields(body);
        result.read(body, 0, result.tail, false);
        return result;
    }

    /** In the order of the record. */
    List<Field> all() {
        return fields;
    }

    /** The permissions of an access vector: {@code { read write }}. */
    List<String> permissions() {
        return permissions == null ? List.of() : permissions;
    }

    /** {@code denied} or {@code granted} of an access vector; null where there is none. */
    @Nullable
    String decision() {
        return decision;
    }

    /** What auditd added, by its upper case names; ids that have no name are left out. */
    Map<String, String> enriched() {
        Map<String, String> read = enriched;
        if (read == null) {
            read = tail < body.length() ? readEnriched(body) : Map.of();
            enriched = read;
        }
        return read;
    }

    private void read(String text, int from, int to, boolean message) {
        int i = from;
        String before = "";
        while (i < to && fields.size() < MOST) {
            char c = text.charAt(i);
            if (c == ' ' || c == ',' || c == '\n') {
                i++;
                continue;
            }
            int start = i;
            while (i < to && text.charAt(i) != ' ' && text.charAt(i) != '=') {
                i++;
            }
            if (i >= to || text.charAt(i) == ' ') {
                int end = i;
                i = word(text, start, i, to, message);
                before = end - start == 3 && i == end && text.startsWith("old", start) ? "old" : "";
                continue;
            }
            String name = name(text, start, i, before);
            before = "";
            i = value(name, text, i + 1, to, message);
        }
    }

    /** A word without a value; where the next one may begin. */
    private int word(String text, int start, int end, int to, boolean message) {
        String word = text.substring(start, end);
        if (word.equals("{")) {
            int close = text.indexOf('}', end);
            if (close > 0 && close < to) {
                List<String> all = permissions == null ? new ArrayList<>(4) : permissions;
                permissions = all;
                for (String permission : text.substring(end, close).strip().split(" +")) {
                    if (!permission.isEmpty() && all.size() < 64) {
                        all.add(permission);
                    }
                }
                return close + 1;
            }
        } else if (word.equals("denied") || word.equals("granted")) {
            decision = decision == null ? word : decision;
        } else if (!fields.isEmpty() && fields.getLast().name.equals("op") && !word.equals(":")) {
            Field op = fields.removeLast(); // an operation of several words
            fields.add(new Field("op", op.value + " " + word, true));
        } else if (message && fields.stream().noneMatch(field -> field.name.equals("op")) && word.endsWith(":")) {
            fields.add(new Field("op", word, true));
        }
        return end;
    }

    /** {@code old auid} of kernels before 3.x is {@code old-auid}; a bracket before a name belongs to the sentence around it. */
    private static String name(String text, int start, int end, String before) {
        int from = text.charAt(start) == '(' ? start + 1 : start;
        String bare = AuditNames.of(text, from, end);
        return before.isEmpty() ? bare : "old-" + bare;
    }

    private int value(String name, String text, int from, int to, boolean message) {
        if (from >= to) {
            fields.add(new Field(name, "", false));
            return to;
        }
        char first = text.charAt(from);
        if (first == '"') {
            int end = text.indexOf('"', from + 1);
            if (end >= 0 && end < to) {
                fields.add(new Field(name, text.substring(from + 1, end), true));
                return end + 1;
            }
        } else if (first == '\'' && !message) {
            int end = text.lastIndexOf('\'', to - 1);
            if (end <= from) {
                end = to;
            }
            if (name.equals("msg")) {
                read(text, from + 1, end, true);
            } else {
                fields.add(new Field(name, text.substring(from + 1, end), true));
            }
            return Math.min(to, end + 1);
        }
        int end = text.indexOf(' ', from);
        if (end < 0 || end > to) {
            end = to;
        }
        int last = end;
        while (message
                && last > from
                && (text.charAt(last - 1) == ',' || text.charAt(last - 1) == ')')
                && !text.startsWith("(", from)) {
            last--;
        }
        fields.add(new Field(name, text.substring(from, last), false));
        return end;
    }

    private Map<String, String> readEnriched(String text) {
        Map<String, String> found = new LinkedHashMap<>(32);
        int i = tail + 1;
        while (i < text.length() && found.size() < 256) {
            if (text.charAt(i) == ' ' || text.charAt(i) == '\u001d') {
                i++;
                continue;
            }
            int equals = text.indexOf('=', i);
            if (equals < 0) {
                break;
            }
            String name = AuditNames.of(text, i, equals);
            int start = equals + 1;
            int end;
            if (text.startsWith("\"", start)) {
                start++;
                end = text.indexOf('"', start);
            } else if (text.startsWith("{", start)) {
                end = text.indexOf('}', start);
            } else {
                end = text.indexOf(' ', start);
            }
            if (end < 0) {
                end = text.length();
            }
            String value = text.substring(start, end);
            if (!value.isEmpty() && !value.equals("unset") && !value.startsWith("unknown(")) {
                found.putIfAbsent(name, value);
            }
            i = end + 1;
        }
        return found;
    }

    /** The text that upper case hexadecimal digits encode; null where these are none. */
    static @Nullable String hex(String value) {
        byte[] bytes = bytes(value);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    static byte @Nullable [] bytes(String value) {
        int length = value.length();
        if (length == 0 || length % 2 != 0) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length / 2);
        for (int i = 0; i < length; i += 2) {
            int high = digit(value.charAt(i));
            int low = digit(value.charAt(i + 1));
            if (high < 0 || low < 0) {
                return null;
            }
            out.write(high << 4 | low);
        }
        return out.toByteArray();
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }
}
