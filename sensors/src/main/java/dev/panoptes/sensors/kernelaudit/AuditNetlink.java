package dev.panoptes.sensors.kernelaudit;

import dev.panoptes.sensors.replay.LogLine;
import dev.panoptes.sensors.replay.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Audit records as netlink brings them: a header of 16 octets (netlink(7)), its type the record's, and the record's text. Pure. */
final class AuditNetlink {
    private static final int HEADER = 16;
    private static final int FIRST_RECORD = 1100;

    private AuditNetlink() {}

    static void messages(byte[] data, AuditFeed feed, Output out) {
        ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.nativeOrder());
        int at = 0;
        while (data.length - at >= HEADER) {
            long told = Integer.toUnsignedLong(buffer.getInt(at));
            int type = Short.toUnsignedInt(buffer.getShort(at + 4));
            // The audit system has told its length without the header for ages; the datagram's own length is right.
            int end = (int) Math.min(data.length, at + Math.max(HEADER, told));
            if (at == 0 && data.length - HEADER == told) {
                end = data.length;
            }
            if (type >= FIRST_RECORD) {
                int last = end;
                while (last > at + HEADER && (data[last - 1] == 0 || data[last - 1] == '\n')) {
                    last--;
                }
                String text = new String(data, at + HEADER, last - at - HEADER, StandardCharsets.UTF_8);
                LogLine line = new LogLine(null, -1, text, null, null, null, null, text, true, "audit_netlink", null);
                feed.accept(feed.parser().netlink(line, type, text), out);
            }
            at = Math.max(at + HEADER, end + 3 & ~3);
        }
    }
}
