package dev.panoptes.server.auth;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Words and the bytes that they are in BLAKE2b and Argon2: the lowest first. */
final class LittleEndian {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    /** All of {@code from} to the words at {@code at}. */
    static void take(byte[] from, long[] into, int at) {
        for (int i = 0; i < from.length / Long.BYTES; i++) {
            into[at + i] = (long) LONG.get(from, i * Long.BYTES);
        }
    }

    /** {@code count} words from {@code at} on, to the beginning of {@code into}. */
    static void put(long[] from, int at, int count, byte[] into) {
        for (int i = 0; i < count; i++) {
            LONG.set(into, i * Long.BYTES, from[at + i]);
        }
    }

    static byte[] bytes(int value) {
        byte[] bytes = new byte[Integer.BYTES];
        INT.set(bytes, 0, value);
        return bytes;
    }
}
