package dev.panoptes.sensors.dns;

/**
 * The packet filter (Documentation/networking/filter.rst) that lets UDP and TCP of port 53 and UDP of port 5353 through, and
 * fragments, which have no ports. Packets begin with their IP header.
 */
final class DnsFilter {
    private static final int LOAD_BYTE = 0x30;
    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_HALF_AT_X = 0x48;
    private static final int X_HEADER_LENGTH = 0xb1;
    private static final int SHIFT_RIGHT = 0x74;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_SET = 0x45;
    private static final int RETURN = 0x06;
    private static final int ALL = 0x40000;

    private DnsFilter() {}

    static int[][] program() {
        return new int[][] {
            {LOAD_BYTE, 0, 0, 0}, // 0
            {SHIFT_RIGHT, 0, 0, 4}, // 1
            {JUMP_EQUAL, 0, 12, 4}, // 2: not version 4 -> 15
            {LOAD_BYTE, 0, 0, 9}, // 3
            {JUMP_EQUAL, 1, 0, 17}, // 4: UDP -> 6
            {JUMP_EQUAL, 0, 22, 6}, // 5: neither -> 28
            {LOAD_HALF, 0, 0, 6}, // 6
            {JUMP_SET, 19, 0, 0x3fff}, // 7: a fragment -> 27
            {X_HEADER_LENGTH, 0, 0, 0}, // 8
            {LOAD_HALF_AT_X, 0, 0, 0}, // 9
            {JUMP_EQUAL, 16, 0, 53}, // 10 -> 27
            {JUMP_EQUAL, 15, 0, 5353}, // 11 -> 27
            {LOAD_HALF_AT_X, 0, 0, 2}, // 12
            {JUMP_EQUAL, 13, 0, 53}, // 13 -> 27
            {JUMP_EQUAL, 12, 13, 5353}, // 14 -> 27 or 28
            {JUMP_EQUAL, 0, 12, 6}, // 15: not version 6 -> 28
            {LOAD_BYTE, 0, 0, 6}, // 16
            {JUMP_EQUAL, 9, 0, 44}, // 17: a fragment -> 27
            {JUMP_EQUAL, 1, 0, 17}, // 18: UDP -> 20
            {JUMP_EQUAL, 0, 8, 6}, // 19: neither -> 28
            {LOAD_HALF, 0, 0, 40}, // 20
            {JUMP_EQUAL, 5, 0, 53}, // 21 -> 27
            {JUMP_EQUAL, 4, 0, 5353}, // 22 -> 27
            {LOAD_HALF, 0, 0, 42}, // 23
            {JUMP_EQUAL, 2, 0, 53}, // 24 -> 27
            {JUMP_EQUAL, 1, 0, 5353}, // 25 -> 27
            {JUMP_EQUAL, 0, 1, -1}, // 26 -> 28
            {RETURN, 0, 0, ALL}, // 27
            {RETURN, 0, 0, 0}, // 28
        };
    }
}
