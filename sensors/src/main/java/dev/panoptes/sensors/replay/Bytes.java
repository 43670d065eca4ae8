package dev.panoptes.sensors.replay;

/** Numbers in bytes. Positions outside the array are the caller's error. */
final class Bytes {
    private Bytes() {}

    static int u8(byte[] data, int at) {
        return data[at] & 0xff;
    }

    static int u16(byte[] data, int at) {
        return (data[at] & 0xff) << 8 | (data[at + 1] & 0xff);
    }

    static long u32(byte[] data, int at) {
        return (long) u16(data, at) << 16 | u16(data, at + 2);
    }

    static int u16(byte[] data, int at, boolean little) {
        return little ? (data[at + 1] & 0xff) << 8 | (data[at] & 0xff) : u16(data, at);
    }

    static long u32(byte[] data, int at, boolean little) {
        return little ? (long) u16(data, at + 2, true) << 16 | u16(data, at, true) : u32(data, at);
    }

    static long u64(byte[] data, int at, boolean little) {
        return little ? u32(data, at + 4, true) << 32 | u32(data, at, true) : u32(data, at) << 32 | u32(data, at + 4);
    }
}
