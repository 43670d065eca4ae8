package dev.panoptes.sensors.flow;

import dev.panoptes.core.event.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One flow as it is gathered from its fields. For one thread. */
final class FlowRecord {
    Map<String, Object> fields = new LinkedHashMap<>(48);
    byte @Nullable [] source;
    byte @Nullable [] destination;

    @Nullable
    String sourceText;

    @Nullable
    String destinationText;

    long sourcePort = -1;
    long destinationPort = -1;
    int protocol = -1;
    long sourceBytes = -1;
    long sourcePackets = -1;
    long destinationBytes = -1;
    long destinationPackets = -1;
    long ingress = -1;
    long egress = -1;
    long direction = -1;
    long icmp = -1;

    @Nullable
    Instant start;

    @Nullable
    Instant end;

    @Nullable
    Instant observed;

    long durationMillis = -1;

    /** Repeated elements become a list, in their order. */
    void put(String key, Object value) {
        Object before = fields.putIfAbsent(key, value);
        if (before == null) {
            return;
        }
        List<Object> all = new ArrayList<>();
        if (before instanceof Repeated repeated) {
            all.addAll(repeated);
        } else {
            all.add(before);
        }
        all.add(value);
        fields.put(key, new Repeated(all));
    }

    /** A list that stands for an element that was there several times. */
    private static final class Repeated extends ArrayList<Object> {
        private static final long serialVersionUID = 1;

        Repeated(List<Object> values) {
            super(values);
        }
    }

    /** @param exported when the exporter sent it, for flows that tell no time */
    Event.Builder event(@Nullable Instant exported, String provider, Map<String, Object> exporter, long templateId) {
        Event.Builder event = Event.builder();
        Instant told = observed != null ? observed : exported;
        Instant time = end != null ? end : start != null ? start : told;
        event.put("@timestamp", time == null ? null : Event.text(time));
        Map<String, Object> inner = Event.object();
        inner.put("action", "flow");
        inner.put("category", CATEGORIES);
        inner.put("type", TYPES);
        inner.put("provider", provider);
        if (start != null) {
            inner.put("start", Event.text(start));
        }
        if (end != null) {
            inner.put("end", Event.text(end));
        }
        if (start != null && end != null && !end.isBefore(start)) {
            inner.put("duration", Duration.between(start, end).toNanos());
        } else if (durationMillis >= 0) {
            inner.put("duration", durationMillis * 1_000_000);
        }
        event.put("event", inner);
        event.put("source", side(sourceText, sourcePort, sourceBytes, sourcePackets));
        event.put("destination", side(destinationText, destinationPort, destinationBytes, destinationPackets));
        event.put("network", network());
        if (ingress >= 0) {
            event.put("observer.ingress.interface.id", Long.toString(ingress));
        }
        if (egress >= 0) {
            event.put("observer.egress.interface.id", Long.toString(egress));
        }
        Map<String, Object> flow = Event.object();
        flow.put("exporter", exporter);
        if (templateId > 0) {
            flow.put("template_id", templateId);
        }
        if (!fields.isEmpty()) {
            flow.put("fields", fields);
        }
        return event.put("flow", flow);
    }

    private static final List<String> CATEGORIES = List.of("network");
    private static final List<String> TYPES = List.of("connection");

    private static Map<String, Object> side(@Nullable String address, long port, long bytes, long packets) {
        Map<String, Object> side = Event.object();
        if (address != null) {
            side.put("ip", address);
        }
        if (port >= 0) {
            side.put("port", port);
        }
        if (bytes >= 0) {
            side.put("bytes", bytes);
        }
        if (packets >= 0) {
            side.put("packets", packets);
        }
        return side;
    }

    private Map<String, Object> network() {
        Map<String, Object> network = Event.object();
        if (protocol >= 0) {
            String transport = Protocols.name(protocol);
            if (transport != null) {
                network.put("transport", transport);
            }
            network.put("iana_number", Integer.toString(protocol));
        }
        if (source != null) {
            network.put("type", source.length == 4 ? "ipv4" : "ipv6");
        }
        if (sourceBytes >= 0 || destinationBytes >= 0) {
            network.put("bytes", Math.max(0, sourceBytes) + Math.max(0, destinationBytes));
        }
        if (sourcePackets >= 0 || destinationPackets >= 0) {
            network.put("packets", Math.max(0, sourcePackets) + Math.max(0, destinationPackets));
        }
        if (direction == 0 || direction == 1) {
            network.put("direction", direction == 0 ? "ingress" : "egress");
        }
        if (source != null && destination != null && protocol >= 0 && source.length == destination.length) {
            network.put(
                    "community_id", CommunityId.of(source, destination, protocol, sourcePort, destinationPort, icmp));
        }
        return network;
    }
}
