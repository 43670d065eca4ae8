package dev.panoptes.sensors.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.Pcap;
import dev.panoptes.sensors.replay.Replayed;
import java.io.ByteArrayOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.PDU;
import org.snmp4j.PDUv1;
import org.snmp4j.ScopedPDU;
import org.snmp4j.Snmp;
import org.snmp4j.UserTarget;
import org.snmp4j.asn1.BER;
import org.snmp4j.mp.MPv3;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.AuthMD5;
import org.snmp4j.security.AuthSHA;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.PrivAES256;
import org.snmp4j.security.PrivDES;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmUser;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

class SnmpFeedTest {
    private static final OID IF_INDEX = new OID("1.3.6.1.2.1.2.2.1.1.7");

    private static SnmpConfiguration configuration(SnmpUsers users, String... communities) {
        return new SnmpConfiguration(
                List.of(),
                Arrays.stream(communities)
                        .map(c -> c.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                users,
                Map.of("192.0.2.1", "core-switch"));
    }

    private static byte[] message(int version, PDU pdu) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        BER.encodeInteger(body, BER.INTEGER, version);
        BER.encodeString(body, BER.OCTETSTRING, "public".getBytes(StandardCharsets.UTF_8));
        pdu.encodeBER(body);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BER.encodeHeader(out, BER.SEQUENCE, body.size());
        body.writeTo(out);
        return out.toByteArray();
    }

    private static PDU trap(PDU pdu, int type) {
        pdu.setType(type);
        pdu.add(new VariableBinding(SnmpConstants.sysUpTime, new TimeTicks(4711)));
        pdu.add(new VariableBinding(SnmpConstants.snmpTrapOID, SnmpConstants.linkDown));
        pdu.add(new VariableBinding(IF_INDEX, new Integer32(-7)));
        pdu.add(new VariableBinding(IF_INDEX, new OctetString("eth0")));
        pdu.add(new VariableBinding(IF_INDEX, new OctetString(new byte[] {0, (byte) 0xff})));
        pdu.add(new VariableBinding(IF_INDEX, new Counter64(-1)));
        pdu.add(new VariableBinding(IF_INDEX, new Gauge32(4_000_000_000L)));
        pdu.add(new VariableBinding(IF_INDEX, new IpAddress("192.0.2.9")));
        return pdu;
    }

    private static Replayed replay(SnmpConfiguration configuration, byte[]... datagrams) {
        Pcap pcap = new Pcap();
        for (byte[] datagram : datagrams) {
            pcap.udp(5000, 162, datagram);
        }
        return Replayed.of("snmp", new SnmpFeed(configuration), pcap.bytes());
    }

    @Test
    void tellsTrapsOfVersion2c() throws Exception {
        byte[] trap = message(1, trap(new PDU(), PDU.TRAP));
        Replayed replayed = replay(configuration(new SnmpUsers(Map.of()), "public"), trap, new byte[] {0x30, 5, 2});

        assertThat(replayed.result().line()).isEqualTo("replayed 2 records, 1 events, 1 malformed, 0 lost");
        Event event = replayed.events().getFirst();
        assertThat(event.text("snmp.version")).isEqualTo("2c");
        assertThat(event.text("snmp.device")).isEqualTo("core-switch");
        assertThat(event.text("snmp.trap.oid")).isEqualTo("1.3.6.1.6.3.1.1.5.3");
        assertThat(event.values("snmp.trap.variables.type"))
                .containsExactly("integer", "octetstring", "octetstring", "counter64", "gauge32", "ipaddress");
        assertThat(event.values("snmp.trap.variables.value").toString())
                .isEqualTo("[-7, eth0, 00ff, 18446744073709551615, 4000000000, 192.0.2.9]");
        assertThat(event.json()).doesNotContain("public");
        assertThat(replay(configuration(new SnmpUsers(Map.of()), "other"), trap)
                        .result()
                        .line())
                .isEqualTo("replayed 1 records, 0 events, 1 malformed, 0 lost");
    }

    @Test
    void translatesTrapsOfVersion1() throws Exception {
        PDUv1 pdu = new PDUv1();
        pdu.setEnterprise(new OID("1.3.6.1.4.1.9"));
        pdu.setAgentAddress(new IpAddress("192.0.2.77"));
        pdu.setGenericTrap(6);
        pdu.setSpecificTrap(12);
        byte[] specific = message(0, pdu);
        pdu.setGenericTrap(3);
        Replayed replayed = replay(configuration(new SnmpUsers(Map.of())), specific, message(0, pdu));

        assertThat(replayed.texts("snmp.trap.oid")).containsExactly("1.3.6.1.4.1.9.0.12", "1.3.6.1.6.3.1.1.5.4");
        assertThat(replayed.texts("snmp.trap.agent_address")).containsOnly("192.0.2.77");
    }

    @Test
    void answersInforms() throws Exception {
        PDU pdu = trap(new PDU(), PDU.INFORM);
        byte[] inform = message(1, pdu);
        SnmpMessage message = new SnmpParser(new SnmpUsers(Map.of())).parse(inform, 0, inform.length);
        pdu.setType(PDU.RESPONSE);

        assertThat(SnmpFeed.answer(message)).isEqualTo(message(1, pdu));
    }

    @ParameterizedTest
    @CsvSource({"MD5, DES", "SHA, AES", "SHA256, AES256", "SHA, AES256"})
    void opensVersion3(SnmpUsers.Authentication authentication, SnmpUsers.Privacy privacy) throws Exception {
        byte[] datagram = sent(authentication, privacy);
        byte[] secret = "a long secret".getBytes(StandardCharsets.UTF_8);
        byte[] other = "another secret".getBytes(StandardCharsets.UTF_8);
        SnmpUsers known = new SnmpUsers(Map.of("alice", new SnmpUsers.User(authentication, secret, privacy, other)));
        SnmpUsers wrong = new SnmpUsers(Map.of("alice", new SnmpUsers.User(authentication, other, privacy, other)));

        Replayed replayed = replay(configuration(known), datagram);
        assertThat(replayed.texts("snmp.trap.oid")).containsExactly("1.3.6.1.6.3.1.1.5.3");
        assertThat(replayed.texts("snmp.engine_id").getFirst()).hasSizeGreaterThan(10);
        assertThat(replay(configuration(wrong), datagram).result().malformed()).isOne();
        assertThat(replay(configuration(new SnmpUsers(Map.of())), datagram).events())
                .isEmpty();
    }

    /** What SNMP4J sends as a trap of version 3. */
    private static byte[] sent(SnmpUsers.Authentication authentication, SnmpUsers.Privacy privacy) throws Exception {
        SecurityProtocols protocols = SecurityProtocols.getInstance();
        protocols.addAuthenticationProtocol(new AuthMD5());
        protocols.addAuthenticationProtocol(new AuthSHA());
        protocols.addAuthenticationProtocol(new AuthHMAC192SHA256());
        protocols.addPrivacyProtocol(new PrivDES());
        protocols.addPrivacyProtocol(new PrivAES128());
        protocols.addPrivacyProtocol(new PrivAES256());
        OctetString engine = new OctetString(MPv3.createLocalEngineID());
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket receiver = new DatagramSocket(new InetSocketAddress(loopback, 0));
                Snmp snmp = new Snmp(
                        new MessageDispatcherImpl(), new DefaultUdpTransportMapping(new UdpAddress(loopback, 0)))) {
            USM usm = new USM(protocols, engine, 1);
            snmp.getMessageDispatcher().addMessageProcessingModel(new MPv3(usm));
            OID auth = switch (authentication) {
                case MD5 -> AuthMD5.ID;
                case SHA256 -> AuthHMAC192SHA256.ID;
                default -> AuthSHA.ID;
            };
            OID priv = switch (privacy) {
                case DES -> PrivDES.ID;
                case AES -> PrivAES128.ID;
                default -> PrivAES256.ID;
            };
            usm.addUser(new UsmUser(
                    new OctetString("alice"),
                    auth,
                    new OctetString("a long secret"),
                    priv,
                    new OctetString("another secret")));
            UserTarget<UdpAddress> target = new UserTarget<>();
            target.setAddress(new UdpAddress(loopback, receiver.getLocalPort()));
            target.setVersion(SnmpConstants.version3);
            target.setSecurityLevel(SecurityLevel.AUTH_PRIV);
            target.setSecurityName(new OctetString("alice"));
            target.setAuthoritativeEngineID(engine.getValue());
            snmp.send(trap(new ScopedPDU(), PDU.TRAP), target);
            DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
            receiver.setSoTimeout(10_000);
            receiver.receive(packet);
            ByteBuffer copy = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
            byte[] bytes = new byte[copy.remaining()];
            copy.get(bytes);
            return bytes;
        }
    }
}
