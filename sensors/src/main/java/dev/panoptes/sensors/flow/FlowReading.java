package dev.panoptes.sensors.flow;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds in the elements of a record what events tell outside of {@code flow.fields}. For one thread. */
final class FlowReading {
    private final FlowRecord record;
    private final FlowContext context;
    private final Ends version4 = new Ends(4);
    private @Nullable Ends version6;
    private boolean sixFirst;
    private TemplateParser.@Nullable Sampling sampling;
    private long startUp = -1;
    private long endUp = -1;
    private long boot = -1;
    private long totalBytes = -1;
    private long totalPackets = -1;
    private long reverseBytes = -1;
    private long reversePackets = -1;
    private long icmpType = -1;
    private long icmpCode = -1;

    FlowReading(FlowRecord record, FlowContext context) {
        this.record = record;
        this.context = context;
    }

    /** @param value as {@link Values#read} made it of the octets */
    void take(Template.Field field, Object value, byte[] data, int at, int length) {
        long number = value instanceof Long amount ? amount : -1;
        if (field.reverse()) {
            switch (field.number()) {
                case 1 -> record.destinationBytes = number;
                case 2 -> record.destinationPackets = number;
                case 85 -> reverseBytes = number;
                case 86 -> reversePackets = number;
                default -> {
                    // stands in the fields only
                }
            }
            return;
        }
        switch (field.number()) {
            case 1 -> record.sourceBytes = number;
            case 2 -> record.sourcePackets = number;
            case 4 -> record.protocol = (int) number;
            case 7 -> record.sourcePort = number;
            case 11 -> record.destinationPort = number;
            case 180, 182, 205 ->
                record.sourcePort = record.sourcePort < 0 && field.number() != 205 ? number : record.sourcePort;
            case 181, 183 -> record.destinationPort = record.destinationPort < 0 ? number : record.destinationPort;
            case 8 -> version4.source(value, data, at, length);
            case 12 -> version4.destination(value, data, at, length);
            case 27 -> version6().source(value, data, at, length);
            case 28 -> version6().destination(value, data, at, length);
            case 10 -> record.ingress = number;
            case 14 -> record.egress = number;
            case 252 -> record.ingress = record.ingress < 0 ? number : record.ingress;
            case 253 -> record.egress = record.egress < 0 ? number : record.egress;
            case 32, 139 -> record.icmp = number;
            case 176, 178 -> icmpType = number;
            case 177, 179 -> icmpCode = number;
            case 61 -> record.direction = number;
            case 85 -> totalBytes = number;
            case 86 -> totalPackets = number;
            case 231 -> record.sourceBytes = record.sourceBytes < 0 ? number : record.sourceBytes;
            case 298 -> record.sourcePackets = record.sourcePackets < 0 ? number : record.sourcePackets;
            case 232 -> reverseBytes = number;
            case 299 -> reversePackets = number;
            case 21 -> endUp = number;
            case 22 -> startUp = number;
            case 150, 152, 154, 156 -> record.start = time(value, record.start);
            case 151, 153, 155, 157 -> record.end = time(value, record.end);
            case 158 -> record.start = earlier(number, record.start);
            case 159 -> record.end = earlier(number, record.end);
            case 160 -> {
                Instant started = time(value, null);
                boot = started == null ? -1 : started.toEpochMilli();
            }
            case 322, 323, 324, 325 -> record.observed = time(value, record.observed);
            case 161 -> record.durationMillis = number;
            case 162 -> record.durationMillis = record.durationMillis < 0 ? number / 1000 : record.durationMillis;
            case 34, 48, 50, 302, 305, 306, 309, 310, 311 -> {
                TemplateParser.Sampling said = sampling == null ? new TemplateParser.Sampling() : sampling;
                sampling = said;
                said.take(field.number(), value);
            }
            default -> {
                // stands in the fields only
            }
        }
    }

    private Ends version6() {
        Ends ends = version6;
        if (ends == null) {
            ends = new Ends(16);
            version6 = ends;
            sixFirst = version4.source == null && version4.destination == null;
        }
        return ends;
    }

    /**
     * Both ends in one family: exporters fill the one that a flow is not of with zeros, or tell what is in a tunnel beside it. The
     * other family gives what the chosen one does not have at all.
     */
    private void ends() {
        Ends six = version6;
        if (six == null) {
            version4.give(record);
            return;
        }
        int difference = six.told() - version4.told();
        boolean isSix = difference > 0 || (difference == 0 && sixFirst);
        Ends other = isSix ? version4 : six;
        if (other.told() > 0) {
            other.give(record);
        }
        (isSix ? six : version4).give(record);
    }

    private static @Nullable Instant time(Object value, @Nullable Instant before) {
        return value instanceof String text && text.endsWith("Z") ? Instant.parse(text) : before;
    }

    private @Nullable Instant earlier(long micros, @Nullable Instant before) {
        Instant exported = context.exported();
        return exported == null || micros < 0 ? before : exported.minusNanos(micros * 1000);
    }

    void finish() {
        ends();
        if (record.sourceBytes < 0) {
            record.sourceBytes = totalBytes;
        }
        if (record.sourcePackets < 0) {
            record.sourcePackets = totalPackets;
        }
        if (record.destinationBytes < 0) {
            record.destinationBytes = reverseBytes;
        }
        if (record.destinationPackets < 0) {
            record.destinationPackets = reversePackets;
        }
        if (record.start == null && startUp >= 0) {
            record.start = since(startUp);
        }
        if (record.end == null && endUp >= 0) {
            record.end = since(endUp);
        }
        if (record.icmp < 0 && icmpType >= 0) {
            record.icmp = icmpType << 8 | Math.max(0, icmpCode);
        }
        if (record.icmp < 0 && (record.protocol == 1 || record.protocol == 58) && record.destinationPort > 0) {
            record.icmp = record.destinationPort;
        }
    }

    private @Nullable Instant since(long millis) {
        return boot >= 0 ? Instant.ofEpochMilli(boot + millis) : context.at(millis);
    }

    /** What the record itself says of sampling; -1 where it says nothing. */
    long interval() {
        return sampling == null ? -1 : sampling.interval();
    }

    @Nullable
    Long sampler() {
        return sampling == null ? null : sampling.sampler;
    }

    /** The two ends of a flow in one family. For one thread. */
    private static final class Ends {
        private final int length;
        private byte @Nullable [] source;
        private byte @Nullable [] destination;
        private @Nullable String sourceText;
        private @Nullable String destinationText;

        Ends(int length) {
            this.length = length;
        }

        void source(Object text, byte[] data, int at, int size) {
            if (size == length && isBetter(data, at, source)) {
                source = Arrays.copyOfRange(data, at, at + size);
                sourceText = (String) text;
            }
        }

        void destination(Object text, byte[] data, int at, int size) {
            if (size == length && isBetter(data, at, destination)) {
                destination = Arrays.copyOfRange(data, at, at + size);
                destinationText = (String) text;
            }
        }

        /** Of several the first counts, which is the outermost header's (RFC 7011 section 8); zeros do not hide one behind them. */
        private boolean isBetter(byte[] data, int at, byte @Nullable [] before) {
            return before == null || (isZero(before, 0) && !isZero(data, at));
        }

        private boolean isZero(byte[] data, int at) {
            for (int i = at; i < at + length; i++) {
                if (data[i] != 0) {
                    return false;
                }
            }
            return true;
        }

        /** How many ends are told that are not zeros. */
        int told() {
            return (source == null || isZero(source, 0) ? 0 : 1)
                    + (destination == null || isZero(destination, 0) ? 0 : 1);
        }

        void give(FlowRecord record) {
            if (source != null) {
                record.source = source;
                record.sourceText = sourceText;
            }
            if (destination != null) {
                record.destination = destination;
                record.destinationText = destinationText;
            }
        }
    }
}
