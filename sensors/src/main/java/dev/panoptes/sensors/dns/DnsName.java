package dev.panoptes.sensors.dns;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A domain name read from a message (RFC 1035 section 4.1.4).
 *
 * @param text as sent, escaped as RFC 4343 writes it, without a dot at the end; the root is {@code .}
 * @param wire its labels without compression, with the root's length at the end
 * @param end where the reading goes on
 */
record DnsName(String text, byte[] wire, int end) {
    private static final int MOST_OCTETS = 255;
    private static final int MOST_POINTERS = 128;
    /** Second labels below which countries let register, where they do not let register below themselves. */
    private static final Set<String> REGISTRIES = Set.of(
            "ac", "co", "com", "edu", "gob", "go", "gov", "gouv", "govt", "gv", "id", "ltd", "mil", "me", "ne", "net",
            "nhs", "nic", "nom", "or", "org", "plc", "police", "sch", "school", "web", "ad", "ed", "gr", "lg", "firm",
            "gen", "ind", "res", "k12", "asn", "in", "art", "blog", "eco", "jus", "leg", "tv");

    /** The name at a place of the message; null where it is broken: cut, too long, or with a pointer that does not lead back. */
    static @Nullable DnsName read(byte[] message, int from, int at, int to) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(64);
        StringBuilder text = new StringBuilder(64);
        int place = at;
        int end = -1;
        int pointers = 0;
        int lowest = at;
        while (true) {
            if (place >= to) {
                return null;
            }
            int length = message[place] & 0xff;
            if (length == 0) {
                wire.write(0);
                return new DnsName(
                        text.isEmpty() ? "." : text.toString(), wire.toByteArray(), end < 0 ? place + 1 : end);
            }
            if ((length & 0xc0) == 0xc0) {
                if (place + 1 >= to || ++pointers > MOST_POINTERS) {
                    return null;
                }
                int target = from + ((length & 0x3f) << 8 | (message[place + 1] & 0xff));
                end = end < 0 ? place + 2 : end;
                if (target >= lowest) {
                    return null; // only earlier names may be pointed to: everything else could go in circles
                }
                place = target;
                lowest = target;
                continue;
            }
            if ((length & 0xc0) != 0 || place + 1 + length > to || wire.size() + length + 2 > MOST_OCTETS) {
                return null;
            }
            wire.write(message, place, length + 1);
            if (!text.isEmpty()) {
                text.append('.');
            }
            label(text, message, place + 1, length);
            place += length + 1;
        }
    }

    private static void label(StringBuilder text, byte[] message, int from, int length) {
        for (int i = from; i < from + length; i++) {
            int c = message[i] & 0xff;
            if (c == '.' || c == '\\') {
                text.append('\\').append((char) c);
            } else if (c > 0x20 && c < 0x7f) {
                text.append((char) c);
            } else {
                text.append('\\').append((char) ('0' + c / 100)).append((char) ('0' + c / 10 % 10));
                text.append((char) ('0' + c % 10));
            }
        }
    }

    /**
     * The part of a name that somebody registered, in lower case: two labels, or three below a country that registers below second
     * labels such as {@code co.uk}. Null where there is none, as for one label, reverse names and names of the local net.
     */
    static @Nullable String registered(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        int last = lower.lastIndexOf('.');
        if (last <= 0 || last == lower.length() - 1 || lower.indexOf('\\') >= 0) {
            return null;
        }
        String top = lower.substring(last + 1);
        if (top.equals("arpa")
                || top.equals("local")
                || top.equals("localhost")
                || top.equals("internal")
                || top.equals("lan")
                || top.equals("home")) {
            return null;
        }
        int second = lower.lastIndexOf('.', last - 1);
        String label = lower.substring(second + 1, last);
        if (top.length() == 2 && REGISTRIES.contains(label)) {
            if (second <= 0) {
                return null;
            }
            int third = lower.lastIndexOf('.', second - 1);
            return lower.substring(third + 1);
        }
        return lower.substring(second + 1);
    }
}
