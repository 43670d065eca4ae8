package dev.panoptes.sensors.flow;

import dev.panoptes.sensors.replay.Datagram;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.Output;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams of exporters: NetFlow v5 and v9 (RFC 3954), IPFIX (RFC 7011), sFlow v5, known by their first octets. State is kept per
 * exporter's address and observation domain. For one thread.
 */
final class FlowFeed implements Feed {
    private static final int MOST_EXPORTERS = 1024;
    /** Where exporters send by custom: what cannot be read there is malformed, elsewhere it is somebody else's. */
    private static final Set<Integer> PORTS =
            Set.of(2055, 2056, 4432, 4729, 4739, 6343, 9025, 9026, 9555, 9666, 9995, 9996, 9997);

    private final TemplateParser templated;
    private final Map<Key, Exporter> exporters = new LinkedHashMap<>(16, 0.75f, true);
    private long lost;

    FlowFeed(Elements elements) {
        this.templated = new TemplateParser(elements);
    }

    @Override
    public boolean wants(boolean tcp, int sourcePort, int destinationPort) {
        return !tcp;
    }

    private record Key(@Nullable String address, int version, long domain) {}

    @Override
    public void datagram(Datagram datagram, Output out) {
        byte[] data = datagram.data();
        int at = datagram.offset();
        int length = datagram.length();
        boolean expected = datagram.source() == null || PORTS.contains(datagram.destinationPort());
        int version = length < 16 ? -1 : (int) Values.number(data, at, 2);
        switch (version) {
            case 5 -> {
                if (expected || Version5.fits(data, at, length)) {
                    version5(datagram, out);
                }
            }
            case 9 -> {
                if (expected || TemplateParser.looksLikeVersion9(data, at, length)) {
                    version9(datagram, out);
                }
            }
            case 10 -> {
                if (expected || (int) Values.number(data, at + 2, 2) == length) {
                    ipfix(datagram, out);
                }
            }
            case 0 -> {
                if (Sflow.matches(data, at, length)) {
                    sflow(datagram, out);
                } else if (expected) {
                    out.malformed();
                }
            }
            default -> {
                if (expected) {
                    out.malformed();
                }
            }
        }
        if (lost > 0) {
            out.lost("flow", lost);
            lost = 0;
        }
    }

    private void version5(Datagram datagram, Output out) {
        byte[] data = datagram.data();
        int at = datagram.offset();
        if (!Version5.fits(data, at, datagram.length())) {
            out.malformed();
            return;
        }
        long engine = Values.number(data, at + 20, 2);
        Exporter exporter = exporter(datagram.sourceText(), 5, engine);
        int count = (int) Values.number(data, at + 2, 2);
        exporter.follow(Values.number(data, at + 16, 4), count);
        Version5.records(data, at, count, exporter, out);
    }

    private void version9(Datagram datagram, Output out) {
        byte[] data = datagram.data();
        int at = datagram.offset();
        if (datagram.length() < 20) {
            out.malformed();
            return;
        }
        long up = Values.number(data, at + 4, 4);
        long seconds = Values.number(data, at + 8, 4);
        FlowContext context = new FlowContext(9, Instant.ofEpochSecond(seconds), seconds * 1000 - up, up);
        Exporter exporter = exporter(datagram.sourceText(), 9, Values.number(data, at + 16, 4));
        exporter.follow(Values.number(data, at + 12, 4), 1);
        boolean whole = templated.sets(data, at + 20, at + datagram.length(), context, exporter, out) >= -1;
        if (!whole || datagram.truncated()) {
            out.malformed();
        }
    }

    private void ipfix(Datagram datagram, Output out) {
        byte[] data = datagram.data();
        int at = datagram.offset();
        int end = at + datagram.length();
        boolean whole = !datagram.truncated();
        while (end - at >= 16 && (int) Values.number(data, at, 2) == 10) {
            int told = (int) Values.number(data, at + 2, 2);
            // A message that is longer than what came is discarded whole (RFC 7011 section 9) but where the capture is
            // cut.
            if (told < 16 || (at + told > end && !datagram.truncated())) {
                whole = false;
                break;
            }
            int last = Math.min(end, at + told);
            FlowContext context =
                    new FlowContext(10, Instant.ofEpochSecond(Values.number(data, at + 4, 4)), FlowContext.NO_BOOT, 0);
            Exporter exporter = exporter(datagram.sourceText(), 10, Values.number(data, at + 12, 4));
            long records = templated.sets(data, at + 16, last, context, exporter, out);
            exporter.follow(Values.number(data, at + 8, 4), records >= 0 ? records : -1);
            whole &= records >= -1;
            at = last;
        }
        if (!whole) {
            out.malformed();
        }
    }

    private void sflow(Datagram datagram, Output out) {
        Sflow reader = new Sflow(datagram);
        if (!reader.header()) {
            out.malformed();
            return;
        }
        String address = datagram.sourceText();
        Exporter exporter = exporter(address == null ? reader.agent() : address, 0, reader.subAgent());
        exporter.follow(reader.sequence(), 1);
        if (!reader.samples(exporter, out)) {
            out.malformed();
        }
    }

    private Exporter exporter(@Nullable String address, int version, long domain) {
        return exporters.computeIfAbsent(new Key(address, version, domain), key -> {
            if (exporters.size() >= MOST_EXPORTERS) {
                Iterator<Exporter> oldest = exporters.values().iterator();
                lost += oldest.next().takeLost(true);
                oldest.remove();
            }
            Map<String, Object> told = new LinkedHashMap<>();
            if (address != null) {
                told.put("address", address);
            }
            told.put("version", version == 0 ? 5L : (long) version);
            told.put("source_id", domain);
            return new Exporter(told);
        });
    }

    @Override
    public void idle(Instant now, Output out) {
        tellLost(false, out);
    }

    @Override
    public void finish(Output out) {
        tellLost(true, out);
    }

    private void tellLost(boolean end, Output out) {
        long all = lost;
        lost = 0;
        for (Exporter exporter : exporters.values()) {
            all += exporter.takeLost(end);
        }
        if (all > 0) {
            out.lost("flow", all);
        }
    }
}
