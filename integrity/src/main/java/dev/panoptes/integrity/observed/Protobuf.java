package dev.panoptes.integrity.observed;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages of Protocol Buffers by field number (Protocol Buffers, "Encoding"), as far as gRPC's own services need them. */
final class Protobuf {
    private static final int MOST_FIELDS = 20_000;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private Protobuf() {}

    /** @param bytes of a text, a message or bytes; empty for a number */
    @SuppressWarnings("ArrayRecordComponent") // written once, read once
    record Field(int number, long value, byte[] bytes) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** A message of one text field. */
    static byte[] text(int number, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        varint(message, (long) number << 3 | LENGTH);
        varint(message, bytes.length);
        message.writeBytes(bytes);
        return message.toByteArray();
    }

    private static void varint(ByteArrayOutputStream into, long value) {
        long left = value;
        while (left > 0x7f) {
            into.write((int) ((left & 0x7f) | 0x80));
            left >>>= 7;
        }
        into.write((int) left);
    }

    /** The fields in their order; null where the bytes are no message. */
    static @Nullable List<Field> fields(byte[] message) {
        List<Field> fields = new ArrayList<>();
        int[] at = {0};
        while (at[0] < message.length && fields.size() < MOST_FIELDS) {
            long key = varint(message, at);
            int number = (int) (key >>> 3);
            if (key < 0 || number < 1) {
                return null;
            }
            Field field = switch ((int) key & 7) {
                case VARINT -> new Field(number, varint(message, at), new byte[0]);
                case FIXED64 -> new Field(number, 0, bytes(message, at, 8));
                case FIXED32 -> new Field(number, 0, bytes(message, at, 4));
                case LENGTH -> new Field(number, 0, bytes(message, at, varint(message, at)));
                default -> null;
            };
            if (field == null || at[0] < 0) {
                return null;
            }
            fields.add(field);
        }
        return fields;
    }

    /** Negative, with the place negative too, where none is complete. */
    private static long varint(byte[] message, int[] at) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at[0] < 0 || at[0] >= message.length) {
                break;
            }
            byte each = message[at[0]++];
            value |= (long) (each & 0x7f) << shift;
            if (each >= 0) {
                return value;
            }
        }
        at[0] = -1;
        return -1;
    }

    private static byte[] bytes(byte[] message, int[] at, long length) {
        if (at[0] < 0 || length < 0 || length > message.length - at[0]) {
            at[0] = -1;
            return new byte[0];
        }
        byte[] bytes = new byte[(int) length];
        System.arraycopy(message, at[0], bytes, 0, bytes.length);
        at[0] += bytes.length;
        return bytes;
    }
}
