package dev.panoptes.sensors.dns;

import dev.panoptes.core.AddressText;
import dev.panoptes.sensors.replay.AddressLiteral;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import org.xbill.DNS.UNKRecord;

/** The data of a resource record in presentation form. Pure. */
final class RecordData {
    private static final int CLASS_IN = 1;
    /** A type whose name the library knows, and not that its data are strings. */
    private static final int AVC = 258;

    private static final Pattern HINTS = Pattern.compile("(?<= ipv6hint=)[0-9A-Fa-f:.,]+");
    private static final Pattern GATEWAY = Pattern.compile("(?<=^\\d{1,3} 2 \\d{1,3} )[0-9A-Fa-f:.]+");
    private static final Pattern PREFIXES = Pattern.compile("(?<=\\b2:)[0-9A-Fa-f:.]+(?=/)");

    private final byte[] message;
    private final int start;
    private final int end;

    /** @param start where the message begins, to which compressed names point */
    RecordData(byte[] message, int start, int end) {
        this.message = message;
        this.start = start;
        this.end = end;
    }

    /** The data between two places; null where it is not what its type demands. */
    @Nullable
    String text(int type, int recordClass, int from, int to) {
        return switch (type) {
            case Type.A -> recordClass != CLASS_IN ? unknown(from, to) : to - from == 4 ? address(from, to) : null;
            case Type.AAAA -> to - from == 16 ? AddressText.six(message, from) : null;
            case Type.NS, Type.MD, Type.MF, Type.CNAME, Type.MB, Type.MG, Type.MR, Type.PTR, Type.DNAME ->
                names(from, to, 0, 1);
            case Type.MX, Type.AFSDB, Type.KX, Type.RT -> names(from, to, 1, 1);
            case Type.MINFO, Type.RP -> names(from, to, 0, 2);
            case Type.PX -> names(from, to, 1, 2);
            case Type.SRV -> names(from, to, 3, 1);
            case Type.SOA -> authority(from, to);
            case Type.TXT, Type.SPF, Type.NINFO, AVC -> strings(from, to);
            case Type.EUI48 -> to - from == 6 ? octets(from, to) : null; // RFC 7043
            case Type.EUI64 -> to - from == 8 ? octets(from, to) : null;
            case Type.CSYNC -> synchronization(from, to);
            case Type.NID, Type.L64 -> to - from == 10 ? locator(from, to) : null; // RFC 6742
            case Type.L32 -> to - from == 6 ? u16(from) + " " + address(from + 2, to) : null;
            case Type.LP -> names(from, to, 1, 1);
            default -> other(type, recordClass, from, to);
        };
    }

    private int u16(int at) {
        return (message[at] & 0xff) << 8 | (message[at + 1] & 0xff);
    }

    private String octets(int from, int to) {
        return HexFormat.ofDelimiter("-").formatHex(message, from, to);
    }

    /** A preference, and 64 bits as four groups. */
    private String locator(int from, int to) {
        StringBuilder text = new StringBuilder().append(u16(from)).append(' ');
        for (int at = from + 2; at < to; at += 2) {
            text.append(at > from + 2 ? ":" : "").append(HexFormat.of().formatHex(message, at, at + 2));
        }
        return text.toString();
    }

    /** Serial, flags and the types to copy (RFC 7477). */
    private @Nullable String synchronization(int from, int to) {
        if (to - from < 6) {
            return null;
        }
        StringBuilder text =
                new StringBuilder().append(number(from)).append(' ').append(u16(from + 4));
        return bitmap(text, from + 6, to) ? text.toString() : null;
    }

    /** Adds the types of a bitmap (RFC 4034 section 4.1.2); false where it is none. */
    private boolean bitmap(StringBuilder text, int from, int to) {
        int before = -1;
        int at = from;
        while (at < to) {
            int window = message[at] & 0xff;
            int length = at + 1 < to ? message[at + 1] & 0xff : 0;
            if (window <= before || length < 1 || length > 32 || at + 2 + length > to) {
                return false;
            }
            for (int bit = 0; bit < length * 8; bit++) {
                if ((message[at + 2 + bit / 8] & 0x80 >> bit % 8) != 0) {
                    text.append(' ').append(Type.string(window << 8 | bit));
                }
            }
            before = window;
            at += 2 + length;
        }
        return true;
    }

    private String address(int from, int to) {
        return AddressText.of(Arrays.copyOfRange(message, from, to));
    }

    private @Nullable String names(int from, int to, int numbers, int names) {
        StringBuilder text = new StringBuilder();
        int at = from;
        for (int i = 0; i < numbers; i++) {
            if (at + 2 > to) {
                return null;
            }
            text.append((message[at] & 0xff) << 8 | (message[at + 1] & 0xff)).append(' ');
            at += 2;
        }
        for (int i = 0; i < names; i++) {
            DnsName name = DnsName.read(message, start, at, end);
            if (name == null || name.end() > to) {
                return null;
            }
            text.append(name.text()).append(i + 1 < names ? " " : "");
            at = name.end();
        }
        return at == to ? text.toString() : null;
    }

    private @Nullable String authority(int from, int to) {
        DnsName server = DnsName.read(message, start, from, end);
        DnsName mail = server == null ? null : DnsName.read(message, start, server.end(), end);
        if (server == null || mail == null || mail.end() + 20 != to) {
            return null;
        }
        StringBuilder text = new StringBuilder(server.text()).append(' ').append(mail.text());
        for (int at = mail.end(); at < to; at += 4) {
            text.append(' ').append(number(at));
        }
        return text.toString();
    }

    private long number(int at) {
        return (long) (message[at] & 0xff) << 24
                | (message[at + 1] & 0xff) << 16
                | (message[at + 2] & 0xff) << 8
                | (message[at + 3] & 0xff);
    }

    private @Nullable String strings(int from, int to) {
        StringBuilder text = new StringBuilder(to - from + 8);
        int at = from;
        while (at < to) {
            int length = message[at] & 0xff;
            if (at + 1 + length > to) {
                return null;
            }
            text.append(text.isEmpty() ? "\"" : " \"");
            for (int i = at + 1; i <= at + length; i++) {
                int c = message[i] & 0xff;
                if (c == '"' || c == '\\') {
                    text.append('\\').append((char) c);
                } else if (c >= 0x20 && c < 0x7f) {
                    text.append((char) c);
                } else {
                    text.append('\\').append((char) ('0' + c / 100)).append((char) ('0' + c / 10 % 10));
                    text.append((char) ('0' + c % 10));
                }
            }
            text.append('"');
            at += 1 + length;
        }
        return text.isEmpty() ? null : text.toString();
    }

    /** RFC 3597. */
    String unknown(int from, int to) {
        int length = to - from;
        return length == 0 ? "\\# 0" : "\\# " + length + " " + HexFormat.of().formatHex(message, from, to);
    }

    private @Nullable String other(int type, int recordClass, int from, int to) {
        byte[] data = Arrays.copyOfRange(message, from, to);
        int names = switch (type) {
            case Type.NAPTR -> naptrName(from, to);
            case Type.SIG -> from + 18;
            case Type.NXT -> from;
            default -> -1;
        };
        if (names >= 0) {
            data = expanded(from, names, to);
            if (data == null) {
                return null;
            }
        }
        if (type == 0 || type == Type.OPT || data.length == 0) {
            return unknown(from, to);
        }
        try {
            Record record = Record.newRecord(Name.root, type, recordClass, 0, data.length, data);
            if (record instanceof UNKRecord) {
                return unknown(from, to);
            }
            return shortened(type, withoutDots(type, record.rdataToString()));
        } catch (RuntimeException e) {
            return null; // the data is not what its type demands; the message counts as malformed
        }
    }

    /** Where the replacement of a NAPTR begins: behind two numbers and three strings. */
    private int naptrName(int from, int to) {
        int at = from + 4;
        for (int i = 0; i < 3 && at < to; i++) {
            at += 1 + (message[at] & 0xff);
        }
        return Math.min(at, to);
    }

    /** The data with the one name in it written out, because outside of the message nothing can be pointed to. */
    private byte @Nullable [] expanded(int from, int nameAt, int to) {
        if (nameAt >= to) {
            return null;
        }
        DnsName name = DnsName.read(message, start, nameAt, end);
        if (name == null || name.end() > to) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from + 64);
        out.write(message, from, nameAt - from);
        out.writeBytes(name.wire());
        out.write(message, name.end(), to - name.end());
        return out.toByteArray();
    }

    /** Addresses of version 6 as RFC 5952 writes them: dnsjava leaves no zeros out. */
    private static String shortened(int type, String text) {
        Pattern place = switch (type) {
            case Type.SVCB, Type.HTTPS -> HINTS;
            case Type.IPSECKEY -> GATEWAY;
            case Type.APL -> PREFIXES;
            default -> null;
        };
        return place == null
                ? text
                : place.matcher(text)
                        .replaceAll(found ->
                                Matcher.quoteReplacement(Stream.of(found.group().split(","))
                                        .map(RecordData::canonical)
                                        .collect(Collectors.joining(","))));
    }

    private static String canonical(String address) {
        byte[] bytes = AddressLiteral.parse(address);
        return bytes == null || bytes.length != 16 ? address : AddressText.six(bytes, 0);
    }

    /** Names stand without a dot at their end in events, and dnsjava writes it. */
    private static String withoutDots(int type, String text) {
        int word = switch (type) {
            case Type.RRSIG, Type.SIG -> 7;
            case Type.NSEC, Type.NXT, Type.TSIG, Type.TKEY -> 0;
            case Type.SVCB, Type.HTTPS -> 1;
            case Type.NAPTR -> -2;
            case Type.IPSECKEY -> 3;
            case Type.HIP -> 3; // and whatever follows
            default -> -1;
        };
        if (word == -1) {
            return text;
        }
        if (word == -2) {
            return text.endsWith(".") && !text.endsWith(" .") ? text.substring(0, text.length() - 1) : text;
        }
        if (type == Type.HIP) {
            return text.replaceAll("(?<=[^ .])\\.(?= |$)", "");
        }
        int at = 0;
        for (int i = 0; i < word; i++) {
            at = text.indexOf(' ', at) + 1;
            if (at == 0) {
                return text;
            }
        }
        int stop = text.indexOf(' ', at);
        int last = (stop < 0 ? text.length() : stop) - 1;
        return last > at && text.charAt(last) == '.' ? text.substring(0, last) + text.substring(last + 1) : text;
    }
}
