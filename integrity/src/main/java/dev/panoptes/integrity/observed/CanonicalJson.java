package dev.panoptes.integrity.observed;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The JSON Canonicalization Scheme (RFC 8785): fields sorted by UTF-16 code units, no blanks, numbers as ECMAScript writes them. */
final class CanonicalJson {
    private static final String HEX = "0123456789abcdef";

    private CanonicalJson() {}

    /**
     * @param dropped true to leave out empty texts, lists and objects at any depth, as implementations do that sign what Protocol
     *     Buffers make of a card
     * @return null for a number that JSON has and a double has not
     */
    static @Nullable String of(JsonNode node, boolean dropped) {
        StringBuilder text = new StringBuilder();
        return write(node, dropped, text) ? text.toString() : null;
    }

    private static boolean write(JsonNode node, boolean dropped, StringBuilder into) {
        if (node.isObject()) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            node.properties().forEach(field -> {
                if (!dropped || !isEmpty(field.getValue())) {
                    sorted.put(field.getKey(), field.getValue());
                }
            });
            into.append('{');
            boolean first = true;
            for (Map.Entry<String, JsonNode> field : sorted.entrySet()) {
                into.append(first ? "" : ",");
                quote(field.getKey(), into);
                into.append(':');
                first = false;
                if (!write(field.getValue(), dropped, into)) {
                    return false;
                }
            }
            into.append('}');
            return true;
        }
        if (node.isArray()) {
            List<JsonNode> items = new ArrayList<>();
            node.forEach(item -> {
                if (!dropped || !isEmpty(item)) {
                    items.add(item);
                }
            });
            into.append('[');
            for (int i = 0; i < items.size(); i++) {
                into.append(i == 0 ? "" : ",");
                if (!write(items.get(i), dropped, into)) {
                    return false;
                }
            }
            into.append(']');
            return true;
        }
        if (node.isString()) {
            quote(node.asString(""), into);
            return true;
        }
        if (node.isNumber()) {
            double value = node.doubleValue();
            into.append(Double.isFinite(value) ? number(value) : "");
            return Double.isFinite(value);
        }
        into.append(node.isBoolean() ? Boolean.toString(node.booleanValue()) : "null");
        return true;
    }

    /** Empty, or made of nothing that is not. */
    private static boolean isEmpty(JsonNode node) {
        if (node.isString()) {
            return node.asString("").isEmpty();
        }
        if (!node.isContainer()) {
            return node.isNull();
        }
        for (JsonNode each : node) {
            if (!isEmpty(each)) {
                return false;
            }
        }
        return true;
    }

    /** ECMAScript, Number::toString: the shortest digits, plain from 1e-6 to below 1e21. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        // Double.toString gives two digits at least.
        BigDecimal one = shortest.round(new MathContext(1));
        shortest = one.doubleValue() == Math.abs(value) ? one.stripTrailingZeros() : shortest;
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        String text;
        if (point > 21 || point < -5) {
            int exponent = point - 1;
            text = digits.charAt(0)
                    + (digits.length() > 1 ? "." + digits.substring(1) : "")
                    + String.format(Locale.ROOT, "e%s%d", exponent < 0 ? "-" : "+", Math.abs(exponent));
        } else if (point <= 0) {
            text = "0." + "0".repeat(-point) + digits;
        } else {
            text = point >= digits.length()
                    ? digits + "0".repeat(point - digits.length())
                    : digits.substring(0, point) + "." + digits.substring(point);
        }
        return value < 0 ? "-" + text : text;
    }

    private static void quote(String text, StringBuilder into) {
        into.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int known = "\b\t\n\f\r\"\\".indexOf(c);
            if (known >= 0) {
                into.append('\\').append("btnfr\"\\".charAt(known));
            } else if (c < 0x20) {
                into.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                into.append(c);
            }
        }
        into.append('"');
    }
}
