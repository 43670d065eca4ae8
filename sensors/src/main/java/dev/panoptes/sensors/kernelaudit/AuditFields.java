package dev.panoptes.sensors.kernelaudit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one record's body: {@code name=value} with values bare, in quotes, or hexadecimal where the kernel or audit's
 * library did not trust them. What stands in {@code msg='...'} comes after the record's own fields, and what auditd adds behind
 * the character 0x1D (log_format = ENRICHED) is kept apart: it never changes a value before it. One object reads record after
 * record: fields are places in the record's text, and a text of their own only where somebody asks for it. For one thread.
 */
final class AuditFields {
    private static final int MOST = 20_000;
    private static final int MOST_ENRICHED = 256;
    /** What goes on longer is no operation, and each word would copy those before it. */
    private static final int LONGEST_OPERATION = 4096;
    /** Before what auditd adds. */
    private static final char MARK = '\u001d';

    private static final AuditNames.Name OP = AuditNames.of("op");
    private static final AuditNames.Name MSG = AuditNames.of("msg");

    private String text = "";
    /** The same character by character, a question mark for what is no Latin-1: to look through, which a text is slower for. */
    private byte[] raw = new byte[0];

    private AuditNames.Name[] names = new AuditNames.Name[32];
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private boolean[] quoted = new boolean[32];
    private int size;
    /** How many of the fields are the record's own; the others are auditd's. */
    private int own;

    /** The value where it stands nowhere in the record as it is told: an operation of several words. */
    private @Nullable String[] told = new String[32];

    private boolean operation;
    private @Nullable List<String> permissions;
    private @Nullable String decision;

    /** Reads the fields of a text from a place on, in the place of those of the record before. */
    void read(String record, int from) {
        text = record;
        raw = latin(record);
        size = 0;
        operation = false;
        permissions = null;
        decision = null;
        int tail = read(from, record.length(), false);
        own = size;
        if (tail < record.length()) {
            enriched(tail + 1);
        }
    }

    private static byte[] latin(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length == text.length()) {
            return bytes;
        }
        byte[] each = new byte[text.length()]; // two characters that are one code point were one question mark
        for (int i = 0; i < each.length; i++) {
            char c = text.charAt(i);
            each[i] = c > 0xff ? (byte) '?' : (byte) c;
        }
        return each;
    }

    /** How many fields the record has, in its order. */
    int size() {
        return own;
    }

    /** How many there are with those that auditd added. */
    int all() {
        return size;
    }

    AuditNames.Name name(int field) {
        return names[field];
    }

    String value(int field) {
        String other = told[field];
        return other != null ? other : text.substring(starts[field], ends[field]);
    }

    /** The value, hexadecimal decoded where it is that. */
    String text(int field) {
        String decoded = quoted[field] ? null : hex(text, starts[field], ends[field]);
        return decoded == null ? value(field) : decoded;
    }

    boolean quoted(int field) {
        return quoted[field];
    }

    /** The octets that the value writes in hexadecimal; null where it is none. */
    byte @Nullable [] octets(int field) {
        return quoted[field] ? null : octets(text, starts[field], ends[field]);
    }

    /** True where the value says that there is none. */
    boolean absent(int field) {
        if (told[field] != null) {
            return false;
        }
        int start = starts[field];
        int length = ends[field] - start;
        if (length == 1) {
            return text.charAt(start) == '?';
        }
        return !quoted[field] && (length == 0 || (length == 6 && text.charAt(start) == '(' && isNone(start)));
    }

    private boolean isNone(int start) {
        return text.startsWith("(null)", start) || text.startsWith("(none)", start);
    }

    /** 4294967295 and -1 say that there is none. */
    boolean isId(int field) {
        int start = starts[field];
        return switch (ends[field] - start) {
            case 2 -> !text.startsWith("-1", start);
            case 5 -> !text.startsWith("unset", start);
            case 10 -> !text.startsWith("4294967295", start);
            default -> true;
        };
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

    private void add(AuditNames.Name name, int from, int to, boolean inQuotes) {
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
            quoted = Arrays.copyOf(quoted, size * 2);
            told = Arrays.copyOf(told, size * 2);
        }
        operation |= name.is(OP);
        told[size] = null;
        names[size] = name;
        starts[size] = from;
        ends[size] = to;
        quoted[size++] = inQuotes;
    }

    /** Where it ended: at the mark before what auditd added, where that comes first. */
    private int read(int from, int to, boolean message) {
        byte[] bytes = raw;
        int i = from;
        boolean old = false;
        while (i < to && size < MOST) {
            int c = bytes[i];
            if (c == ' ' || c == ',' || c == '\n') {
                i++;
                continue;
            }
            int start = i;
            int hash = 0;
            while (c != ' ' && c != '=' && c != MARK) {
                hash = 31 * hash + (c & 0xff);
                i++;
                c = i < to ? bytes[i] : ' ';
            }
            if (c != '=') {
                int end = i;
                if (end == start) {
                    return end; // the mark
                }
                i = word(start, i, to, message);
                old = end - start == 3 && i == end && text.startsWith("old", start);
                continue;
            }
            AuditNames.Name name = name(start, i, hash, old);
            old = false;
            i = value(name, i + 1, to, message);
        }
        return size < MOST ? i : tail(i, to);
    }

    /** Where the mark before what auditd added stands from a place on, or the end. */
    private int tail(int from, int to) {
        int mark = text.indexOf(MARK, from);
        return mark < 0 || mark > to ? to : mark;
    }

    /** A word without a value; where the next one may begin. */
    private int word(int start, int end, int to, boolean message) {
        String word = text.substring(start, end);
        if (word.equals("{")) {
            int close = text.indexOf('}', end);
            if (close > 0 && close < tail(end, to)) {
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
        } else if (size > 0 && names[size - 1].is(OP) && !word.equals(":")) {
            String before = value(size - 1);
            if (before.length() < LONGEST_OPERATION) {
                told[size - 1] = before + " " + word;
                quoted[size - 1] = true;
            }
        } else if (message && !operation && word.endsWith(":")) {
            add(OP, start, end, true);
        }
        return end;
    }

    /** {@code old auid} of kernels before 3.x is {@code old-auid}; a bracket before a name belongs to the sentence around it. */
    private AuditNames.Name name(int start, int end, int hash, boolean old) {
        boolean bracket = raw[start] == '(';
        if (!old && !bracket) {
            return AuditNames.of(text, start, end, hash);
        }
        int from = bracket ? start + 1 : start;
        return old ? AuditNames.of("old-" + text.substring(from, end)) : AuditNames.of(text, from, end);
    }

    private int value(AuditNames.Name name, int from, int to, boolean message) {
        byte[] bytes = raw;
        int first = from < to ? bytes[from] : MARK;
        if (first == MARK) {
            add(name, from, from, false);
            return from;
        }
        if (first == '"') {
            int end = from + 1;
            int c = 0;
            while (end < to && (c = bytes[end]) != '"' && c != MARK) {
                end++;
            }
            if (end < to && c == '"') {
                add(name, from + 1, end, true);
                return end + 1;
            }
        } else if (first == '\'' && !message) {
            int tail = tail(from, to);
            int end = text.lastIndexOf('\'', tail - 1);
            if (end <= from) {
                end = tail;
            }
            if (name.is(MSG)) {
                read(from + 1, end, true);
            } else {
                add(name, from + 1, end, true);
            }
            return Math.min(tail, end + 1);
        }
        int end = from;
        while (end < to) {
            int c = bytes[end];
            if (c == ' ' || c == MARK) {
                break;
            }
            end++;
        }
        int last = end;
        while (message && last > from && (bytes[last - 1] == ',' || bytes[last - 1] == ')') && first != '(') {
            last--;
        }
        add(name, from, last, false);
        return end;
    }

    private void enriched(int from) {
        int most = size + MOST_ENRICHED;
        int i = from;
        while (i < text.length() && size < most) {
            if (raw[i] == ' ' || raw[i] == MARK) {
                i++;
                continue;
            }
            int equals = text.indexOf('=', i);
            if (equals < 0) {
                break;
            }
            AuditNames.Name name = AuditNames.of(text, i, equals);
            int start = equals + 1;
            int mark = start < raw.length ? raw[start] : ' ';
            int end;
            if (mark == '"') {
                start++;
                end = text.indexOf('"', start);
            } else {
                end = text.indexOf(mark == '{' ? '}' : ' ', start);
            }
            if (end < 0) {
                end = text.length();
            }
            if (end > start
                    && !(end - start == 5 && text.startsWith("unset", start))
                    && !text.startsWith("unknown(", start)) {
                add(name, start, end, true);
            }
            i = end + 1;
        }
    }

    /** What auditd added under a name, ids that have no name left out; null where it added nothing. */
    @Nullable
    String enriched(String name) {
        for (int i = own; i < size; i++) {
            if (names[i].text().equals(name)) {
                return value(i);
            }
        }
        return null;
    }

    /** The text that upper case hexadecimal digits encode; null where these are none. */
    static @Nullable String hex(String value) {
        return hex(value, 0, value.length());
    }

    private static @Nullable String hex(String text, int from, int to) {
        byte[] bytes = octets(text, from, to);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] octets(String text, int from, int to) {
        int length = to - from;
        if (length == 0 || length % 2 != 0) {
            return null;
        }
        byte[] bytes = new byte[length / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = digit(text.charAt(from + 2 * i));
            int low = digit(text.charAt(from + 2 * i + 1));
            if (high < 0 || low < 0) {
                return null;
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return bytes;
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }
}
