package dev.panoptes.sensors.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.Pcap;
import dev.panoptes.sensors.replay.Replayed;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

class DnsFeedTest {
    private static Replayed replay(Pcap pcap) {
        return Replayed.of("dns", new DnsFeed("pcap", ZoneOffset.UTC), pcap.bytes());
    }

    private static Message query(String name) throws Exception {
        Message message = Message.newQuery(Record.newRecord(new Name(name), Type.A, DClass.IN));
        message.getHeader().setID(4711);
        return message;
    }

    private static Message answer() throws Exception {
        Message message = query("www.example.co.uk.");
        message.getHeader().setFlag(Flags.QR);
        message.getHeader().setFlag(Flags.RA);
        Name name = new Name("www.example.co.uk.");
        Name other = new Name("host.example.co.uk.");
        message.addRecord(new CNAMERecord(name, DClass.IN, 60, other), Section.ANSWER);
        message.addRecord(
                new ARecord(other, DClass.IN, 61, InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7})),
                Section.ANSWER);
        message.addRecord(new MXRecord(name, DClass.IN, 1, 10, other), Section.ANSWER);
        message.addRecord(new TXTRecord(name, DClass.IN, 2, List.of("a \"b\"", "c")), Section.ANSWER);
        message.addRecord(new SOARecord(name, DClass.IN, 3, other, name, 1, 2, 3, 4, 5), Section.ANSWER);
        message.addRecord(new NAPTRRecord(name, DClass.IN, 4, 1, 2, "u", "E2U", "!x!", other), Section.ANSWER);
        message.addRecord(Record.newRecord(name, 65333, DClass.IN, 5, 2, new byte[] {1, (byte) 0xff}), Section.ANSWER);
        message.addRecord(new OPTRecord(1232, 0, 0, 0x8000), Section.ADDITIONAL);
        return message;
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 1, 113})
    void tellsQueriesAndAnswers(int link) throws Exception {
        Replayed replayed = replay(new Pcap(link)
                .udp(1234, 53, query("Www.Example.co.uk.").toWire())
                .udp(53, 1234, answer().toWire()));

        assertThat(replayed.result().line()).isEqualTo("replayed 2 records, 2 events, 0 malformed, 0 lost");
        Event query = replayed.events().getFirst();
        assertThat(query.text("@timestamp")).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(query.number("dns.id")).isEqualTo(4711);
        assertThat(query.text("dns.question.name")).isEqualTo("Www.Example.co.uk");
        assertThat(query.text("dns.question.registered_domain")).isEqualTo("example.co.uk");
        assertThat(query.values("dns.header_flags")).containsExactly("RD");
        assertThat(query.value("dns.response_code")).isEmpty();
        assertThat(query.number("source.port")).isEqualTo(1234);
        Event answer = replayed.events().get(1);
        assertThat(answer.values("dns.header_flags")).containsExactly("RD", "RA");
        assertThat(answer.text("dns.response_code")).isEqualTo("NOERROR");
        assertThat(answer.values("dns.resolved_ip")).containsExactly("192.0.2.7");
        assertThat(answer.values("dns.answers.type"))
                .containsExactly("CNAME", "A", "MX", "TXT", "SOA", "NAPTR", "TYPE65333");
        assertThat(answer.values("dns.answers.data"))
                .containsExactly(
                        "host.example.co.uk",
                        "192.0.2.7",
                        "10 host.example.co.uk",
                        "\"a \\\"b\\\"\" \"c\"",
                        "host.example.co.uk www.example.co.uk 1 2 3 4 5",
                        "1 2 \"u\" \"E2U\" \"!x!\" host.example.co.uk",
                        "\\# 2 01ff");
        assertThat(replayed.texts("event.duration")
                        + replayed.texts("source.ip").toString())
                .isEqualTo("[-, 1000000][192.0.2.1, 198.51.100.2]");
        assertThat(answer.number("dns.edns.payload_size")).isEqualTo(1232);
    }

    @Test
    void joinsFragmentsAndSegments() throws Exception {
        byte[] wire = answer().toWire();
        ByteBuffer framed = ByteBuffer.allocate(2 * (wire.length + 2));
        framed.putShort((short) wire.length)
                .put(wire)
                .putShort((short) wire.length)
                .put(wire);
        byte[] stream = framed.array();
        Replayed replayed = replay(new Pcap()
                .fragmented(53, 1234, wire)
                .tcp(53, 99, 0xfffffff0L, 0x12, new byte[0])
                .tcp(53, 99, 0xfffffff1L + 100, 0x10, Arrays.copyOfRange(stream, 100, stream.length))
                .tcp(53, 99, 0xfffffff1L, 0x10, Arrays.copyOfRange(stream, 0, 60))
                .tcp(53, 99, 0xfffffff1L + 50, 0x10, Arrays.copyOfRange(stream, 50, 110)));

        assertThat(replayed.texts("network.transport")).containsExactly("udp", "tcp", "tcp");
        assertThat(replayed.result().malformed()).isZero();
    }

    @Test
    void keepsWhatCameBeforeABreak() throws Exception {
        byte[] wire = answer().toWire();
        byte[] cut = Arrays.copyOf(wire, wire.length - 40);
        byte[] loop = HexFormat.of().parseHex("000100000001000000000000c00c00010001");
        Replayed replayed = replay(new Pcap().udp(53, 1, cut).udp(1, 53, loop).udp(1, 53, new byte[5]));

        assertThat(replayed.result().line()).isEqualTo("replayed 3 records, 1 events, 3 malformed, 0 lost");
        assertThat(replayed.events().getFirst().values("dns.answers")).hasSizeBetween(1, 6);
    }

    /** The length of a record tells where the next one begins, also where its data is not what its type demands. */
    @Test
    void readsOnBehindDataOfTheWrongLength() {
        byte[] wire = HexFormat.of()
                .parseHex("000181800001000400000000" + "0161016200" + "00010001"
                        + "c00c0001000100000001" + "0003c00002"
                        + "c00c000f000100000001" + "00020001"
                        + "c00c0041000100000001" + "0006" + "0001000003ff"
                        + "c00c0001000100000001" + "0004c0000207");
        Replayed replayed = replay(new Pcap().udp(53, 1, wire));

        assertThat(replayed.result().line()).isEqualTo("replayed 1 records, 1 events, 1 malformed, 0 lost");
        Event answer = replayed.events().getFirst();
        assertThat(answer.values("dns.answers.type")).containsExactly("A", "MX", "HTTPS", "A");
        assertThat(answer.values("dns.answers.data"))
                .containsExactly("\\# 3 c00002", "\\# 2 0001", "\\# 6 0001000003ff", "192.0.2.7");
        assertThat(answer.values("dns.resolved_ip")).containsExactly("192.0.2.7");
    }

    @Test
    void presentsTypesThatTheLibraryOnlyNames() {
        byte[] wire = HexFormat.of()
                .parseHex("000181800001000800000000" + "0161016200" + "00010001"
                        + "c00c006c000100000001" + "000600005e00532a"
                        + "c00c006d000100000001" + "000800005eef1000002a"
                        + "c00c003e000100000001" + "000c" + "000000420003000460000008"
                        + "c00c0068000100000001" + "000a" + "000a00144fffff20ee64"
                        + "c00c0069000100000001" + "0006" + "000a0a010200"
                        + "c00c006b000100000001" + "0005" + "000a016100"
                        + "c00c006c000100000001" + "0002ffff"
                        + "c00c003e000100000001" + "0008" + "0000004200030100");
        Replayed replayed = replay(new Pcap().udp(53, 1, wire));

        assertThat(replayed.events().getFirst().values("dns.answers.data"))
                .containsExactly(
                        "00-00-5e-00-53-2a",
                        "00-00-5e-ef-10-00-00-2a",
                        "66 3 A NS AAAA",
                        "10 0014:4fff:ff20:ee64",
                        "10 10.1.2.0",
                        "10 a",
                        "\\# 2 ffff",
                        "\\# 8 0000004200030100");
        assertThat(replayed.result().malformed()).isOne();
    }

    @Test
    void shortensAddressesOfVersion6() {
        String address = "20010db8000000000000000000000001";
        byte[] wire = HexFormat.of()
                .parseHex("000181000001000400000000" + "0161016200" + "00010001"
                        + "c00c0041000100000001" + "0027" + "000100" + "00060020" + address + address
                        + "c00c002d000100000001" + "0014" + "0a0202" + address + "2a"
                        + "c00c002a000100000001" + "0008" + "00024004" + "20010db8"
                        + "c00c001c000100000001" + "0010" + "00000000000000000000ffffc0000201");
        Replayed replayed = replay(new Pcap().udp(53, 1, wire));

        assertThat(replayed.events().getFirst().values("dns.answers.data"))
                .containsExactly(
                        "1 . ipv6hint=2001:db8::1,2001:db8::1",
                        "10 2 2 2001:db8::1 Kg==",
                        "2:2001:db8::/64",
                        "::ffff:192.0.2.1");
    }

    @Test
    void escapesNames() {
        byte[] odd =
                HexFormat.of().parseHex("000101000001000000000000" + "03612e62" + "025c20" + "00" + "00ff" + "0001");
        byte[] root = HexFormat.of().parseHex("000101000001000000000000" + "00" + "0002" + "0001");
        Replayed replayed = replay(new Pcap().udp(1, 53, odd).udp(1, 53, root));

        assertThat(replayed.texts("dns.question.name")).containsExactly("a\\.b.\\\\\\032", ".");
        assertThat(replayed.texts("dns.question.type")).containsExactly("ANY", "NS");
    }

    @Test
    void readsLogsOfResolvers() {
        Replayed replayed = Replayed.of("dns", new DnsFeed("pcap", ZoneOffset.UTC), """
            2023-11-09T01:02:03Z h dnsmasq[7]: query[AAAA] example.com from 192.0.2.1
            2023-11-09T01:02:03Z h dnsmasq[7]: 12 192.0.2.1/4242 reply example.com is 2001:db8::1
            2023-11-09T01:02:03Z h unbound[7]: [7:0] info: 192.0.2.1 example.com. A IN
            [1700000000] unbound[7:0] info: 192.0.2.1 example.com. A IN NXDOMAIN 0.010000 0 44
            09-Nov-2023 01:02:03.123 queries: info: client @0x7f 192.0.2.1#4242 (example.com): query: example.com IN A +E(0)K (192.0.2.53)
            2023-11-09T01:02:03Z h named[7]: client 192.0.2.1#4242: query: example.com IN MX - (192.0.2.53)
            2023-11-09T01:02:03Z h named[7]: client @0x7f 192.0.2.1#4242/key k (example.com): view v: query: example.com IN A -S (192.0.2.53)
            2023-11-09T01:02:03Z h dnsmasq[7]: query[type=65] example.com from 192.0.2.1
            2023-11-09T01:02:03Z h dnsmasq[7]: query[type=65401] example.com from 192.0.2.1
            2023-11-09T01:02:03Z h dnsmasq[7]: query[type=99999999999] example.com from 192.0.2.1
            """);

        assertThat(replayed.result().malformed()).isZero();
        assertThat(replayed.texts("dns.type"))
                .startsWith("query", "answer", "query", "answer", "query", "query")
                .hasSize(10);
        assertThat(replayed.texts("dns.question.name")).containsOnly("example.com");
        assertThat(replayed.texts("dns.question.type"))
                .containsExactly("AAAA", "-", "A", "A", "A", "MX", "A", "HTTPS", "TYPE65401", "TYPE99999999999");
        assertThat(replayed.texts("source.port"))
                .containsExactly("-", "4242", "-", "-", "4242", "4242", "4242", "-", "-", "-");
    }
}
