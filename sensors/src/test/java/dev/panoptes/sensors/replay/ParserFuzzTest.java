package dev.panoptes.sensors.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensors;
import dev.panoptes.sensors.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every parser gets changed captures: it counts what it cannot read, throws nothing and comes to an end. Deterministic; {@code
 * -Dpanoptes.fuzz.rounds} makes it longer and {@code -Dpanoptes.fuzz.seed} another one.
 */
class ParserFuzzTest {
    private static final int ROUNDS = Integer.getInteger("panoptes.fuzz.rounds", 400);
    private static final long SEED = Long.getLong("panoptes.fuzz.seed", 0);

    @TempDir
    private Path folder;

    static Stream<byte[]> seeds() {
        String journal =
                "{\"__REALTIME_TIMESTAMP\":\"1700000000000001\",\"_HOSTNAME\":\"h\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_PID\":\"9\",\"_UID\":\"0\",\"MESSAGE\":\"Accepted"
                        + " password for root from 192.0.2.1 port 1 ssh2\"}\n";
        String log = "Nov  9 01:02:03 h sshd[1]: Failed password for invalid user x from 192.0.2.1 port 22 ssh2\n"
                + "Nov  9 01:02:03 h sudo: a : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls\n"
                + "<38>1 2023-11-09T01:02:03Z h sshd 7 - [a@1 b=\"x\"] Invalid user a from 192.0.2.1 port 7\n"
                + "2023-11-09T01:02:03.5+02:00 h sshd[1]: pam_unix(sshd:session): session opened for user a(uid=1) by"
                + " (uid=0)\n"
                + "2023-11-09T01:02:03Z h kernel: usb 1-1.2: New USB device found, idVendor=046D, idProduct=c52b\n"
                + "2023-11-09T01:02:03Z h kernel: usb 1-1.2: USB disconnect, device number 5\n"
                + "2023-11-09T01:02:03Z h dnsmasq[7]: query[AAAA] example.com from 192.0.2.1\n"
                + "[   12.345678] usb 1-1: Product: x\n"
                + "6,339,5140900,-;usb 1-1: Product: x\n";
        String audit = "type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=59 success=yes pid=3"
                + " auid=1 comm=\"cat\" key=6B3101\n"
                + "type=EXECVE msg=audit(1364481363.243:24287): argc=2 a0=\"cat\" a1[0]=2F74 a1[1]=6D70\n"
                + "type=SOCKADDR msg=audit(1364481363.244:24290): saddr=02000016C000020A0000000000000000\n"
                + "type=USER_LOGIN msg=audit(1500000000.002:8): pid=10 msg='op=login acct=28 addr=1.2.3.4"
                + " res=failed'\u001dUID=\"root\"\n";
        String export = "__CURSOR=s=1\n"
                + "__REALTIME_TIMESTAMP=1700000000000000\n"
                + "SYSLOG_IDENTIFIER=sshd\n"
                + "_PID=4\n"
                + "MESSAGE=Invalid user a from 192.0.2.1\n"
                + "OTHER\n"
                + "\u0004\0\0\0\0\0\0\0abcd\n\n";
        String uevent =
                "add@/devices/usb1/1-1\0ACTION=add\0SUBSYSTEM=usb\0DEVTYPE=usb_device\0PRODUCT=46d/c52b/1\0TYPE=3/0/0\0";
        String monitor = "KERNEL[4513.3] add      /devices/usb1/1-2 (usb)\n"
                + "SUBSYSTEM=usb\n"
                + "DEVTYPE=usb_device\n"
                + "PRODUCT=781/5567/126\n\n";
        byte[] dns = HexFormat.of()
                .parseHex("1234818000010003000000010377777707657861"
                        + "6d706c6503636f6d0000010001c00c0005000100000e10000704686f7374c010c02d00010001000000"
                        + "3c0004c0000201c00c00100001000000010003026162" + "0000291000000080000000");
        byte[] trap = HexFormat.of()
                .parseHex("305102010104067075626c6963a744020101020100020100" + "3039"
                        + "300d06082b06010201010300430101"
                        + "3017060a2b06010603010104010006092b0601060301010503"
                        + "300f060a2b060102010202010102020102");
        byte[] flow9 = HexFormat.of()
                .parseHex("0009000200002710655400000000000100000007"
                        + "0000001c01000005000800040007000200040001000100040052ffff"
                        + "0100001cc000020100350600000064036574680000000000");
        byte[] ipfix = HexFormat.of()
                .parseHex(
                        "000a0040655400000000000100000009"
                                + "0002001c0100000400080004800100030000727900010008005200ff0100001400000000000000000000000000000000");
        byte[] sflow = HexFormat.of()
                .parseHex("0000000500000001c0000201000000000000004d0000000100000002" + "00000001000000010000006c"
                        + "00000001000000030000010000000000000000000000000300000004" + "00000001" + "00000001"
                        + "00000040"
                        + "00000001" + "00000064" + "00000004" + "0000002e"
                        + "02000000000a02000000000b81000005" + "0800" + "450000280001000040060000c0000201c6336402"
                        + "0050123400000000000000005012000000000000" + "000000000000");
        byte[] v5 = Arrays.copyOf(HexFormat.of().parseHex("00050001000027106554000000000000000000010102" + "4064"), 72);
        Pcap pcap = new Pcap(1)
                .udp(5000, 53, dns)
                .fragmented(53, 5000, dns)
                .tcp(53, 5000, 1, 0x12, new byte[0])
                .tcp(53, 5000, 2, 0x10, framed(dns))
                .udp(5000, 162, trap)
                .udp(5000, 2055, flow9)
                .udp(5000, 4739, ipfix)
                .udp(5000, 6343, sflow)
                .udp(5000, 2055, v5);
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        for (byte[] one : List.of(v5, flow9, ipfix, sflow)) {
            raw.writeBytes(one);
        }
        return Stream.concat(
                Stream.of(journal, log, audit, export, uevent, monitor)
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Stream.of(pcap.bytes(), pcapng(dns), raw.toByteArray(), logins()));
    }

    private static byte[] logins() {
        byte[] records = new byte[3 * 384];
        for (int i = 0; i < 3; i++) {
            records[i * 384] = (byte) (6 + i);
            System.arraycopy("pts/0".getBytes(StandardCharsets.UTF_8), 0, records, i * 384 + 8, 5);
            System.arraycopy("eve".getBytes(StandardCharsets.UTF_8), 0, records, i * 384 + 44, 3);
            records[i * 384 + 342] = 0x40;
        }
        return records;
    }

    private static byte[] framed(byte[] message) {
        byte[] framed = new byte[message.length + 2];
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return framed;
    }

    private static byte[] pcapng(byte[] dns) {
        byte[] ip = Arrays.copyOfRange(new Pcap().udp(5000, 53, dns).bytes(), 40, 40 + 28 + dns.length);
        int padded = (ip.length + 3) & ~3;
        java.nio.ByteBuffer out = java.nio.ByteBuffer.allocate(28 + 32 + 32 + padded);
        out.putInt(0x0a0d0d0a)
                .putInt(28)
                .putInt(0x1a2b3c4d)
                .putInt(0x10000)
                .putLong(-1)
                .putInt(28);
        out.putInt(1)
                .putInt(32)
                .putInt(101 << 16)
                .putInt(0)
                .putShort((short) 9)
                .putShort((short) 1)
                .putInt(9 << 24)
                .putInt(0)
                .putInt(32);
        out.putInt(6)
                .putInt(32 + padded)
                .putInt(0)
                .putInt(0x18000000)
                .putInt(1)
                .putInt(ip.length)
                .putInt(ip.length);
        out.put(ip).position(28 + 32 + 28 + padded).putInt(32 + padded);
        return out.array();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void comesToAnEnd(byte[] seed) throws IOException, InterruptedException {
        Random random = new Random(SEED + seed.length);
        Path file = folder.resolve("capture");
        long events = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Files.write(file, round == 0 ? seed : round % 16 == 1 ? noise(seed, random) : changed(seed, random));
            Replay replay = new Replay(List.of(file), ZoneOffset.UTC, 2023, Settings.none());
            for (String name : List.of("auth", "dns", "kernel_audit", "peripheral", "snmp", "flow")) {
                Counting out = new Counting();
                ReplayResult result = Sensors.find(name).orElseThrow().replay(replay, out);
                events += out.events;
                assertThat(out.malformed).isEqualTo(result.malformed()).isLessThanOrEqualTo(3 * result.records() + 8);
            }
        }
        assertThat(events).isPositive();
    }

    /** Anything, behind the octets by which a format is known. */
    private static byte[] noise(byte[] seed, Random random) {
        byte[] data = new byte[24 + random.nextInt(2048)];
        random.nextBytes(data);
        System.arraycopy(seed, 0, data, 0, Math.min(24, seed.length));
        return data;
    }

    private static byte[] changed(byte[] seed, Random random) {
        byte[] data = seed.clone();
        int changes = 1 + random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(data.length);
            switch (random.nextInt(7)) {
                case 0 -> data[at] = (byte) random.nextInt(256);
                case 1 -> data[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> data[at] = (byte) 0xff;
                case 3 -> data[at] = 0;
                case 4 -> data = Arrays.copyOf(data, Math.max(1, at));
                case 5 -> {
                    int length = Math.min(data.length - at, 1 + random.nextInt(40));
                    byte[] longer = Arrays.copyOf(data, data.length + length);
                    System.arraycopy(data, at, longer, at + length, data.length - at);
                    data = longer;
                }
                default -> {
                    int from = random.nextInt(seed.length);
                    int length = Math.min(Math.min(data.length - at, seed.length - from), 1 + random.nextInt(40));
                    System.arraycopy(seed, from, data, at, length);
                }
            }
        }
        return data;
    }

    private static final class Counting implements EventSink {
        private long events;
        private long malformed;

        @Override
        public void event(Event.Builder event) {
            assertThat(event.build().json()).startsWith("{");
            events++;
        }

        @Override
        public void malformed(String provider, long count) {
            malformed += count;
        }

        @Override
        public void lost(Loss reason, String provider, long count) {
            assertThat(count).isPositive();
        }

        @Override
        public void position(String source, String position) {
            throw new AssertionError("a replay keeps no positions");
        }

        @Override
        public void flush() {
            // nothing is held back
        }
    }
}
