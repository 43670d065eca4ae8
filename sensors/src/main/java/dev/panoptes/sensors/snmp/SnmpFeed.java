package dev.panoptes.sensors.snmp;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.Datagram;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event a trap or inform. What cannot be read, or whose sender could not prove himself, is counted. For one thread. */
final class SnmpFeed implements Feed {
    private static final int TRAPS = 162;

    private final SnmpParser parser;
    private final SnmpConfiguration configuration;

    SnmpFeed(SnmpConfiguration configuration) {
        this.configuration = configuration;
        this.parser = new SnmpParser(configuration.users());
    }

    @Override
    public boolean wants(boolean tcp, int sourcePort, int destinationPort) {
        return !tcp && (sourcePort == TRAPS || destinationPort == TRAPS);
    }

    @Override
    public void datagram(Datagram datagram, Output out) {
        SnmpMessage message = read(datagram);
        if (message == null) {
            out.malformed();
            return;
        }
        SnmpMessage.Trap trap = message.trap();
        if (trap != null) {
            out.event(event(message, trap, datagram));
        }
    }

    /** Null where it cannot be read or believed. */
    @Nullable
    SnmpMessage read(Datagram datagram) {
        try {
            SnmpMessage message =
                    parser.parse(datagram.data(), datagram.offset(), datagram.offset() + datagram.length());
            byte[] community = message.community();
            return community != null && message.trap() != null && !configuration.knows(community) ? null : message;
        } catch (Ber.Broken e) {
            return null;
        }
    }

    /** The answer that an inform waits for (RFC 3416 section 4.2.7); null for other messages. */
    static byte @Nullable [] answer(SnmpMessage message) {
        byte[] community = message.community();
        if (message.pdu() != SnmpMessage.INFORM || community == null) {
            return null;
        }
        return Ber.encode(
                Ber.SEQUENCE,
                Ber.encodeInteger(1),
                Ber.encode(Ber.OCTETS, community),
                Ber.encode(
                        0xa2,
                        Ber.encodeInteger(message.requestId()),
                        Ber.encodeInteger(0),
                        Ber.encodeInteger(0),
                        message.bindings()));
    }

    private Event.Builder event(SnmpMessage message, SnmpMessage.Trap trap, Datagram datagram) {
        List<Map<String, Object>> variables = new ArrayList<>();
        for (SnmpMessage.Variable variable : trap.variables()) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("oid", variable.oid());
            told.put("type", variable.type());
            if (variable.value() != null) {
                told.put("value", variable.value());
            }
            variables.add(told);
        }
        String sender = datagram.sourceText();
        Event.Builder event = Event.builder()
                .put("@timestamp", datagram.time())
                .put("event.action", "trap")
                .put("event.category", List.of("network"))
                .put("event.type", List.of("info"))
                .put("event.provider", "snmp_trap")
                .put("source.ip", sender);
        if (sender != null) {
            event.put("source.port", (long) datagram.sourcePort());
        }
        String receiver = datagram.destinationText();
        event.put("destination.ip", receiver);
        if (receiver != null) {
            event.put("destination.port", (long) datagram.destinationPort());
        }
        if (sender != null) {
            event.put("network.type", sender.indexOf(':') >= 0 ? "ipv6" : "ipv4");
        }
        return event.put("network.transport", "udp")
                .put("network.protocol", "snmp")
                .put("snmp.version", message.version())
                .put("snmp.device", sender == null ? null : configuration.deviceName(sender))
                .put("snmp.engine_id", message.engineId())
                .put("user.name", message.user() == null || message.user().isEmpty() ? null : message.user())
                .put("snmp.inform", message.pdu() == SnmpMessage.INFORM ? true : null)
                .put("snmp.trap.oid", trap.oid())
                .put("snmp.trap.enterprise", trap.enterprise())
                .put("snmp.trap.agent_address", trap.agentAddress())
                .put("snmp.trap.uptime", trap.uptimeTicks())
                .put("snmp.trap.variables", variables);
    }
}
