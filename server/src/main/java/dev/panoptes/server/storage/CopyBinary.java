package dev.panoptes.server.storage;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the binary format of PostgreSQL's COPY (its manual, "Binary Format" under COPY): what is a number or a time here
 * need not become text and be read again. For one thread.
 */
public final class CopyBinary {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    /** Seconds from 1970 to 2000, from where PostgreSQL counts. */
    private static final long EPOCH = 946_684_800L;

    private static final int TEXT_TYPE = 25;
    private static final int MOST = Integer.MAX_VALUE - 16;

    private final int columns;
    private byte[] out;
    private int size;
    private boolean ended;

    /** @param columns of each row @param bytes about how many there will be */
    public CopyBinary(int columns, int bytes) {
        this.columns = columns;
        this.out = new byte[Math.max(bytes, 64)];
        System.arraycopy(SIGNATURE, 0, out, 0, SIGNATURE.length);
        size = SIGNATURE.length;
        // Neither flags nor a longer header.
        number(0);
        number(0);
    }

    /** Begins a row; each of its columns follows. */
    public CopyBinary row() {
        room(2);
        out[size++] = (byte) (columns >>> 8);
        out[size++] = (byte) columns;
        return this;
    }

    /** A text column; null for none. The database takes no NUL: it becomes a question mark, as do halves of surrogates. */
    public CopyBinary text(@Nullable String text) {
        if (text == null) {
            number(-1);
            return this;
        }
        byte[] bytes = encoded(text);
        return bytes(bytes, 0, bytes.length);
    }

    private static byte[] encoded(String text) {
        String storable = text.indexOf('\0') < 0 ? text : text.replace('\0', '?');
        return storable.getBytes(StandardCharsets.UTF_8);
    }

    /** A text column of UTF-8 without NUL. */
    public CopyBinary bytes(byte[] bytes, int from, int to) {
        number(to - from);
        room(to - from);
        System.arraycopy(bytes, from, out, size, to - from);
        size += to - from;
        return this;
    }

    /** A column of texts; null where there are none. */
    public CopyBinary texts(List<String> texts) {
        if (texts.isEmpty()) {
            number(-1);
            return this;
        }
        int length = size;
        number(0);
        number(1);
        number(0);
        number(TEXT_TYPE);
        number(texts.size());
        number(1);
        texts.forEach(this::text);
        INTS.set(out, length, size - length - Integer.BYTES);
        return this;
    }

    /** A column of bigint. */
    public CopyBinary bigint(long number) {
        number(Long.BYTES);
        big(number);
        return this;
    }

    /** A column of uuid. */
    public CopyBinary uuid(UUID uuid) {
        number(2 * Long.BYTES);
        big(uuid.getMostSignificantBits());
        big(uuid.getLeastSignificantBits());
        return this;
    }

    /** A column of timestamptz, which has microseconds: the nearest one. */
    public CopyBinary time(Instant time) {
        long micros = Math.multiplyExact(time.getEpochSecond() - EPOCH, 1_000_000L) + (time.getNano() + 500) / 1_000;
        return bigint(micros);
    }

    /** All rows, to be read once; asked again, they are there again. Nothing may be written afterwards. */
    public InputStream rows() {
        if (!ended) {
            room(2);
            out[size++] = -1;
            out[size++] = -1;
            ended = true;
        }
        return new ByteArrayInputStream(out, 0, size);
    }

    private void number(int number) {
        room(Integer.BYTES);
        INTS.set(out, size, number);
        size += Integer.BYTES;
    }

    private void big(long number) {
        room(Long.BYTES);
        LONGS.set(out, size, number);
        size += Long.BYTES;
    }

    private void room(int more) {
        if (out.length - size < more) {
            out = Arrays.copyOf(out, (int) Math.min(MOST, Math.max(2L * out.length, (long) size + more)));
        }
    }
}
