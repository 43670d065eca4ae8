package dev.panoptes.server.auth;

import java.io.ByteArrayOutputStream;

/**
 * Argon2id, version 19, with one lane (RFC 9106). It keeps the memory that it fills and fills it again for the next password:
 * 19 MiB of new objects for each are what makes a storm of logins stop the whole program in its garbage collector (ADR 150).
 * One instance serves one thread.
 */
final class Argon2id {
    private static final int VERSION = 0x13;
    private static final int TYPE = 2;
    private static final int LANES = 1;
    private static final int SLICES = 4;
    /** Words of a block of 1 KiB. */
    private static final int WORDS = 128;

    private static final long LOW = 0xffff_ffffL;

    private final Blake2b blake2b = new Blake2b();
    private final long[] mixed = new long[WORDS];
    private final long[] before = new long[WORDS];
    /** Where a data-independent segment gets its references from (section 3.4.1.2). */
    private final long[] input = new long[WORDS];

    private final long[] addresses = new long[WORDS];
    private final long[] zero = new long[WORDS];

    private long[] memory = {};
    private int blocks;
    private int segment;

    /**
     * @param memoryKib at least 8
     * @param passes at least 1
     * @param length of the result in bytes, at least 4
     */
    byte[] hash(byte[] password, byte[] salt, int memoryKib, int passes, int length) {
        segment = memoryKib / (SLICES * LANES);
        blocks = segment * SLICES;
        if (memory.length != blocks * WORDS) {
            memory = new long[blocks * WORDS];
        }
        begin(password, salt, memoryKib, passes, length);
        for (int pass = 0; pass < passes; pass++) {
            for (int slice = 0; slice < SLICES; slice++) {
                fill(pass, slice, passes);
            }
        }
        byte[] last = new byte[WORDS * Long.BYTES];
        LittleEndian.put(memory, (blocks - 1) * WORDS, WORDS, last);
        return stretch(last, length);
    }

    /** H0 and the first two blocks (section 3.2). */
    private void begin(byte[] password, byte[] salt, int memoryKib, int passes, int length) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int number : new int[] {LANES, length, memoryKib, passes, VERSION, TYPE, password.length}) {
            all.writeBytes(LittleEndian.bytes(number));
        }
        all.writeBytes(password);
        all.writeBytes(LittleEndian.bytes(salt.length));
        all.writeBytes(salt);
        // Neither a secret nor associated data.
        all.writeBytes(LittleEndian.bytes(0));
        all.writeBytes(LittleEndian.bytes(0));
        byte[] seed = blake2b.digest(Blake2b.LONGEST, all.toByteArray());
        for (int i = 0; i < 2; i++) {
            byte[] block = new byte[seed.length + 2 * Integer.BYTES];
            System.arraycopy(seed, 0, block, 0, seed.length);
            System.arraycopy(LittleEndian.bytes(i), 0, block, seed.length, Integer.BYTES);
            LittleEndian.take(stretch(block, WORDS * Long.BYTES), memory, i * WORDS);
        }
    }

    private void fill(int pass, int slice, int passes) {
        boolean independent = pass == 0 && slice < SLICES / 2;
        if (independent) {
            java.util.Arrays.fill(input, 0);
            input[0] = pass;
            input[2] = slice;
            input[3] = blocks;
            input[4] = passes;
            input[5] = TYPE;
        }
        int first = pass == 0 && slice == 0 ? 2 : 0;
        for (int i = first; i < segment; i++) {
            if (independent && (i == first || i % WORDS == 0)) {
                input[6]++;
                compress(zero, 0, input, 0, addresses, 0, false);
                compress(zero, 0, addresses, 0, addresses, 0, false);
            }
            int at = slice * segment + i;
            int previous = (at == 0 ? blocks : at) - 1;
            long random = independent ? addresses[i % WORDS] : memory[previous * WORDS];
            compress(
                    memory,
                    previous * WORDS,
                    memory,
                    reference(pass, slice, i, random & LOW) * WORDS,
                    memory,
                    at * WORDS,
                    pass > 0);
        }
    }

    /** Which block is looked at (section 3.4.2), for one lane. */
    private int reference(int pass, int slice, int i, long random) {
        long area = (pass == 0 ? slice * (long) segment : blocks - (long) segment) + i - 1;
        long relative = area - 1 - ((area * ((random * random) >>> 32)) >>> 32);
        long start = pass == 0 || slice == SLICES - 1 ? 0 : (slice + 1) * (long) segment;
        return (int) ((start + relative) % blocks);
    }

    /** The function G (section 3.5). @param over whether it is mixed into what the target held (section 3.1.2) */
    private void compress(long[] one, int oneAt, long[] other, int otherAt, long[] into, int at, boolean over) {
        for (int i = 0; i < WORDS; i++) {
            long word = one[oneAt + i] ^ other[otherAt + i];
            mixed[i] = word;
            before[i] = word;
        }
        for (int row = 0; row < 8; row++) {
            permute(mixed, 16 * row, 2);
        }
        for (int column = 0; column < 8; column++) {
            permute(mixed, 2 * column, 16);
        }
        for (int i = 0; i < WORDS; i++) {
            long word = mixed[i] ^ before[i];
            into[at + i] = over ? into[at + i] ^ word : word;
        }
    }

    /** The permutation P (section 3.6) over eight pairs of words, each {@code step} after the other. */
    private static void permute(long[] v, int at, int step) {
        int c = at;
        int d = c + step;
        int e = d + step;
        int f = e + step;
        int g = f + step;
        int h = g + step;
        int i = h + step;
        int j = i + step;
        mix(v, c, e, g, i);
        mix(v, c + 1, e + 1, g + 1, i + 1);
        mix(v, d, f, h, j);
        mix(v, d + 1, f + 1, h + 1, j + 1);
        mix(v, c, e + 1, h, j + 1);
        mix(v, c + 1, f, h + 1, i);
        mix(v, d, f + 1, g, i + 1);
        mix(v, d + 1, e, g + 1, j);
    }

    private static void mix(long[] v, int atA, int atB, int atC, int atD) {
        long a = v[atA];
        long b = v[atB];
        long c = v[atC];
        long d = v[atD];
        a += b + 2 * (a & LOW) * (b & LOW);
        d = Long.rotateRight(d ^ a, 32);
        c += d + 2 * (c & LOW) * (d & LOW);
        b = Long.rotateRight(b ^ c, 24);
        a += b + 2 * (a & LOW) * (b & LOW);
        d = Long.rotateRight(d ^ a, 16);
        c += d + 2 * (c & LOW) * (d & LOW);
        b = Long.rotateRight(b ^ c, 63);
        v[atA] = a;
        v[atB] = b;
        v[atC] = c;
        v[atD] = d;
    }

    /** The function H' of variable length (section 3.3). */
    private byte[] stretch(byte[] from, int length) {
        byte[] all = new byte[Integer.BYTES + from.length];
        System.arraycopy(LittleEndian.bytes(length), 0, all, 0, Integer.BYTES);
        System.arraycopy(from, 0, all, Integer.BYTES, from.length);
        if (length <= Blake2b.LONGEST) {
            return blake2b.digest(length, all);
        }
        byte[] out = new byte[length];
        int half = Blake2b.LONGEST / 2;
        byte[] part = blake2b.digest(Blake2b.LONGEST, all);
        int at = 0;
        for (; length - at > Blake2b.LONGEST; at += half) {
            System.arraycopy(part, 0, out, at, half);
            part = blake2b.digest(Math.min(Blake2b.LONGEST, length - at - half), part);
        }
        System.arraycopy(part, 0, out, at, length - at);
        return out;
    }
}
