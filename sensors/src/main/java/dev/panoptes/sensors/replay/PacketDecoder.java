package dev.panoptes.sensors.replay;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * From a captured packet to UDP datagrams and TCP segments: Ethernet with VLAN tags, raw IP, Linux cooked (both versions), BSD
 * loopback; IPv4 and IPv6 with their fragments joined. Tunnels are not opened. Pure but for the fragments that wait, which are
 * bounded. For one thread.
 */
final class PacketDecoder {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int FRAGMENT = 44;
    private static final int MOST_EXTENSIONS = 16;

    private final Feed feed;
    private final Output out;
    private final Fragments fragments = new Fragments();

    PacketDecoder(Feed feed, Output out) {
        this.feed = feed;
        this.out = out;
    }

    /** Takes one packet; what cannot be read is counted. */
    void packet(int linkType, @Nullable Instant time, byte[] data, int length) {
        boolean read = switch (linkType) {
            case 1 -> ethernet(time, data, length);
            case 0 -> length >= 4 && internet(time, data, 4, length);
            case 108 -> length >= 4 && internet(time, data, 4, length);
            case 12, 14, 101, 228, 229 -> internet(time, data, 0, length);
            case 113 -> length >= 16 && typed(time, Bytes.u16(data, 14), data, 16, length);
            case 276 -> length >= 20 && typed(time, Bytes.u16(data, 0), data, 20, length);
            default -> false;
        };
        if (!read) {
            out.malformed();
        }
    }

    private boolean ethernet(@Nullable Instant time, byte[] data, int length) {
        return length >= 14 && typed(time, Bytes.u16(data, 12), data, 14, length);
    }

    private boolean typed(@Nullable Instant time, int type, byte[] data, int at, int length) {
        int inner = type;
        int offset = at;
        while (inner == 0x8100 || inner == 0x88a8 || inner == 0x9100 || inner == 0x9200) {
            if (offset + 4 > length) {
                return false;
            }
            inner = Bytes.u16(data, offset + 2);
            offset += 4;
        }
        return (inner != 0x0800 && inner != 0x86dd) || internet(time, data, offset, length);
    }

    /** By the version in its first half byte. */
    private boolean internet(@Nullable Instant time, byte[] data, int at, int length) {
        if (at >= length) {
            return false;
        }
        return switch (data[at] >> 4 & 15) {
            case 4 -> ipv4(time, data, at, length);
            case 6 -> ipv6(time, data, at, length);
            default -> false;
        };
    }

    private boolean ipv4(@Nullable Instant time, byte[] data, int at, int length) {
        if (at + 20 > length) {
            return false;
        }
        int header = (data[at] & 15) * 4;
        int total = Bytes.u16(data, at + 2);
        if (header < 20 || at + header > length || (total != 0 && total < header)) {
            return false;
        }
        // A total of 0 is what segmentation offload leaves: the capture's own length holds then.
        int end = total == 0 ? length : Math.min(length, at + total);
        boolean cut = total != 0 && at + total > length;
        int protocol = Bytes.u8(data, at + 9);
        int flags = Bytes.u16(data, at + 6);
        byte[] source = Arrays.copyOfRange(data, at + 12, at + 16);
        byte[] destination = Arrays.copyOfRange(data, at + 16, at + 20);
        boolean more = (flags & 0x2000) != 0;
        int offset = (flags & 0x1fff) * 8;
        if (more || offset > 0) {
            if (cut) {
                return false;
            }
            byte[] whole = fragments.add(
                    new Fragments.Key(source, destination, protocol, Bytes.u16(data, at + 4)),
                    offset,
                    more,
                    data,
                    at + header,
                    end);
            return whole == null || transport(time, protocol, source, destination, whole, 0, whole.length, false);
        }
        return transport(time, protocol, source, destination, data, at + header, end, cut);
    }

    private boolean ipv6(@Nullable Instant time, byte[] data, int at, int length) {
        if (at + 40 > length) {
            return false;
        }
        int payload = Bytes.u16(data, at + 4);
        int end = payload == 0 ? length : Math.min(length, at + 40 + payload);
        boolean cut = payload != 0 && at + 40 + payload > length;
        byte[] source = Arrays.copyOfRange(data, at + 8, at + 24);
        byte[] destination = Arrays.copyOfRange(data, at + 24, at + 40);
        int next = Bytes.u8(data, at + 6);
        int offset = at + 40;
        for (int i = 0; i < MOST_EXTENSIONS; i++) {
            switch (next) {
                case 0, 43, 60 -> {
                    if (offset + 8 > end) {
                        return false;
                    }
                    next = Bytes.u8(data, offset);
                    offset += 8 + Bytes.u8(data, offset + 1) * 8;
                }
                case 51 -> {
                    if (offset + 8 > end) {
                        return false;
                    }
                    next = Bytes.u8(data, offset);
                    offset += 8 + Bytes.u8(data, offset + 1) * 4;
                }
                case FRAGMENT -> {
                    if (offset + 8 > end) {
                        return false;
                    }
                    next = Bytes.u8(data, offset);
                    int place = Bytes.u16(data, offset + 2);
                    long id = Bytes.u32(data, offset + 4);
                    boolean more = (place & 1) != 0;
                    offset += 8;
                    if (more || place >> 3 > 0) {
                        if (cut) {
                            return false;
                        }
                        byte[] whole = fragments.add(
                                new Fragments.Key(source, destination, next, id), place & ~7, more, data, offset, end);
                        return whole == null
                                || transport(time, next, source, destination, whole, 0, whole.length, false);
                    }
                }
                default -> {
                    return offset <= end && transport(time, next, source, destination, data, offset, end, cut);
                }
            }
            if (offset > end) {
                return false;
            }
        }
        return false;
    }

    private boolean transport(
            @Nullable Instant time,
            int protocol,
            byte[] source,
            byte[] destination,
            byte[] data,
            int at,
            int end,
            boolean cut) {
        return switch (protocol) {
            case UDP -> udp(time, source, destination, data, at, end, cut);
            case TCP -> tcp(time, source, destination, data, at, end);
            default -> true;
        };
    }

    private boolean udp(
            @Nullable Instant time, byte[] source, byte[] destination, byte[] data, int at, int end, boolean cut) {
        if (at + 8 > end) {
            return false;
        }
        int sourcePort = Bytes.u16(data, at);
        int destinationPort = Bytes.u16(data, at + 2);
        if (feed.wants(false, sourcePort, destinationPort)) {
            int told = Bytes.u16(data, at + 4);
            int there = end - at - 8;
            int length = told < 8 ? there : Math.min(there, told - 8);
            feed.datagram(
                    new Datagram(
                            time,
                            source,
                            sourcePort,
                            destination,
                            destinationPort,
                            data,
                            at + 8,
                            length,
                            cut || told - 8 > there),
                    out);
        }
        return true;
    }

    private boolean tcp(@Nullable Instant time, byte[] source, byte[] destination, byte[] data, int at, int end) {
        if (at + 20 > end) {
            return false;
        }
        int header = (data[at + 12] >> 4 & 15) * 4;
        if (header < 20 || at + header > end) {
            return false;
        }
        int sourcePort = Bytes.u16(data, at);
        int destinationPort = Bytes.u16(data, at + 2);
        if (feed.wants(true, sourcePort, destinationPort)) {
            int flags = data[at + 13];
            feed.segment(
                    new Segment(
                            time,
                            source,
                            sourcePort,
                            destination,
                            destinationPort,
                            Bytes.u32(data, at + 4),
                            (flags & 2) != 0,
                            (flags & 1) != 0,
                            (flags & 4) != 0,
                            data,
                            at + header,
                            end - at - header),
                    out);
        }
        return true;
    }
}
