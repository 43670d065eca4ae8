package dev.panoptes.sensors.packages;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads the rows of one table out of a database file of SQLite (its format is described in fileformat2.html of the project),
 * without indexes and without a log that has not been written back. Whatever is broken in it is an {@link IOException}. For one
 * table and one thread.
 */
final class SqliteTable implements Closeable {
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int LEAF = 0x0d;
    private static final int INTERIOR = 0x05;
    private static final int DEEPEST = 32;
    private static final int MOST_PAYLOAD = 64 << 20;

    private final RandomAccessFile file;
    private final int pageSize;
    private final int usable;
    private final long pages;
    private long visited;

    /** Takes the columns of a row. */
    @FunctionalInterface
    interface Rows {
        void row(Columns columns) throws IOException, InterruptedException;
    }

    /** A row's columns: blobs and texts as their octets, everything else as none. */
    record Columns(byte[][] values) {
        byte[] octets(int column) throws IOException {
            if (column >= values.length) {
                throw new IOException("a row has too few columns");
            }
            return values[column];
        }
    }

    private SqliteTable(RandomAccessFile file) throws IOException {
        this.file = file;
        byte[] header = new byte[100];
        file.readFully(header);
        if (!Arrays.equals(MAGIC, Arrays.copyOf(header, MAGIC.length))) {
            throw new IOException("no database of SQLite");
        }
        int size = (header[16] & 0xff) << 8 | (header[17] & 0xff);
        this.pageSize = size == 1 ? 65_536 : size;
        this.usable = pageSize - (header[20] & 0xff);
        if (pageSize < 512 || Integer.bitCount(pageSize) != 1 || usable < 480) {
            throw new IOException("no page size: " + pageSize);
        }
        this.pages = file.length() / pageSize;
    }

    static SqliteTable open(Path path) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
        try {
            return new SqliteTable(file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Every row of the table of this name; none where there is no such table. */
    void rows(String table, Rows rows) throws IOException, InterruptedException {
        long[] root = new long[1];
        walk(1, 0, columns -> {
            // type, name, tbl_name, rootpage, sql; a number is kept in the octets that it has there
            if (text(columns.octets(0)).equals("table")
                    && text(columns.octets(1)).equals(table)) {
                for (byte octet : columns.octets(3)) {
                    root[0] = root[0] << 8 | (octet & 0xff);
                }
            }
        });
        if (root[0] > 0) {
            walk(root[0], 0, rows);
        }
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    private void walk(long number, int depth, Rows rows) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        visited++;
        if (depth > DEEPEST || visited > 2 * pages + 2) {
            throw new IOException("the tree has no end");
        }
        ByteBuffer page = page(number);
        int at = number == 1 ? 100 : 0;
        int kind = page.get(at);
        int cells = page.getShort(at + 3) & 0xffff;
        int pointers = at + (kind == INTERIOR ? 12 : 8);
        if ((kind != LEAF && kind != INTERIOR) || pointers + 2 * cells > pageSize) {
            throw new IOException("page " + number + " is none of a table");
        }
        for (int i = 0; i < cells; i++) {
            int cell = page.getShort(pointers + 2 * i) & 0xffff;
            if (cell + 4 > pageSize) {
                throw new IOException("a cell lies beyond its page");
            }
            if (kind == INTERIOR) {
                walk(page.getInt(cell) & 0xffff_ffffL, depth + 1, rows);
            } else {
                rows.row(columns(payload(page, cell)));
            }
        }
        if (kind == INTERIOR) {
            walk(page.getInt(at + 8) & 0xffff_ffffL, depth + 1, rows);
        }
    }

    private ByteBuffer page(long number) throws IOException {
        if (number < 1 || number > pages) {
            throw new IOException("there is no page " + number);
        }
        byte[] bytes = new byte[pageSize];
        file.seek((number - 1) * pageSize);
        file.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** What a cell holds, with what flowed over to other pages. */
    private ByteBuffer payload(ByteBuffer page, int cell) throws IOException {
        page.position(cell);
        long length = variable(page);
        variable(page); // the row's number
        if (length < 0 || length > MOST_PAYLOAD) {
            throw new IOException("a row is too large");
        }
        int most = usable - 35;
        int local = (int) length;
        if (length > most) {
            int least = (usable - 12) * 32 / 255 - 23;
            int wanted = (int) (least + (length - least) % (usable - 4));
            local = wanted <= most ? wanted : least;
        }
        if (page.remaining() < local + (local < length ? 4 : 0)) {
            throw new IOException("a row lies beyond its page");
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream((int) length);
        whole.write(page.array(), page.position(), local);
        long following = local < length ? page.getInt(page.position() + local) & 0xffff_ffffL : 0;
        while (whole.size() < length) {
            ByteBuffer more = page(following);
            whole.write(more.array(), 4, (int) Math.min(usable - 4, length - whole.size()));
            following = more.getInt(0) & 0xffff_ffffL;
        }
        return ByteBuffer.wrap(whole.toByteArray());
    }

    private static Columns columns(ByteBuffer payload) throws IOException {
        int start = payload.position();
        long header = variable(payload);
        if (header < 1 || header > payload.limit()) {
            throw new IOException("a row has no header");
        }
        int at = (int) header;
        byte[][] values = new byte[16][];
        int count = 0;
        while (payload.position() - start < header && count < values.length) {
            long type = variable(payload);
            long size = size(type);
            if (size < 0 || at + size > payload.limit()) {
                throw new IOException("a column lies beyond its row");
            }
            values[count++] = Arrays.copyOfRange(payload.array(), at, (int) (at + size));
            at += (int) size;
        }
        return new Columns(Arrays.copyOf(values, count));
    }

    private static long size(long type) {
        if (type >= 12) {
            return (type - 12) / 2;
        }
        return switch ((int) type) {
            case 1, 2, 3, 4 -> type;
            case 5 -> 6;
            case 6, 7 -> 8;
            default -> 0;
        };
    }

    private static long variable(ByteBuffer from) throws IOException {
        long value = 0;
        for (int i = 0; i < 9; i++) {
            if (!from.hasRemaining()) {
                throw new IOException("a number is cut");
            }
            int octet = from.get() & 0xff;
            if (i == 8) {
                return value << 8 | octet;
            }
            value = value << 7 | (octet & 0x7f);
            if (octet < 0x80) {
                return value;
            }
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
