package dev.panoptes.core.event;

import java.util.List;
import java.util.Map;

/** Writes events as JSON (RFC 8259). Unpaired surrogates become U+FFFD, so that what is written is always valid UTF-8. */
final class EventJson {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private EventJson() {}

    static String write(Map<String, ?> object) {
        StringBuilder out = new StringBuilder(512);
        value(out, object);
        return out.toString();
    }

    /** Null values and elements are left out, as in an event. */
    static void write(StringBuilder out, Map<String, ?> object) {
        value(out, object);
    }

    private static void value(StringBuilder out, Object value) {
        switch (value) {
            case Map<?, ?> map -> object(out, map);
            case List<?> list -> array(out, list);
            case Double number when number.isNaN() || number.isInfinite() -> text(out, number.toString());
            case Long number -> out.append(number.longValue());
            case Float number -> value(out, (double) number);
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> text(out, value.toString());
        }
    }

    private static void object(StringBuilder out, Map<?, ?> map) {
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object value = entry.getValue();
            if (value == null) {
                continue;
            }
            if (!first) {
                out.append(',');
            }
            first = false;
            text(out, String.valueOf(entry.getKey()));
            out.append(':');
            value(out, value);
        }
        out.append('}');
    }

    private static void array(StringBuilder out, List<?> list) {
        out.append('[');
        boolean first = true;
        for (Object value : list) {
            if (value == null) {
                continue;
            }
            if (!first) {
                out.append(',');
            }
            first = false;
            value(out, value);
        }
        out.append(']');
    }

    private static void text(StringBuilder out, String text) {
        out.append('"');
        int plain = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                continue;
            }
            out.append(text, plain, i);
            plain = i + 1;
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (!Character.isSurrogate(c)) {
                        out.append("\\u")
                                .append(HEX[c >> 12])
                                .append(HEX[c >> 8 & 15])
                                .append(HEX[c >> 4 & 15])
                                .append(HEX[c & 15]);
                    } else if (Character.isHighSurrogate(c)
                            && i + 1 < length
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                        plain = i + 1;
                    } else {
                        out.append('\ufffd');
                    }
                }
            }
        }
        out.append(text, plain, length).append('"');
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
