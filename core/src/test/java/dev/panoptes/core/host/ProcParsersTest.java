package dev.panoptes.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parsers of /proc and netlink, on what a kernel wrote and on what none writes. */
class ProcParsersTest {
    private static final Path FIXTURES = Path.of("src/test/fixtures");
    private static final Path PROC = FIXTURES.resolve("debian12-cgroup1/proc");
    private static final String ID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static List<ListeningSocket> table(String name) throws IOException {
        ProcNetParser parser = new ProcNetParser(ByteOrder.LITTLE_ENDIAN);
        List<ListeningSocket> sockets = new ArrayList<>();
        for (String line : Files.readAllLines(PROC.resolve("net/" + name))) {
            if (parser.parse(line) instanceof ProcNetParser.Line.Listening(ListeningSocket socket)) {
                sockets.add(socket);
            }
        }
        return sockets;
    }

    /** The same sockets by the socket tables and by netlink; only the latter tells IPV6_V6ONLY. */
    @Test
    void tablesAndNetlinkAgree() throws IOException {
        assertThat(table("tcp"))
                .extracting(socket -> socket.address() + " " + socket.port())
                .containsExactlyInAnyOrder("127.0.0.1 8014", "0.0.0.0 8020", "0.0.0.0 8020");
        assertThat(netlink("inet")).containsExactlyInAnyOrderElementsOf(table("tcp"));
        assertThat(netlink("inet6"))
                .extracting(socket -> socket.address() + " " + socket.port() + " " + socket.dualStack())
                .containsExactlyInAnyOrder(":: 8015 true", ":: 8020 false");
        assertThat(netlink("inet6"))
                .extracting(ListeningSocket::inode)
                .containsExactlyInAnyOrderElementsOf(
                        table("tcp6").stream().map(ListeningSocket::inode).toList());
    }

    private static List<ListeningSocket> netlink(String family) throws IOException {
        InetDiagParser parser = new InetDiagParser();
        InetDiagParser.Progress progress = new InetDiagParser.Progress.More();
        for (byte[] datagram : datagrams(family)) {
            assertThat(progress).isEqualTo(new InetDiagParser.Progress.More());
            progress = parser.accept(ByteBuffer.wrap(datagram));
        }
        assertThat(progress).isEqualTo(new InetDiagParser.Progress.Done());
        assertThat(parser.wasInterrupted()).isFalse();
        return parser.sockets();
    }

    private static List<byte[]> datagrams(String family) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(
                        Files.readAllBytes(FIXTURES.resolve("sock_diag/sock_diag-" + family + ".bin")))
                .order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> datagrams = new ArrayList<>();
        while (file.hasRemaining()) {
            byte[] datagram = new byte[file.getInt()];
            file.get(datagram);
            datagrams.add(datagram);
        }
        return datagrams;
    }

    @Test
    void damagedNetlinkMessagesEndInAnAnswerAndNeverInAnException() throws IOException {
        Random random = new Random(5);
        for (byte[] whole : datagrams("inet6")) {
            for (int i = 0; i < 5_000; i++) {
                byte[] damaged = java.util.Arrays.copyOf(whole, random.nextInt(whole.length + 1));
                for (int hit = 0; hit < 4 && damaged.length > 0; hit++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                assertThat(new InetDiagParser().accept(ByteBuffer.wrap(damaged)))
                        .isNotNull();
            }
        }
    }

    @Test
    void aRefusedDumpTellsItsError() {
        ByteBuffer error = ByteBuffer.allocate(36).order(ByteOrder.nativeOrder());
        error.putInt(0, 36).putShort(4, (short) 2).putInt(16, -2);

        assertThat(new InetDiagParser().accept(error)).isEqualTo(new InetDiagParser.Progress.Refused(2));
    }

    @Test
    void anInterruptedDumpIsNoticed() {
        ByteBuffer done = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
        done.putInt(0, 20).putShort(4, (short) 3).putShort(6, (short) 0x12);
        InetDiagParser parser = new InetDiagParser();

        assertThat(parser.accept(done)).isEqualTo(new InetDiagParser.Progress.Done());
        assertThat(parser.wasInterrupted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
                "   0: 0100007F:1F4E 00000000:0000 0A 00000000:00000000 00:00000000 00000000",
                "   0: XYZ:1F4E 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 706343 1 0 100",
                "   0: 0100007F 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 706343 1 0 100",
                "''"
            })
    void whatIsNoSocketLineIsNone(String line) {
        assertThat(new ProcNetParser(ByteOrder.LITTLE_ENDIAN).parse(line))
                .isInstanceOf(ProcNetParser.Line.NoSocket.class);
    }

    @Test
    void aConnectionIsAnotherLineThanAListener() {
        String line =
                "   9: 0100007F:1F4E 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 7063 1 0"
                        + " 100";

        assertThat(new ProcNetParser(ByteOrder.LITTLE_ENDIAN).parse(line)).isInstanceOf(ProcNetParser.Line.Other.class);
    }

    @Test
    void bigEndianTablesAreReadInTheirOrder() {
        String line =
                "   0: 7F000001:1F4E 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0 0 7063 1 0 100";

        assertThat(new ProcNetParser(ByteOrder.BIG_ENDIAN).parse(line))
                .isEqualTo(new ProcNetParser.Line.Listening(new ListeningSocket("127.0.0.1", 8014, false, 7063, 0)));
    }

    @Test
    void aStatLineIsReadBehindItsName() throws IOException {
        assertThat(ProcStatParser.parse(text(PROC.resolve("15/stat")))).hasValueSatisfying(stat -> {
            assertThat(stat.parentPid()).isEqualTo(8);
            assertThat(stat.startTicks()).isPositive();
        });
        assertThat(ProcStatParser.parse("7 (a) b) ( 1 2 3) S 42 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 1 2"))
                .hasValue(new ProcStatParser.Stat(42, 4711));
        assertThat(ProcStatParser.parse("7 (short) S 42")).isEmpty();
        assertThat(ProcStatParser.parse("")).isEmpty();
    }

    @Test
    void theEffectiveUserIsTheSecondNumber() throws IOException {
        assertThat(ProcStatusParser.effectiveUid(text(PROC.resolve("6/status"))))
                .hasValue(0);
        assertThat(ProcStatusParser.effectiveUid("Name:\tx\nUid:\t1000\t33\t33\t33\n"))
                .hasValue(33);
        assertThat(ProcStatusParser.effectiveUid("Name:\tx\n")).isEmpty();
    }

    @Test
    void argumentsEndWithTheirZeros() {
        assertThat(CommandLineParser.parse("a\0b c\0\0d\0".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("a", "b c", "", "d");
        assertThat(CommandLineParser.parse("nginx: worker\0\0\0\0".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("nginx: worker");
        assertThat(CommandLineParser.parse("no end".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("no end");
        assertThat(CommandLineParser.parse(new byte[] {'a', (byte) 0xff, 0})).containsExactly("a\ufffd");
        assertThat(CommandLineParser.parse(new byte[0])).isEmpty();
    }

    @Test
    void groupsOfBothVersionsTellUnitAndContainer() throws IOException {
        assertThat(CgroupParser.parse(text(PROC.resolve("6/cgroup"))))
                .isEqualTo(new CgroupParser.Group("hermes.service", null));
        assertThat(CgroupParser.parse(text(PROC.resolve("7/cgroup")))).isEqualTo(new CgroupParser.Group(null, null));
        assertThat(CgroupParser.parse(text(PROC.resolve("8/cgroup"))).container())
                .startsWith("4c01db0b339c");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "0::/system.slice/hermes.service, hermes.service, -",
                "0::/system.slice/hermes.service/workers/one, hermes.service, -",
                "0::/system.slice/system-agent.slice/agent@7.service, agent@7.service, -",
                "0::/user.slice/user-1000.slice/user@1000.service/app.slice/bot.service,"
                        + " user@1000.service/bot.service, -",
                "0::/user.slice/user-1000.slice/session-3.scope, session-3.scope, -",
                "0::/system.slice/docker-" + ID + ".scope, -, " + ID,
                "0::/../../docker-" + ID + ".scope/init.scope, -, " + ID,
                "4:memory:/docker/" + ID + ", -, " + ID,
                "0::/machine.slice/libpod-" + ID + ".scope/container, -, " + ID,
                "0::/machine.slice/libpod-conmon-" + ID + ".scope, libpod-conmon-" + ID + ".scope, -",
                "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + ID + ".scope, -, " + ID,
                "0::/kubepods/besteffort/pod1/" + ID + ", -, " + ID,
                "0::/lxc.payload.web/system.slice/a.service, -, web",
                "4:memory:/lxc/web/a, -, web",
                "0::/machine.slice/machine-web.scope/payload, -, web",
                "0::/, -, -",
                "nonsense, -, -"
            })
    void theInnermostServiceIsTheUnitOutsideContainers(String line, String unit, String container) {
        assertThat(CgroupParser.parse(line)).isEqualTo(new CgroupParser.Group(unit, container));
    }
}
