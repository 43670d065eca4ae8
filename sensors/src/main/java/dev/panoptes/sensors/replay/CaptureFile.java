package dev.panoptes.sensors.replay;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packets of a capture: libpcap's format in both byte orders with micro- or nanoseconds, and pcapng
 * (draft-ietf-opsawg-pcapng) with several sections and interfaces. What cannot be read is counted by the receiver: a broken
 * length ends the file, because nothing tells where the next packet would begin.
 */
final class CaptureFile {
    private static final int MOST_PACKET = 1 << 18;
    private static final int MOST_BLOCK = 1 << 24;
    private static final int MOST_INTERFACES = 4096;
    private static final long SECTION = 0x0a0d0d0aL;

    /** Takes packets. */
    interface Receiver {
        void packet(int linkType, @Nullable Instant time, byte[] data, int length) throws InterruptedException;

        /** One packet or block that could not be read. */
        void broken() throws InterruptedException;
    }

    private CaptureFile() {}

    static boolean isPcap(byte[] head, int length) {
        if (length < 4) {
            return false;
        }
        long magic = Bytes.u32(head, 0);
        return magic == 0xa1b2c3d4L || magic == 0xd4c3b2a1L || magic == 0xa1b23c4dL || magic == 0x4d3cb2a1L;
    }

    static boolean isPcapng(byte[] head, int length) {
        return length >= 4 && Bytes.u32(head, 0) == SECTION;
    }

    static void readPcap(ByteSource in, Receiver receiver) throws IOException, InterruptedException {
        byte[] header = new byte[24];
        if (in.read(header, 0, 24) < 24) {
            receiver.broken();
            return;
        }
        long magic = Bytes.u32(header, 0);
        boolean little = magic == 0xd4c3b2a1L || magic == 0x4d3cb2a1L;
        boolean nanos = magic == 0xa1b23c4dL || magic == 0x4d3cb2a1L;
        int link = (int) (Bytes.u32(header, 20, little) & 0xffff);
        byte[] packet = new byte[2048];
        byte[] record = new byte[16];
        while (true) {
            int got = in.read(record, 0, 16);
            if (got == 0) {
                return;
            }
            if (got < 16) {
                receiver.broken();
                return;
            }
            long captured = Bytes.u32(record, 8, little);
            long fraction = Bytes.u32(record, 4, little);
            if (captured > MOST_PACKET) {
                receiver.broken();
                return;
            }
            int length = (int) captured;
            if (length > packet.length) {
                packet = new byte[Math.max(length, packet.length * 2)];
            }
            if (in.read(packet, 0, length) < length) {
                receiver.broken();
                return;
            }
            Instant time = Instant.ofEpochSecond(Bytes.u32(record, 0, little), nanos ? fraction : fraction * 1000);
            receiver.packet(link, time, packet, length);
        }
    }

    static void readPcapng(ByteSource in, Receiver receiver) throws IOException, InterruptedException {
        List<Interface> interfaces = new ArrayList<>();
        boolean little = false;
        byte[] head = new byte[12];
        byte[] body = new byte[4096];
        while (true) {
            int got = in.read(head, 0, 8);
            if (got == 0) {
                return;
            }
            if (got < 8) {
                receiver.broken();
                return;
            }
            boolean section = Bytes.u32(head, 0) == SECTION;
            int read = 8;
            if (section) {
                if (in.read(head, 8, 4) < 4) {
                    receiver.broken();
                    return;
                }
                read = 12;
                long order = Bytes.u32(head, 8);
                if (order != 0x1a2b3c4dL && order != 0x4d3c2b1aL) {
                    receiver.broken();
                    return;
                }
                little = order == 0x4d3c2b1aL;
                interfaces.clear();
            }
            long type = Bytes.u32(head, 0, little);
            long total = Bytes.u32(head, 4, little);
            if (total < 12 || total % 4 != 0 || total > MOST_BLOCK || total < read + 4) {
                receiver.broken();
                return;
            }
            int rest = (int) total - read;
            boolean wanted = type == 1 || type == 2 || type == 3 || type == 6;
            if (section || !wanted) {
                if (!in.skip(rest)) {
                    receiver.broken();
                    return;
                }
                continue;
            }
            if (rest > body.length) {
                body = new byte[rest];
            }
            if (in.read(body, 0, rest) < rest) {
                receiver.broken();
                return;
            }
            block((int) type, body, rest - 4, little, interfaces, receiver);
        }
    }

    private static void block(
            int type, byte[] body, int length, boolean little, List<Interface> interfaces, Receiver receiver)
            throws InterruptedException {
        switch (type) {
            case 1 -> {
                if (length < 8 || interfaces.size() >= MOST_INTERFACES) {
                    receiver.broken();
                } else {
                    interfaces.add(Interface.read(body, length, little));
                }
            }
            case 3 -> {
                if (length < 4 || interfaces.isEmpty()) {
                    receiver.broken();
                    return;
                }
                long original = Bytes.u32(body, 0, little);
                Interface first = interfaces.getFirst();
                long limit = first.snap == 0 ? original : Math.min(original, first.snap);
                int captured = (int) Math.min(limit, length - 4);
                receiver.packet(first.link, null, slice(body, 4, captured), captured);
            }
            default -> {
                if (length < 20) {
                    receiver.broken();
                    return;
                }
                int number = type == 2
                        ? Bytes.u16(body, 0, little)
                        : (int) Math.min(MOST_INTERFACES, Bytes.u32(body, 0, little));
                long captured = Bytes.u32(body, 12, little);
                if (number >= interfaces.size() || captured > length - 20) {
                    receiver.broken();
                    return;
                }
                Interface from = interfaces.get(number);
                long ticks = Bytes.u32(body, 4, little) << 32 | Bytes.u32(body, 8, little);
                receiver.packet(from.link, from.time(ticks), slice(body, 20, (int) captured), (int) captured);
            }
        }
    }

    private static byte[] slice(byte[] body, int from, int length) {
        byte[] data = new byte[length];
        System.arraycopy(body, from, data, 0, length);
        return data;
    }

    /**
     * One interface of a section.
     *
     * @param resolution the option if_tsresol: 10^-n, or 2^-n where the highest bit is set
     * @param offset seconds to be added
     */
    private record Interface(int link, long snap, int resolution, long offset) {
        static Interface read(byte[] body, int length, boolean little) {
            int resolution = 6;
            long offset = 0;
            int at = 8;
            while (at + 4 <= length) {
                int code = Bytes.u16(body, at, little);
                int size = Bytes.u16(body, at + 2, little);
                if (code == 0 || at + 4 + size > length) {
                    break;
                }
                if (code == 9 && size >= 1) {
                    resolution = Bytes.u8(body, at + 4);
                } else if (code == 14 && size >= 8) {
                    offset = Bytes.u64(body, at + 4, little);
                }
                at += 4 + (size + 3 & ~3);
            }
            return new Interface(Bytes.u16(body, 0, little), Bytes.u32(body, 4, little), resolution, offset);
        }

        /** Null where the time lies beyond what an instant holds. */
        @Nullable
        Instant time(long ticks) {
            int power = resolution & 0x7f;
            long seconds;
            long nanos;
            if ((resolution & 0x80) != 0) {
                if (power > 62) {
                    return null;
                }
                seconds = ticks >>> power;
                long part = ticks & (1L << power) - 1;
                nanos = (long) ((double) part / (1L << power) * 1e9);
            } else {
                if (power > 18) {
                    return null;
                }
                long unit = 1;
                for (int i = 0; i < power; i++) {
                    unit *= 10;
                }
                seconds = Long.divideUnsigned(ticks, unit);
                long part = Long.remainderUnsigned(ticks, unit);
                nanos = power <= 9 ? part * (1_000_000_000L / unit) : part / (unit / 1_000_000_000L);
            }
            long all = seconds + offset;
            return all < -62_135_596_800L || all > 253_402_300_799L ? null : Instant.ofEpochSecond(all, nanos);
        }
    }
}
