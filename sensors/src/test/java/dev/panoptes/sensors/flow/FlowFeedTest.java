package dev.panoptes.sensors.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.Pcap;
import dev.panoptes.sensors.replay.Replayed;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FlowFeedTest {
    private static final String A = "c0000201";
    private static final String B = "c6336402";

    private static byte[] hex(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts).replace(" ", ""));
    }

    private static Replayed replay(byte[]... datagrams) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] datagram : datagrams) {
            all.writeBytes(datagram);
        }
        return Replayed.of("flow", new FlowFeed(Elements.load()), all.toByteArray());
    }

    private static String word(long value) {
        return "%08x".formatted(value);
    }

    private static byte[] version5(int count, int records, long sequence) {
        StringBuilder text = new StringBuilder("0005%04x".formatted(count));
        text.append(word(10_000))
                .append(word(1_700_000_000))
                .append(word(500_000_000))
                .append(word(sequence));
        text.append("0102").append("4064");
        for (int i = 0; i < records; i++) {
            text.append(A)
                    .append(B)
                    .append("0a000001")
                    .append("00010002")
                    .append(word(7))
                    .append(word(900));
            text.append(word(4_000))
                    .append(word(9_000))
                    .append("d4310050")
                    .append("00 1b 06 00")
                    .append("fde8 0001 18 10 0000");
        }
        return hex(text.toString());
    }

    @Test
    void readsVersion5() {
        Replayed replayed = replay(version5(2, 2, 100), version5(1, 1, 105), version5(31, 0, 1));

        assertThat(replayed.result().line()).isEqualTo("replayed 3 records, 3 events, 1 malformed, 3 lost");
        Event event = replayed.events().getFirst();
        assertThat(event.text("source.ip")).isEqualTo("192.0.2.1");
        assertThat(event.number("source.port")).isEqualTo(54321);
        assertThat(event.number("source.bytes")).isEqualTo(900);
        assertThat(event.text("network.transport")).isEqualTo("tcp");
        assertThat(event.text("event.start")).isEqualTo("2023-11-14T22:13:14.500Z");
        assertThat(event.text("@timestamp")).isEqualTo("2023-11-14T22:13:19.500Z");
        assertThat(event.number("event.duration")).isEqualTo(5_000_000_000L);
        assertThat(event.number("flow.exporter.sampling")).isEqualTo(100);
        assertThat(event.number("flow.fields.bgpSourceAsNumber")).isEqualTo(65000);
    }

    private static byte[] version9(long sequence, String... sets) {
        return hex("00090001", word(10_000), word(1_700_000_000), word(sequence), word(7), String.join("", sets));
    }

    @Test
    void appliesTemplatesThatComeLateAndSampling() {
        String template = "0000 0024 0100 0007  0008 0004 000c 0004 0007 0002 000b 0002 0004 0001 0001 0004 0069 0002"
                .replace("0024", "0024");
        String data = "0100 0018" + A + B + "0035 1000 11 000000ff 0001" + "00";
        String options = "0001 0018 0101 0004 0008  0001 0004 0022 0004 0023 0001 0000";
        String sampling = "0101 0010" + "00000000" + word(512) + "02" + "000000";
        Replayed replayed =
                replay(version9(1, data), version9(2, options, sampling), version9(3, template), version9(5, data));

        assertThat(replayed.result().line()).isEqualTo("replayed 4 records, 2 events, 0 malformed, 1 lost");
        Event event = replayed.events().get(1);
        assertThat(event.number("flow.exporter.sampling")).isEqualTo(512);
        assertThat(event.number("flow.template_id")).isEqualTo(256);
        assertThat(event.number("source.port")).isEqualTo(53);
        assertThat(event.value("flow.fields").orElseThrow().toString())
                .isEqualTo("{sourceIPv4Address=192.0.2.1, destinationIPv4Address=198.51.100.2, sourceTransportPort=53,"
                        + " destinationTransportPort=4096, protocolIdentifier=17, octetDeltaCount=255, 0.105=0001}");
    }

    private static byte[] ipfix(long sequence, String sets) {
        byte[] body = hex(sets);
        return hex("000a%04x".formatted(16 + body.length), word(1_700_000_000), word(sequence), word(9), sets);
    }

    @Test
    void readsIpfix() {
        String template = "0002 0038 0100 000a"
                + " 0008 0004 000c 0004 8001 0003 00007279 0001 0008 0098 0008 0099 0008"
                + " 0052 ffff 8005 ffff 00000009 00d2 0002 0038 0006";
        String record = A + B + "00000a" + "0000000000000064" + "0000018bcfe56800" + "0000018bcfe56bff" + "03657468"
                + "ff0002abcd" + "0000" + "0200deadbeef";
        Replayed replayed = replay(
                ipfix(1, template + "0100 %04x".formatted(4 + 2 * record.length() / 2) + record + record),
                ipfix(3, "0100 %04x".formatted(4 + record.length() / 2) + record));

        assertThat(replayed.result().line()).isEqualTo("replayed 2 records, 3 events, 0 malformed, 0 lost");
        Event event = replayed.events().getFirst();
        assertThat(event.number("source.bytes")).isEqualTo(100);
        assertThat(event.number("destination.bytes")).isEqualTo(10);
        assertThat(event.number("network.bytes")).isEqualTo(110);
        assertThat(event.value("flow.fields").orElseThrow().toString())
                .isEqualTo("{sourceIPv4Address=192.0.2.1, destinationIPv4Address=198.51.100.2, 29305.1=10,"
                        + " octetDeltaCount=100, flowStartMilliseconds=2023-11-14T22:13:20Z,"
                        + " flowEndMilliseconds=2023-11-14T22:13:21.023Z, interfaceName=eth, 9.5=abcd,"
                        + " sourceMacAddress=02:00:de:ad:be:ef}");
    }

    @Test
    void readsSflow() {
        String packet = "02000000000a 02000000000b 8100 0005 0800" + "4500 0028 0001 0000 4006 0000" + A + B
                + "0050 1234 00000000 00000000 5012 0000 00000000";
        int header = packet.replace(" ", "").length() / 2;
        String raw = word(1)
                + word(16 + (header + 3) / 4 * 4)
                + word(1)
                + word(100)
                + word(4)
                + word(header)
                + packet
                + "00".repeat((4 - header % 4) % 4);
        String router = word(1002) + word(16) + word(1) + "0a0000fe" + word(24) + word(16);
        String sample =
                word(1) + word(3) + word(256) + word(1000) + word(0) + word(3) + word(4) + word(2) + raw + router;
        int length = sample.replace(" ", "").length() / 2;
        String counters = word(2) + word(4) + word(0);
        byte[] datagram =
                hex(word(5), word(1), A, word(0), word(77), word(1), word(2), word(1), word(length), sample, counters);
        Replayed replayed = Replayed.of(
                "flow",
                new FlowFeed(Elements.load()),
                new Pcap(1).udp(1000, 6343, datagram).bytes());

        assertThat(replayed.result().line()).isEqualTo("replayed 1 records, 1 events, 0 malformed, 0 lost");
        Event event = replayed.events().getFirst();
        assertThat(event.text("event.provider")).isEqualTo("sflow");
        assertThat(event.number("source.bytes")).isEqualTo(40);
        assertThat(event.number("destination.port")).isEqualTo(0x1234);
        assertThat(event.number("flow.exporter.sampling")).isEqualTo(256);
        assertThat(event.number("flow.fields.vlanId")).isEqualTo(5);
        assertThat(event.text("flow.fields.ipNextHopIPv4Address")).isEqualTo("10.0.0.254");
        assertThat(event.number("flow.fields.destinationIPv4PrefixLength")).isEqualTo(16);
        assertThat(event.text("flow.exporter.address")).isEqualTo("192.0.2.1");
        assertThat(replay(datagram).events()).hasSize(1);
    }

    @Test
    void losesWhatWaitsInVain() {
        Replayed replayed =
                replay(version9(1, "0100 0008 00000001"), hex("000a0014", word(1), word(1), word(1), "01000010"));

        assertThat(replayed.result().line()).isEqualTo("replayed 2 records, 0 events, 1 malformed, 1 lost");
    }

    @Test
    void namesFlowsAlikeInBothDirections() {
        byte[] a = hex("80e8345e");
        byte[] b = hex("7d62ee5a");
        assertThat(List.of(
                        CommunityId.of(hex("806fab01"), hex("4202091e"), 17, 5, 6, -1),
                        CommunityId.of(a, b, 6, 34855, 80, -1)))
                .containsExactly(
                        CommunityId.of(hex("4202091e"), hex("806fab01"), 17, 6, 5, -1),
                        CommunityId.of(b, a, 6, 80, 34855, -1));
        // The example of the format's description: 128.232.110.120:34855 to 66.35.250.204:80 over TCP.
        assertThat(CommunityId.of(hex("80e86e78"), hex("4223facc"), 6, 34855, 80, -1))
                .isEqualTo("1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    }

    private static byte[] message(long sequence, String... sets) {
        String all = String.join("", sets).replace(" ", "");
        return hex("000a%04x".formatted(16 + all.length() / 2), word(1_700_000_000), word(sequence), word(3), all);
    }

    /** RFC 6313: a list of records of one template, and one of several. */
    @Test
    void readsRecordsWithinRecords() {
        String templates = "0002 002c"
                + "0190 0003 0008 0004 0124 ffff 0125 ffff"
                + "0191 0002 0007 0002 000b 0002"
                + "0192 0002 0001 0004 0173 ffff";
        String list = "0b 03 0191 0005 0006 0007 0008";
        String several = "14 03 0191 0008 0001 0002 0192 000b 0000004d 02 626f";
        String unknown = "05 03 0999 0001";
        String data = "0190 0029" + A + list + several;
        String other = "0190 000f" + A + unknown + "00";
        Replayed replayed = replay(message(0, templates, data), message(1, other));

        assertThat(replayed.result().line()).isEqualTo("replayed 2 records, 2 events, 0 malformed, 0 lost");
        Event event = replayed.events().getFirst();
        assertThat(event.values("flow.fields.subTemplateList.sourceTransportPort"))
                .containsExactly(5L, 7L);
        assertThat(event.values("flow.fields.subTemplateMultiList"))
                .containsExactly(
                        java.util.Map.of("sourceTransportPort", 1L, "destinationTransportPort", 2L),
                        java.util.Map.of("octetDeltaCount", 77L, "userName", "bo"));
        Event unread = replayed.events().get(1);
        assertThat(unread.text("flow.fields.subTemplateList")).isEqualTo("0309990001");
    }

    @Test
    void namesTheFlowOfAnEchoByTypeAndCodeOfTheirOwn() {
        String templates = "0002 001c 0190 0005 0008 0004 000c 0004 0004 0001 00b0 0001 00b1 0001";
        String both = "0002 0018 0191 0004 0008 0004 000c 0004 0004 0001 0020 0002";
        Replayed replayed =
                replay(message(0, templates, both, "0190 000f" + A + B + "01 08 00", "0191 000f" + A + B + "01 0800"));

        assertThat(replayed.events()).hasSize(2);
        assertThat(replayed.events().get(0).text("network.community_id"))
                .isNotNull()
                .isEqualTo(replayed.events().get(1).text("network.community_id"));
    }

    @Test
    void tellsExportersWithoutAddressApartByTheirNumbersAndTakesFilledUpDatagrams() {
        String template = "0000 0010 0100 0002 0008 0004 000c 0004";
        String data = "0100 000c" + A + B;
        Replayed replayed = replay(
                version9(10, template, data, "00000000"),
                version9(900_000, data),
                version9(11, data),
                version9(900_001, data, "0000000000000000"),
                version9(14, data));

        assertThat(replayed.result().line()).isEqualTo("replayed 5 records, 5 events, 0 malformed, 2 lost");
    }

    private static final String SIX = "20010db8000000000000000000000001";
    private static final String PEER = "20010db8000000000000000000000002";
    private static final String NOTHING = "00000000";

    /** @param fields element and length, four hexadecimal digits each */
    private static Event flow(String fields, String... record) {
        String data = String.join("", record);
        int count = fields.replace(" ", "").length() / 8;
        Replayed replayed = replay(ipfix(
                1,
                "0002%04x0100%04x".formatted(8 + 4 * count, count)
                        + fields
                        + "0100%04x".formatted(4 + data.length() / 2)
                        + data));
        assertThat(replayed.result().line()).isEqualTo("replayed 1 records, 1 events, 0 malformed, 0 lost");
        return replayed.events().getFirst();
    }

    private static List<String> ends(Event event) {
        return Stream.of("source.ip", "destination.ip", "network.type")
                .map(event::text)
                .toList();
    }

    @Test
    void bothEndsAreOfOneFamily() {
        assertThat(ends(flow("001b0010 001c0010 00080004 000c0004", SIX, PEER, A, NOTHING)))
                .containsExactly("2001:db8::1", "2001:db8::2", "ipv6");
        assertThat(ends(flow("00080004 001b0010 001c0010", A, SIX, PEER)))
                .containsExactly("2001:db8::1", "2001:db8::2", "ipv6");
        assertThat(ends(flow("00080004 000c0004 001b0010 001c0010", A, B, SIX, PEER)))
                .containsExactly("192.0.2.1", "198.51.100.2", "ipv4");
        assertThat(ends(flow("001b0010 001c0010 00080004 000c0004", SIX, PEER, A, B)))
                .containsExactly("2001:db8::1", "2001:db8::2", "ipv6");
        assertThat(ends(flow(
                        "00080004 000c0004 001b0010 001c0010", NOTHING, "ffffffff", "0".repeat(32), "0".repeat(32))))
                .containsExactly("0.0.0.0", "255.255.255.255", "ipv4");
    }

    @Test
    void ofRepeatedAddressesTheFirstIsTheFlows() {
        Event event = flow("00080004 000c0004 00080004 000c0004", A, B, "0a000001", "0a000002");

        assertThat(ends(event)).containsExactly("192.0.2.1", "198.51.100.2", "ipv4");
        assertThat(event.values("flow.fields.sourceIPv4Address")).containsExactly("192.0.2.1", "10.0.0.1");
        assertThat(ends(flow("00080004 000c0004 00080004 000c0004", NOTHING, NOTHING, A, B)))
                .containsExactly("192.0.2.1", "198.51.100.2", "ipv4");
    }

    @Test
    void whatIsLongerThanItsDatagramIsNoMessage() {
        byte[] message = ipfix(1, "0002 0010 0100 0002 0008 0004 000c 0004" + "0100 000c" + A + B);
        byte[] lie = message.clone();
        lie[3] += 4;
        Replayed replayed = Replayed.of(
                "flow",
                new FlowFeed(Elements.load()),
                new Pcap().udp(9, 4739, lie).udp(9, 4739, message).bytes());

        assertThat(replayed.result().line()).isEqualTo("replayed 2 records, 1 events, 1 malformed, 0 lost");
    }
}
