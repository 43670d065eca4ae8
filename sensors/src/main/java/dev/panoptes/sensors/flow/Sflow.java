package dev.panoptes.sensors.flow;

import dev.panoptes.sensors.replay.Datagram;
import dev.panoptes.sensors.replay.Output;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** sFlow version 5 (sflow.org/sflow_version_5.txt): each flow sample is one flow of one packet. For one datagram. */
final class Sflow {
    private static final int MOST_SAMPLES = 1024;

    private final byte[] data;
    private final int end;
    private final @Nullable Instant time;
    private final boolean truncated;
    private int at;
    private byte[] agent = {};
    private long subAgent;
    private long sequence;

    Sflow(Datagram datagram) {
        this.data = datagram.data();
        this.at = datagram.offset();
        this.end = datagram.offset() + datagram.length();
        this.time = datagram.time();
        this.truncated = datagram.truncated();
    }

    static boolean matches(byte[] data, int at, int length) {
        long kind = length < 28 ? 0 : Values.number(data, at + 4, 4);
        return length >= 28 && Values.number(data, at, 4) == 5 && (kind == 1 || kind == 2);
    }

    /** False where even the header is cut. */
    boolean header() {
        int size = Values.number(data, at + 4, 4) == 1 ? 4 : 16;
        at += 8;
        if (end - at < size + 16) {
            return false;
        }
        agent = Arrays.copyOfRange(data, at, at + size);
        at += size;
        subAgent = word();
        sequence = word();
        word(); // how long the agent has run
        return true;
    }

    String agent() {
        return agent.length == 4 ? Values.ipv4(agent, 0) : Values.ipv6(agent, 0);
    }

    long subAgent() {
        return subAgent;
    }

    long sequence() {
        return sequence;
    }

    /** Tells the flow samples; false where one is broken or cut, after those before it were told. */
    boolean samples(Exporter exporter, Output out) {
        long count = word();
        for (long i = 0; i < count; i++) {
            if (end - at < 8 || i > MOST_SAMPLES) {
                return false;
            }
            long format = word();
            long length = word();
            if (length > end - at) {
                return false;
            }
            int last = at + (int) length;
            if ((format == 1 || format == 3) && !sample(format == 3, last, exporter, out)) {
                return false;
            }
            at = last;
        }
        return !truncated;
    }

    private boolean sample(boolean expanded, int last, Exporter exporter, Output out) {
        if (last - at < (expanded ? 44 : 32)) {
            return false;
        }
        word(); // number of the sample at its source
        at += expanded ? 8 : 4;
        long rate = word();
        at += 8; // pool and drops
        FlowRecord record = new FlowRecord();
        if (expanded) {
            long inFormat = word();
            long in = word();
            long outFormat = word();
            long egress = word();
            record.ingress = inFormat == 0 ? in : -1;
            record.egress = outFormat == 0 ? egress : -1;
        } else {
            long in = word();
            long egress = word();
            record.ingress = in >> 30 == 0 ? in : -1;
            record.egress = egress >> 30 == 0 ? egress : -1;
        }
        long records = word();
        record.sourcePackets = 1;
        if (record.ingress >= 0) {
            record.fields.put("ingressInterface", record.ingress);
        }
        if (record.egress >= 0) {
            record.fields.put("egressInterface", record.egress);
        }
        boolean whole = true;
        for (long i = 0; i < records; i++) {
            if (last - at < 8) {
                whole = false;
                break;
            }
            long format = word();
            long length = word();
            if (length > last - at) {
                whole = false;
                break;
            }
            int next = at + (int) length;
            whole &= record(format, next, record);
            at = Math.min(last, next + (int) (-length & 3));
        }
        record.fields.put(agent.length == 4 ? "exporterIPv4Address" : "exporterIPv6Address", agent());
        record.fields.put("packetDeltaCount", 1L);
        if (record.sourceBytes >= 0) {
            record.fields.put("octetDeltaCount", record.sourceBytes);
        }
        out.event(record.event(time, "sflow", exporter.told(rate), 0));
        return whole;
    }

    private boolean record(long format, int next, FlowRecord record) {
        if (format == 1) {
            if (next - at < 16) {
                return false;
            }
            long protocol = word();
            at += 8; // length of the frame, octets that were taken off
            long length = word();
            if (length > next - at) {
                return false;
            }
            SampledPacket packet = new SampledPacket(data, at + (int) length, record);
            switch ((int) protocol) {
                case 1 -> packet.ethernet(at);
                case 11, 12 -> packet.internet(at);
                default -> {
                    // a link whose packets are not looked into
                }
            }
        } else if (format == 3 && next - at >= 32 && record.source == null) {
            record.sourceBytes = word();
            record.protocol = (int) word();
            new SampledPacket(data, next, record).addresses(at, 4);
            at += 8;
            ports(record);
        } else if (format == 4 && next - at >= 56 && record.source == null) {
            record.sourceBytes = word();
            record.protocol = (int) word();
            new SampledPacket(data, next, record).addresses(at, 16);
            at += 32;
            ports(record);
        } else if (format == 1001 && next - at >= 16) {
            record.fields.put("vlanId", word());
            word();
            record.fields.put("postVlanId", word());
        } else if (format == 1002) {
            router(next, record);
        }
        return true;
    }

    /** The next hop and the lengths of the prefixes that the packet was routed by. */
    private void router(int next, FlowRecord record) {
        long family = word();
        int size = family == 1 ? 4 : family == 2 ? 16 : 0;
        if (size == 0 || next - at < size + 8) {
            return;
        }
        String version = size == 4 ? "IPv4" : "IPv6";
        record.fields.put("ipNextHop" + version + "Address", size == 4 ? Values.ipv4(data, at) : Values.ipv6(data, at));
        at += size;
        record.fields.put("source" + version + "PrefixLength", word());
        record.fields.put("destination" + version + "PrefixLength", word());
    }

    private void ports(FlowRecord record) {
        record.sourcePort = word();
        record.destinationPort = word();
        record.fields.putIfAbsent("protocolIdentifier", (long) record.protocol);
        record.fields.put("sourceTransportPort", record.sourcePort);
        record.fields.put("destinationTransportPort", record.destinationPort);
        record.fields.put("tcpControlBits", word());
    }

    private long word() {
        if (end - at < 4) {
            at = end;
            return 0;
        }
        long value = Values.number(data, at, 4);
        at += 4;
        return value;
    }
}
