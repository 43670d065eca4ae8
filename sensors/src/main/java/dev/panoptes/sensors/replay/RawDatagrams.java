package dev.panoptes.sensors.replay;

import java.io.IOException;

/**
 * NetFlow, IPFIX and sFlow datagrams that were stored one after another without their envelopes. Where a datagram ends follows
 * from itself: v5 by its count, IPFIX by its length, v9 where a flow set would have the id of a version, sFlow by its samples.
 */
final class RawDatagrams {
    private static final int MOST = 65_535;

    /** Takes datagrams. */
    interface Receiver {
        void datagram(byte[] data, int offset, int length) throws InterruptedException;

        /** Bytes that are no datagram; the rest of the file cannot be told apart. */
        void broken() throws InterruptedException;
    }

    private RawDatagrams() {}

    static boolean matches(byte[] head, int length) {
        if (length < 16) {
            return false;
        }
        int version = Bytes.u16(head, 0);
        return version == 5 || version == 9 || version == 10 || isSflow(head, 0, length);
    }

    private static boolean isSflow(byte[] data, int at, int end) {
        return at + 8 <= end
                && Bytes.u32(data, at) == 5
                && (Bytes.u32(data, at + 4) == 1 || Bytes.u32(data, at + 4) == 2);
    }

    static void read(ByteSource in, Receiver receiver) throws IOException, InterruptedException {
        byte[] buffer = new byte[4 * MOST];
        int from = 0;
        int to = 0;
        boolean ended = false;
        while (true) {
            if (!ended && to - from < MOST + 4) {
                System.arraycopy(buffer, from, buffer, 0, to - from);
                to -= from;
                from = 0;
                int read = in.read(buffer, to, buffer.length - to);
                ended = read < buffer.length - to;
                to += read;
            }
            if (from == to) {
                return;
            }
            int length = length(buffer, from, to);
            if (length <= 0) {
                receiver.broken();
                return;
            }
            int there = Math.min(length, to - from);
            receiver.datagram(buffer, from, there);
            from += there;
        }
    }

    /** The length that the datagram at this place has; 0 where none begins here. */
    private static int length(byte[] data, int at, int end) {
        if (end - at < 4) {
            return 0;
        }
        if (isSflow(data, at, end)) {
            return sflow(data, at, end);
        }
        return switch (Bytes.u16(data, at)) {
            case 5 -> 24 + 48 * Bytes.u16(data, at + 2);
            case 9 -> version9(data, at, end);
            case 10 -> Bytes.u16(data, at + 2) < 16 ? 0 : Bytes.u16(data, at + 2);
            default -> 0;
        };
    }

    private static int version9(byte[] data, int at, int end) {
        int place = at + 20;
        while (place + 4 <= end) {
            int id = Bytes.u16(data, place);
            int length = Bytes.u16(data, place + 2);
            boolean header = id == 5 || id == 9 || id == 10;
            if (id == 0 && length == 0) {
                place += 4; // filled up behind the last set
                continue;
            }
            if (header || length < 4 || place + length - at > MOST) {
                break;
            }
            place += length;
        }
        return Math.min(place, end) - at;
    }

    private static int sflow(byte[] data, int at, int end) {
        int place = at + 8 + (Bytes.u32(data, at + 4) == 1 ? 4 : 16) + 12;
        if (place + 4 > end) {
            return end - at;
        }
        long samples = Bytes.u32(data, place);
        place += 4;
        for (long i = 0; i < samples && place + 8 <= end; i++) {
            long length = Bytes.u32(data, place + 4);
            if (length > MOST) {
                return end - at;
            }
            place += 8 + (int) length;
        }
        return Math.min(place, end) - at;
    }
}
