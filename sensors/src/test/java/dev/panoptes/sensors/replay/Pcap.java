package dev.panoptes.sensors.replay;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Builds captures of IPv4 packets with raw IP as their link type. */
public final class Pcap {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int link;
    private long micros = 1_700_000_000_000_000L;

    public Pcap() {
        this(101);
    }

    public Pcap(int link) {
        this.link = link;
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(65535)
                .putInt(link);
        out.writeBytes(header.array());
    }

    public Pcap packet(byte[] data) {
        ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt((int) (micros / 1_000_000))
                .putInt((int) (micros % 1_000_000))
                .putInt(data.length)
                .putInt(data.length);
        out.writeBytes(header.array());
        out.writeBytes(data);
        micros += 1000;
        return this;
    }

    public Pcap udp(int sourcePort, int destinationPort, byte[] payload) {
        return packet(framed(ip(17, 0, 0, udpBytes(sourcePort, destinationPort, payload), sourcePort == 53)));
    }

    /** The same datagram in fragments of 16 bytes, the last one first. */
    public Pcap fragmented(int sourcePort, int destinationPort, byte[] payload) {
        byte[] udp = udpBytes(sourcePort, destinationPort, payload);
        for (int at = (udp.length - 1) / 16 * 16; at >= 0; at -= 16) {
            int end = Math.min(udp.length, at + 16);
            byte[] part = java.util.Arrays.copyOfRange(udp, at, end);
            packet(framed(ip(17, 7, (end < udp.length ? 0x2000 : 0) | at / 8, part, sourcePort == 53)));
        }
        return this;
    }

    public Pcap tcp(int sourcePort, int destinationPort, long sequence, int flags, byte[] payload) {
        ByteBuffer tcp = ByteBuffer.allocate(20 + payload.length);
        tcp.putShort((short) sourcePort)
                .putShort((short) destinationPort)
                .putInt((int) sequence)
                .putInt(0);
        tcp.put((byte) 0x50).put((byte) flags).putShort((short) 1000).putInt(0).put(payload);
        return packet(framed(ip(6, 0, 0, tcp.array(), sourcePort == 53)));
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    private static byte[] udpBytes(int sourcePort, int destinationPort, byte[] payload) {
        ByteBuffer udp = ByteBuffer.allocate(8 + payload.length);
        udp.putShort((short) sourcePort).putShort((short) destinationPort);
        udp.putShort((short) (8 + payload.length)).putShort((short) 0).put(payload);
        return udp.array();
    }

    private static byte[] ip(int protocol, int id, int fragment, byte[] payload, boolean answer) {
        ByteBuffer ip = ByteBuffer.allocate(20 + payload.length);
        ip.put((byte) 0x45).put((byte) 0).putShort((short) (20 + payload.length));
        ip.putShort((short) id)
                .putShort((short) fragment)
                .put((byte) 64)
                .put((byte) protocol)
                .putShort((short) 0);
        byte[] low = {(byte) 192, 0, 2, 1};
        byte[] high = {(byte) 198, 51, 100, 2};
        ip.put(answer ? high : low).put(answer ? low : high).put(payload);
        return ip.array();
    }

    private byte[] framed(byte[] ip) {
        int header = switch (link) {
            case 1 -> 18;
            case 113 -> 16;
            default -> 0;
        };
        byte[] frame = new byte[header + ip.length];
        System.arraycopy(ip, 0, frame, header, ip.length);
        if (link == 1) {
            frame[12] = (byte) 0x81; // a VLAN tag
            frame[16] = 8;
        } else if (link == 113) {
            frame[14] = 8;
        }
        return frame;
    }
}
