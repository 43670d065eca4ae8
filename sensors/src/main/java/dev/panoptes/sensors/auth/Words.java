package dev.panoptes.sensors.auth;

import dev.panoptes.sensors.replay.AddressLiteral;
import org.jspecify.annotations.Nullable;

/** Parts of messages that several programs write alike. Pure. */
final class Words {
    private Words() {}

    /**
     * Where a message ends with an address: {@code NAME from ADDRESS port N ssh2: KEY}.
     *
     * @param before what stands before it: a user's name may hold anything, even the words of the protocol
     * @param rest what follows protocol and colon; empty where nothing does
     */
    record Tail(String before, String host, @Nullable String port, String rest) {}

    /** By the last {@code from} behind which nothing but the protocol follows; null where there is none. */
    static @Nullable Tail from(String text) {
        for (int at = text.lastIndexOf(" from "); at >= 0; at = at == 0 ? -1 : text.lastIndexOf(" from ", at - 1)) {
            Tail tail = address(text.substring(0, at), text, at + 6);
            if (tail != null) {
                return tail;
            }
        }
        return text.startsWith("from ") ? address("", text, 5) : null;
    }

    private static @Nullable Tail address(String before, String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) != ' ') {
            end++;
        }
        if (end == from) {
            return null;
        }
        String host = text.substring(from, end);
        if (end == text.length()) {
            boolean colon = host.endsWith(":") && host.length() > 1 && AddressLiteral.parse(host) == null;
            return new Tail(before, colon ? host.substring(0, host.length() - 1) : host, null, "");
        }
        String port = null;
        if (text.startsWith(" port ", end)) {
            int digit = end + 6;
            int start = digit;
            while (digit < text.length() && text.charAt(digit) >= '0' && text.charAt(digit) <= '9') {
                digit++;
            }
            if (digit == start) {
                return null;
            }
            port = text.substring(start, digit);
            end = digit;
        }
        if (text.startsWith(" ssh2", end) || text.startsWith(" ssh1", end)) {
            end += 5;
        } else if (text.startsWith(" ssh", end) && end + 4 == text.length()) {
            end += 4;
        }
        if (end == text.length()) {
            return new Tail(before, host, port, "");
        }
        return text.startsWith(": ", end) ? new Tail(before, host, port, text.substring(end + 2)) : null;
    }

    /** Where a message ends with {@code NAME ADDRESS port N}, or has a colon and a reason behind it; null where it does not. */
    static @Nullable Tail named(String text) {
        for (int at = text.lastIndexOf(" port "); at >= 0; at = at == 0 ? -1 : text.lastIndexOf(" port ", at - 1)) {
            int digit = at + 6;
            while (digit < text.length() && text.charAt(digit) >= '0' && text.charAt(digit) <= '9') {
                digit++;
            }
            if (digit == at + 6 || (digit < text.length() && text.charAt(digit) != ':')) {
                continue;
            }
            int blank = text.lastIndexOf(' ', at - 1);
            String host = text.substring(blank + 1, at);
            if (AddressLiteral.parse(host) == null && !host.equals("UNKNOWN")) {
                continue;
            }
            String rest = digit < text.length() ? text.substring(digit + 1).strip() : "";
            return new Tail(blank < 0 ? "" : text.substring(0, blank), host, text.substring(at + 6, digit), rest);
        }
        return null;
    }

    /** The text between the marks that messages put around names: {@code 'x'}, {@code `x'}, {@code "x"}. */
    static String bare(String text) {
        int from = 0;
        int to = text.length();
        if (to > 0 && "'`\"".indexOf(text.charAt(0)) >= 0) {
            from = 1;
            if (to > 1 && "'\"".indexOf(text.charAt(to - 1)) >= 0) {
                to--;
            }
        }
        return text.substring(from, to);
    }

    /** The value of {@code key=value}, ended by one of the marks or the end; null where the key is not there. */
    static @Nullable String value(String text, String key, String marks) {
        int at = text.indexOf(key + "=");
        while (at > 0 && " ,;(".indexOf(text.charAt(at - 1)) < 0) {
            at = text.indexOf(key + "=", at + 1);
        }
        if (at < 0) {
            return null;
        }
        int from = at + key.length() + 1;
        int end = from;
        while (end < text.length() && marks.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(from, end);
    }
}
