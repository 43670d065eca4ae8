package dev.panoptes.server.auth;

import java.util.Arrays;

/** BLAKE2b without a key (RFC 7693), as Argon2 needs it. Holds what it works on, so one instance serves one thread. */
final class Blake2b {
    static final int LONGEST = 64;

    private static final int BLOCK = 128;
    private static final int ROUNDS = 12;
    /** RFC 7693, section 2.6: the same as SHA-512's. */
    private static final long[] START = {
        0x6a09e667f3bcc908L,
        0xbb67ae8584caa73bL,
        0x3c6ef372fe94f82bL,
        0xa54ff53a5f1d36f1L,
        0x510e527fade682d1L,
        0x9b05688c2b3e6c1fL,
        0x1f83d9abfb41bd6bL,
        0x5be0cd19137e2179L
    };
    /** RFC 7693, section 2.7: which word of the message comes when; the last two rounds take the first two again. */
    private static final int[][] ORDER = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
        {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
        {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
        {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
        {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
        {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
        {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
        {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
        {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}
    };

    private final long[] state = new long[8];
    private final long[] work = new long[16];
    private final long[] message = new long[16];

    /** @param length of the digest, 1 to {@link #LONGEST} bytes */
    byte[] digest(int length, byte[] input) {
        System.arraycopy(START, 0, state, 0, START.length);
        state[0] ^= 0x01010000L ^ length;
        byte[] block = new byte[BLOCK];
        int at = 0;
        for (; input.length - at > BLOCK; at += BLOCK) {
            System.arraycopy(input, at, block, 0, BLOCK);
            compress(block, at + (long) BLOCK, false);
        }
        Arrays.fill(block, (byte) 0);
        System.arraycopy(input, at, block, 0, input.length - at);
        compress(block, input.length, true);
        byte[] all = new byte[LONGEST];
        LittleEndian.put(state, 0, state.length, all);
        return Arrays.copyOf(all, length);
    }

    private void compress(byte[] block, long counted, boolean last) {
        LittleEndian.take(block, message, 0);
        System.arraycopy(state, 0, work, 0, 8);
        System.arraycopy(START, 0, work, 8, 8);
        work[12] ^= counted;
        if (last) {
            work[14] = ~work[14];
        }
        for (int round = 0; round < ROUNDS; round++) {
            int[] order = ORDER[round % ORDER.length];
            for (int i = 0; i < 4; i++) {
                mix(i, 4 + i, 8 + i, 12 + i, message[order[2 * i]], message[order[2 * i + 1]]);
            }
            for (int i = 0; i < 4; i++) {
                mix(
                        i,
                        4 + (i + 1) % 4,
                        8 + (i + 2) % 4,
                        12 + (i + 3) % 4,
                        message[order[8 + 2 * i]],
                        message[order[8 + 2 * i + 1]]);
            }
        }
        for (int i = 0; i < state.length; i++) {
            state[i] ^= work[i] ^ work[i + 8];
        }
    }

    /** RFC 7693, section 3.1. */
    private void mix(int a, int b, int c, int d, long x, long y) {
        work[a] += work[b] + x;
        work[d] = Long.rotateRight(work[d] ^ work[a], 32);
        work[c] += work[d];
        work[b] = Long.rotateRight(work[b] ^ work[c], 24);
        work[a] += work[b] + y;
        work[d] = Long.rotateRight(work[d] ^ work[a], 16);
        work[c] += work[d];
        work[b] = Long.rotateRight(work[b] ^ work[c], 63);
    }
}
