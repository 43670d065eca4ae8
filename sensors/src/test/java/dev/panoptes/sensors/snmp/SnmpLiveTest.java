package dev.panoptes.sensors.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.live.UdpListener;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.snmp4j.CommandResponder;
import org.snmp4j.CommandResponderEvent;
import org.snmp4j.MessageException;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.mp.StatusInformation;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

class SnmpLiveTest {
    private final CopyOnWriteArrayList<Event> events = new CopyOnWriteArrayList<>();
    private final EventSink sink = new EventSink() {
        @Override
        public void event(Event.Builder event) {
            events.add(event.build());
        }

        @Override
        public void lost(Loss reason, String provider, long count) {
            throw new AssertionError("nothing is lost here");
        }

        @Override
        public void malformed(String provider, long count) {
            throw new AssertionError("everything can be read here");
        }

        @Override
        public void position(String source, String position) {
            throw new AssertionError("datagrams have no position");
        }

        @Override
        public void flush() {
            // nothing is held back
        }
    };

    @Test
    void pollsAndTellsWhatChanged() throws IOException, InterruptedException {
        AtomicReference<Map<OID, Variable>> values = new AtomicReference<>(values(500, 1));
        try (Snmp agent =
                new Snmp(new DefaultUdpTransportMapping(new UdpAddress(InetAddress.getLoopbackAddress(), 0)))) {
            agent.addCommandResponder(new CommandResponder() {
                @Override
                public <A extends Address> void processPdu(CommandResponderEvent<A> request) {
                    answer(agent, request, new TreeMap<>(values.get()));
                }
            });
            agent.listen();
            UdpAddress at = (UdpAddress) agent.getMessageDispatcher()
                    .getTransportMappings()
                    .iterator()
                    .next()
                    .getListenAddress();
            SnmpDevice device = new SnmpDevice("core", "127.0.0.1", at.getPort(), "2c", "secret", null, List.of());
            SnmpPoller poller = new SnmpPoller(List.of(device), sink);
            try {
                poller.collect(new Cycle(1, Instant.EPOCH));
                values.set(values(7, 2));
                poller.collect(new Cycle(2, Instant.EPOCH));
            } finally {
                poller.close();
            }
        }

        assertThat(events)
                .extracting(Event::action)
                .containsExactly("polled", "polled", "polled", "polled", "rebooted", "polled", "interface_changed");
        assertThat(events.get(1).text("snmp.value")).isEqualTo("core.example");
        assertThat(events.getLast().text("snmp.interface.name")).isEqualTo("eth0");
        assertThat(events.getLast().text("snmp.interface.previous_status")).isEqualTo("up");
        assertThat(events.toString()).doesNotContain("secret");
    }

    private static Map<OID, Variable> values(long uptime, int state) {
        return Map.of(
                new OID("1.3.6.1.2.1.1.3.0"), new TimeTicks(uptime),
                new OID("1.3.6.1.2.1.1.5.0"), new OctetString("core.example"),
                new OID("1.3.6.1.2.1.2.2.1.2.7"), new OctetString("eth0"),
                new OID("1.3.6.1.2.1.2.2.1.7.7"), new Integer32(1),
                new OID("1.3.6.1.2.1.2.2.1.8.7"), new Integer32(state));
    }

    private static <A extends Address> void answer(
            Snmp agent, CommandResponderEvent<A> request, TreeMap<OID, Variable> values) {
        PDU pdu = request.getPDU();
        boolean next = pdu.getType() == PDU.GETNEXT;
        for (int i = 0; i < pdu.size(); i++) {
            OID oid = pdu.get(i).getOid();
            OID found = next ? values.higherKey(oid) : values.containsKey(oid) ? oid : null;
            pdu.set(
                    i,
                    found == null
                            ? new VariableBinding(oid, Null.noSuchObject)
                            : new VariableBinding(found, values.get(found)));
        }
        pdu.setType(PDU.RESPONSE);
        try {
            agent.getMessageDispatcher()
                    .returnResponsePdu(
                            request.getMessageProcessingModel(),
                            request.getSecurityModel(),
                            request.getSecurityName(),
                            request.getSecurityLevel(),
                            pdu,
                            request.getMaxSizeResponsePDU(),
                            request.getStateReference(),
                            new StatusInformation());
        } catch (MessageException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void receivesAnInformAndAnswersIt() throws IOException, InterruptedException {
        byte[] inform = HexFormat.of()
                .parseHex("303a02010104067075626c6963a62d020107020100020100302230"
                        + "0d06082b060102010103004301643011060a2b06010603010104010006032b0601");
        SnmpConfiguration configuration = new SnmpConfiguration(
                List.of("127.0.0.1:0"),
                List.of("public".getBytes(StandardCharsets.UTF_8)),
                new SnmpUsers(Map.of()),
                Map.of("127.0.0.1", "loop"));
        SnmpFeed feed = new SnmpFeed(configuration);
        UdpListener listener = new UdpListener(
                "snmp", configuration.listen(), feed, InstantSource.fixed(Instant.EPOCH), sink, datagram -> {
                    SnmpMessage message = feed.read(datagram);
                    return message == null ? null : SnmpFeed.answer(message);
                });
        try (DatagramSocket sender = new DatagramSocket()) {
            sender.setSoTimeout(10_000);
            sender.send(
                    new DatagramPacket(inform, inform.length, listener.bound().getFirst()));
            DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
            sender.receive(answer);
            assertThat(answer.getData()[13] & 0xff).isEqualTo(0xa2);
        } finally {
            listener.close();
        }

        assertThat(events).extracting(Event::action).containsExactly("trap");
        assertThat(events.getFirst().text("snmp.device")).isEqualTo("loop");
    }
}
