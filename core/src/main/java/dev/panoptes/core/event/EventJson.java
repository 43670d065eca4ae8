package dev.panoptes.core.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes events as JSON (RFC 8259). Unpaired surrogates become U+FFFD, so that what is written is always valid UTF-8. */
final class EventJson {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    /** Shorter texts are copied by character. */
    private static final int SHORT = 16;
    /** Of ASCII, what stands in JSON as it is; not the question mark, which also stands for what is no Latin-1. */
    private static final boolean[] PLAIN = new boolean[256];

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    static {
        for (int c = 0x20; c < 0x7f; c++) {
            PLAIN[c] = c != '"' && c != '\\' && c != '?';
        }
    }

    private EventJson() {}

    static String write(Map<String, ?> object) {
        EventLine out = new EventLine();
        object(out, object);
        return out.toString();
    }

    /** Null values and elements are left out, as in an event. */
    static void write(EventLine out, Map<String, ?> object) {
        object(out, object);
    }

    private static void value(EventLine out, Object value) {
        // Most are: a test for a class is quick, one for an interface may not be.
        if (value instanceof String text) {
            text(out, text);
            return;
        }
        switch (value) {
            case Long number -> out.append(number.longValue());
            case Boolean truth -> out.append(truth.toString());
            case GrowingMap map -> object(out, map);
            case FieldMap map -> object(out, map);
            case Map<?, ?> map -> object(out, map);
            case List<?> list -> array(out, list);
            case Double number when number.isNaN() || number.isInfinite() -> text(out, number.toString());
            case Float number -> value(out, (double) number);
            case Number number -> out.append(number.toString());
            default -> text(out, value.toString());
        }
    }

    private static void object(EventLine out, Map<?, ?> map) {
        out.append('{');
        int empty = out.size();
        if (map instanceof GrowingMap fields && fields.isSmall()) {
            for (int i = 0; i < fields.size(); i++) {
                field(out, empty, fields.name(i), fields.value(i));
            }
        } else if (map instanceof FieldMap fields) {
            for (int i = 0; i < fields.size(); i++) {
                field(out, empty, fields.name(i), fields.value(i));
            }
        } else {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                field(out, empty, String.valueOf(entry.getKey()), entry.getValue());
            }
        }
        out.append('}');
    }

    private static void field(EventLine out, int empty, String name, @Nullable Object value) {
        if (value == null) {
            return;
        }
        if (out.size() > empty) {
            out.append(',');
        }
        text(out, name);
        out.append(':');
        value(out, value);
    }

    private static void array(EventLine out, List<?> list) {
        out.append('[');
        int empty = out.size();
        for (Object value : list) {
            if (value == null) {
                continue;
            }
            if (out.size() > empty) {
                out.append(',');
            }
            value(out, value);
        }
        out.append(']');
    }

    private static void text(EventLine out, String text) {
        int length = text.length();
        if (length >= SHORT) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            if (bytes.length != length || !latin(out, text, bytes)) {
                any(out, text);
            }
            return;
        }
        byte[] into = out.room(length + 2);
        int at = out.size();
        into[at++] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 0x7f || !(PLAIN[c] || c == '?')) {
                any(out, text);
                return;
            }
            into[at++] = (byte) c;
        }
        into[at] = '"';
        out.grown(length + 2);
    }

    /**
     * Writes a text of ASCII.
     *
     * @param bytes the text in Latin-1: a question mark also where it is none
     * @return false where it is not of ASCII; then nothing was written
     */
    private static boolean latin(EventLine out, String text, byte[] bytes) {
        int before = out.size();
        int length = bytes.length;
        out.append('"');
        int copied = 0;
        int i = 0;
        while (i < length) {
            if (i + Long.BYTES <= length && isPlain((long) EIGHT.get(bytes, i))) {
                i += Long.BYTES;
                continue;
            }
            int end = Math.min(length, i + Long.BYTES);
            for (; i < end; i++) {
                byte b = bytes[i];
                if (b >= 0 && (PLAIN[b] || (b == '?' && text.charAt(i) == '?'))) {
                    continue;
                }
                if (b < 0 || b == '?') {
                    out.back(before);
                    return false;
                }
                out.append(bytes, copied, i - copied);
                copied = i + 1;
                escape(out, (char) b);
            }
        }
        out.append(bytes, copied, length - copied);
        out.append('"');
        return true;
    }

    /** False where some of eight octets is below 32 or over 126, a quotation mark, a backslash or a question mark. */
    private static boolean isPlain(long eight) {
        long quote = eight ^ '"' * ONES;
        long backslash = eight ^ '\\' * ONES;
        long question = eight ^ '?' * ONES;
        long delete = eight ^ 0x7f * ONES;
        return ((eight - 0x20 * ONES | quote - ONES | backslash - ONES | question - ONES | delete - ONES | eight)
                        & HIGH)
                == 0;
    }

    private static void escape(EventLine out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                out.append("\\u");
                out.append(HEX[c >> 12]);
                out.append(HEX[c >> 8 & 15]);
                out.append(HEX[c >> 4 & 15]);
                out.append(HEX[c & 15]);
            }
        }
    }

    /** Writes any text. */
    private static void any(EventLine out, String text) {
        out.append('"');
        int plain = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                continue;
            }
            encoded(out, text, plain, i);
            plain = i + 1;
            if (!Character.isSurrogate(c)) {
                escape(out, c);
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                encoded(out, text, i, i + 2);
                plain = ++i + 1;
            } else {
                encoded(out, "\ufffd", 0, 1);
            }
        }
        encoded(out, text, plain, length);
        out.append('"');
    }

    private static void encoded(EventLine out, String text, int from, int to) {
        if (from < to) {
            byte[] bytes = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
            out.append(bytes, 0, bytes.length);
        }
    }

    /** True for what stands in JSON as it is. */
    private static boolean isPlain(char c) {
        return c >= 0x20
                && c != '"'
                && c != '\\'
                && c != 0x7f
                && (c < 0x2028 || (c > 0x2029 && !Character.isSurrogate(c)));
    }
}
