package dev.panoptes.sensors.flow;

import dev.panoptes.core.event.FieldMap;
import dev.panoptes.sensors.replay.Output;
import java.time.Instant;
import java.util.Arrays;

/** NetFlow version 5: a header of 24 octets and 1 to 30 records of 48. Pure. */
final class Version5 {
    private static final int HEADER = 24;
    private static final int RECORD = 48;
    private static final int MOST = 30;

    private static final String[] NAMES = {
        "sourceIPv4Address",
        "destinationIPv4Address",
        "ipNextHopIPv4Address",
        "ingressInterface",
        "egressInterface",
        "packetDeltaCount",
        "octetDeltaCount",
        "flowStartSysUpTime",
        "flowEndSysUpTime",
        "sourceTransportPort",
        "destinationTransportPort",
        "tcpControlBits",
        "protocolIdentifier",
        "ipClassOfService",
        "bgpSourceAsNumber",
        "bgpDestinationAsNumber",
        "sourceIPv4PrefixLength",
        "destinationIPv4PrefixLength",
        "engineType",
        "engineId"
    };

    private Version5() {}

    /** True where the count is possible and is what the length says. */
    static boolean fits(byte[] data, int at, int length) {
        if (length < HEADER) {
            return false;
        }
        int count = (int) Values.number(data, at + 2, 2);
        return count >= 1 && count <= MOST && length == HEADER + count * RECORD;
    }

    static void records(byte[] data, int at, int count, Exporter exporter, Output out) {
        long up = Values.number(data, at + 4, 4);
        long seconds = Values.number(data, at + 8, 4);
        long nanos = Math.min(999_999_999, Values.number(data, at + 12, 4));
        Instant exported = Instant.ofEpochSecond(seconds, nanos);
        FlowContext context = new FlowContext(5, exported, seconds * 1000 + nanos / 1_000_000 - up, up);
        long engineType = data[at + 20] & 0xff;
        long engineId = data[at + 21] & 0xff;
        // The two highest bits are the mode of sampling.
        long sampling = Values.number(data, at + 22, 2) & 0x3fff;
        for (int i = 0; i < count; i++) {
            FlowRecord record = record(data, at + HEADER + i * RECORD, context, engineType, engineId);
            out.event(record.event(exported, "netflow", exporter.told(sampling), 0));
        }
    }

    private static FlowRecord record(byte[] data, int at, FlowContext context, long engineType, long engineId) {
        FlowRecord record = new FlowRecord();
        record.source = Arrays.copyOfRange(data, at, at + 4);
        record.destination = Arrays.copyOfRange(data, at + 4, at + 8);
        record.sourceText = Values.ipv4(data, at);
        record.destinationText = Values.ipv4(data, at + 4);
        record.ingress = Values.number(data, at + 12, 2);
        record.egress = Values.number(data, at + 14, 2);
        record.sourcePackets = Values.number(data, at + 16, 4);
        record.sourceBytes = Values.number(data, at + 20, 4);
        long first = Values.number(data, at + 24, 4);
        long last = Values.number(data, at + 28, 4);
        record.start = context.at(first);
        record.end = context.at(last);
        record.protocol = data[at + 38] & 0xff;
        record.sourcePort = Values.number(data, at + 32, 2);
        record.destinationPort = Values.number(data, at + 34, 2);
        record.fields = FieldMap.of(NAMES, new Object[] {
            record.sourceText,
            record.destinationText,
            Values.ipv4(data, at + 8),
            record.ingress,
            record.egress,
            record.sourcePackets,
            record.sourceBytes,
            first,
            last,
            record.sourcePort,
            record.destinationPort,
            (long) (data[at + 37] & 0xff),
            (long) record.protocol,
            (long) (data[at + 39] & 0xff),
            Values.number(data, at + 40, 2),
            Values.number(data, at + 42, 2),
            (long) (data[at + 44] & 0xff),
            (long) (data[at + 45] & 0xff),
            engineType,
            engineId
        });
        if (record.protocol == 1) {
            record.icmp = record.destinationPort;
        }
        return record;
    }
}
