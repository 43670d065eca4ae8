package dev.panoptes.sensors.flow;

import java.util.Arrays;

/** The first octets of a packet: Ethernet with VLAN tags, the outermost IP header, and the ports. For one packet. */
final class SampledPacket {
    private static final int MOST_EXTENSIONS = 8;

    private final byte[] data;
    private final int end;
    private final FlowRecord record;

    SampledPacket(byte[] data, int end, FlowRecord record) {
        this.data = data;
        this.end = end;
        this.record = record;
    }

    void ethernet(int from) {
        if (end - from < 14) {
            return;
        }
        record.fields.put("destinationMacAddress", Values.mac(data, from));
        record.fields.put("sourceMacAddress", Values.mac(data, from + 6));
        int at = from + 12;
        int type = number(at);
        at += 2;
        while ((type == 0x8100 || type == 0x88a8 || type == 0x9100) && end - at >= 4) {
            record.fields.putIfAbsent("vlanId", (long) (number(at) & 0xfff));
            type = number(at + 2);
            at += 4;
        }
        record.fields.put("ethernetType", (long) type);
        if (type == 0x0800 || type == 0x86dd) {
            internet(at);
        }
    }

    void internet(int at) {
        if (at >= end) {
            return;
        }
        int version = data[at] >> 4 & 15;
        if (version == 4 && end - at >= 20) {
            int header = (data[at] & 15) * 4;
            record.sourceBytes = number(at + 2);
            record.protocol = data[at + 9] & 0xff;
            record.fields.put("ipVersion", 4L);
            record.fields.put("ipClassOfService", (long) (data[at + 1] & 0xff));
            record.fields.put("ipTotalLength", record.sourceBytes);
            record.fields.put("ipTTL", (long) (data[at + 8] & 0xff));
            addresses(at + 12, 4);
            record.fields.put("protocolIdentifier", (long) record.protocol);
            boolean first = (number(at + 6) & 0x1fff) == 0;
            if (first && header >= 20) {
                transport(at + header);
            }
        } else if (version == 6 && end - at >= 40) {
            record.sourceBytes = number(at + 4) + 40L;
            record.fields.put("ipVersion", 6L);
            record.fields.put("ipClassOfService", (long) (number(at) >> 4 & 0xff));
            record.fields.put("flowLabelIPv6", Values.number(data, at, 4) & 0xfffff);
            record.fields.put("ipTotalLength", record.sourceBytes);
            record.fields.put("ipTTL", (long) (data[at + 7] & 0xff));
            addresses(at + 8, 16);
            extensions(data[at + 6] & 0xff, at + 40);
        }
    }

    private void extensions(int first, int from) {
        int next = first;
        int at = from;
        boolean fragment = false;
        for (int i = 0;
                i < MOST_EXTENSIONS && (next == 0 || next == 43 || next == 44 || next == 60) && end - at >= 8;
                i++) {
            boolean here = next == 44;
            fragment |= here && (number(at + 2) & ~7) != 0;
            int size = here ? 8 : 8 + (data[at + 1] & 0xff) * 8;
            next = data[at] & 0xff;
            at += size;
        }
        record.protocol = next;
        record.fields.put("protocolIdentifier", (long) next);
        if (!fragment) {
            transport(at);
        }
    }

    /** Source and destination, one behind the other. */
    void addresses(int at, int size) {
        record.source = Arrays.copyOfRange(data, at, at + size);
        record.destination = Arrays.copyOfRange(data, at + size, at + 2 * size);
        record.sourceText = size == 4 ? Values.ipv4(data, at) : Values.ipv6(data, at);
        record.destinationText = size == 4 ? Values.ipv4(data, at + 4) : Values.ipv6(data, at + 16);
        String family = size == 4 ? "IPv4Address" : "IPv6Address";
        record.fields.put("source" + family, record.sourceText);
        record.fields.put("destination" + family, record.destinationText);
    }

    private void transport(int at) {
        int protocol = record.protocol;
        if ((protocol == 6 || protocol == 17 || protocol == 132) && end - at >= 4) {
            record.sourcePort = number(at);
            record.destinationPort = number(at + 2);
            record.fields.put("sourceTransportPort", record.sourcePort);
            record.fields.put("destinationTransportPort", record.destinationPort);
            if (protocol == 6 && end - at >= 14) {
                record.fields.put("tcpControlBits", (long) (number(at + 12) & 0x1ff));
            }
        } else if ((protocol == 1 || protocol == 58) && end - at >= 2) {
            record.icmp = number(at);
            record.fields.put(protocol == 1 ? "icmpTypeCodeIPv4" : "icmpTypeCodeIPv6", record.icmp);
        }
    }

    private int number(int at) {
        return (int) Values.number(data, at, 2);
    }
}
