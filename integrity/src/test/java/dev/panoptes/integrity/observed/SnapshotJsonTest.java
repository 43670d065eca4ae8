package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.observed.Snapshot.Effective;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.world.Seen;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotJsonTest {
    private static final String HEAD =
            "'schema':1,'host':{'id':'h','name':'local'},'taken':'2026-01-01T00:00:00Z','observer':'o'";

    private final SnapshotJson json = new SnapshotJson();

    private static Snapshot everything() {
        Seen.Process forked =
                Seen.python("/srv/hermes.py").pid(7).unit("hermes.service").digest("abc");
        return Seen.here()
                .listener(
                        "::",
                        8014,
                        forked,
                        Seen.program("/usr/bin/docker-proxy").pid(8).container("0123"))
                .listener("127.0.0.1", 8015, forked)
                .listener(8016)
                .denied(Source.OWNERS, "owners hidden from uid 1000")
                .absent(Source.UNITS, "not booted with systemd")
                .unit(new UnitState(
                        "a.service", "loaded", "active", "running", "enabled", 3, 7, "/etc/a", "d", "success"))
                .unit(new UnitState(
                        "b.service",
                        "loaded",
                        "active",
                        "running",
                        "enabled",
                        3,
                        7,
                        "/etc/b",
                        null,
                        "success",
                        List.of("c.service"),
                        "simple",
                        99L,
                        List.of("b.timer"),
                        List.of("x.target"),
                        "/srv/b",
                        new Effective(
                                List.of("/srv/b/run --x"), List.of("/etc/systemd/system/b.service.d/x.conf"), true)))
                .probe("hermes", 8014, Seen.healthy("HERMES", 8014, "2.1"))
                .probe("a", 1, Seen.healthy(null))
                .probe(
                        "f",
                        6,
                        Seen.faulty("answers with status 503"),
                        new IdentityProof("0a1b", "instance-1", "A".repeat(86) + "=="))
                .probe("b", 2, Seen.faulty("answers with status 500"))
                .probe("c", 3, new ProbeAnswer.Faulty(null, "does not answer", false, 5))
                .probe("d", 4, new ProbeAnswer.Refused())
                .probe("e", 5, null, new ProbeAnswer.NotAsked("why \u0007 \"not\" é"))
                .build();
    }

    private byte[] written(Snapshot snapshot) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        json.write(snapshot, out);
        return out.toByteArray();
    }

    private String refusal(String document) throws IOException {
        return switch (json.read(
                new ByteArrayInputStream(document.replace('\'', '"').getBytes(StandardCharsets.UTF_8)))) {
            case SnapshotJson.Result.Read(Snapshot snapshot) -> "read " + snapshot;
            case SnapshotJson.Result.Refused(String reason) -> reason;
        };
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        assertThat(json.read(new ByteArrayInputStream(written(everything()))))
                .isEqualTo(new SnapshotJson.Result.Read(everything()));
    }

    @Test
    void everyProcessIsWrittenOnceAndEveryThingOnItsLine() throws IOException {
        String text = new String(written(everything()), StandardCharsets.UTF_8);

        assertThat(text.split("\"start_ticks\"", -1)).hasSize(3);
        assertThat(text.lines()).hasSize(1 + 2 + 3 + 2 + 7);
    }

    @Test
    void unknownFieldsAreIgnored() throws IOException {
        assertThat(refusal("{" + HEAD + ",'later':{'deep':[[{'x':[1.5e3]}]]},"
                        + "'processes':[{'pid':7,'start_ticks':1,'parent_pid':1,'uid':0,'later':{'a':{'b':{'c':{'d':{'e':1}}}}}}],"
                        + "'listeners':[{'protocol':'tcp','address':'::','port':1,'inode':1,'uid':0,'owners':[7]}],"
                        + "'sources':{'sockets':{'state':'complete'},'moons':{'state':'full'}}}"))
                .startsWith("read Snapshot");
    }

    @Test
    void listenersMayStandBeforeTheirProcesses() throws IOException {
        assertThat(refusal("{'listeners':[{'protocol':'tcp','address':'::','port':1,'inode':1,'uid':0,'owners':[7]}],"
                        + "'processes':[{'pid':7,'start_ticks':1,'parent_pid':1,'uid':0}]," + HEAD + "}"))
                .startsWith("read Snapshot");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                  | it is not a snapshot but another kind of JSON",
                "not json                            | line 1, column 1 is not readable JSON: Unrecognized token 'not':"
                        + " was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
                "{}                                  | it is not a snapshot: it lacks schema, host, taken or observer",
                "{'schema':2}                        | it has schema 2, this version reads schema 1",
                "{'schema':'1'}                      | /schema is not a whole number",
                "{HEAD,'taken':'yesterday'}          | DUPLICATE",
                "{'taken':'yesterday'}               | /taken is not a time such as 2026-01-31T12:00:00Z",
                "{'host':[]}                         | /host is not an object",
                "{'host':{'id':'x','name':' '}}      | /host/name is not the name of a host",
                "{'host':{'name':'x'}}               | /host has no id",
                "{HEAD,'listeners':{}}               | /listeners is not a list",
                "{HEAD,'listeners':[1]}              | /listeners/0 is not an object",
                "{HEAD,'listeners':[{'protocol':'sctp'}]} | /listeners/0/protocol is neither tcp nor udp",
                "{HEAD,'listeners':[{'protocol':'tcp','address':'here'}]} | /listeners/0/address is not an address",
                "{HEAD,'listeners':[{'protocol':'tcp','address':'::','owners':[9]}]} | /listeners/0/owners names"
                        + " process 9, which is not among the processes",
                "{HEAD,'listeners':[{'protocol':'tcp','address':'::','port':70000}]} | /listeners/0/port is not within"
                        + " 1 to 65535",
                "{HEAD,'listeners':[{'protocol':'tcp','address':'::','port':'1'}]} | /listeners/0/port is not a whole"
                        + " number",
                "{HEAD,'processes':[{'pid':99999999999999999999}]} | /processes/0/pid is a number out of range",
                "{HEAD,'processes':[{'pid':1,'start_ticks':1,'parent_pid':1,'uid':0,'command':[{}]}]} |"
                        + " /processes/0/command holds something else than texts and numbers",
                "{HEAD,'probes':[{'agent':'a','url':'u','port':1,'answer':'fine'}]} | /probes/0/answer is none of"
                        + " healthy, faulty, refused, not-asked",
                "{HEAD,'sources':{'sockets':{'state':'half'}}} | /sources/sockets/state is none of complete, denied,"
                        + " absent",
                "{HEAD} {HEAD}                       | there is more after the snapshot"
            })
    void whatDoesNotFitIsOneClearProblem(String document, String reason) throws IOException {
        String refused = refusal(document.replace("HEAD", HEAD));
        if (reason.equals("DUPLICATE")) {
            assertThat(refused).matches("(?s)line 1, column \\d+ is not readable JSON: Duplicate.*");
        } else {
            assertThat(refused).isEqualTo(reason);
        }
    }

    @Test
    void depthTextsAndListsAreBounded() throws IOException {
        assertThat(refusal("")).isEqualTo("it is empty");
        assertThat(refusal("{'x':" + "[".repeat(100_000))).contains("not readable JSON");
        assertThat(refusal("{'observer':'" + "x".repeat(100_000) + "'}")).contains("not readable JSON");
        assertThat(refusal("{'processes':[{'pid':1,'start_ticks':1,'parent_pid':1,'uid':0,'command':["
                        + "'',".repeat(5_000) + "'']}]}"))
                .isEqualTo("/processes/0/command has more than 4096 elements");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void noMoreThan64MebibytesAreRead() throws IOException {
        InputStream endless = new InputStream() {
            private long given;

            @Override
            public int read() {
                return given++ == 0 ? '{' : ' ';
            }

            @Override
            public int read(byte[] into, int from, int length) {
                java.util.Arrays.fill(into, from, from + length, (byte) ' ');
                if (given == 0) {
                    into[from] = '{';
                }
                given += length;
                return length;
            }
        };

        assertThat(json.read(endless)).isEqualTo(new SnapshotJson.Result.Refused("it is larger than 64 MiB"));
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void onlyARegularFileIsOpened(@TempDir Path directory) throws IOException, InterruptedException {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Path huge = directory.resolve("huge");
        try (var file = new java.io.RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(65L << 20);
        }

        assertThat(json.read(fifo)).isEqualTo(new SnapshotJson.Result.Refused("it is not a regular file"));
        assertThat(json.read(directory)).isEqualTo(new SnapshotJson.Result.Refused("it is not a regular file"));
        assertThat(json.read(huge)).isEqualTo(new SnapshotJson.Result.Refused("it is larger than 64 MiB"));
        assertThat(json.read(directory.resolve("none")))
                .isEqualTo(new SnapshotJson.Result.Refused("there is no such file"));
        assertThat(json.read(Files.write(directory.resolve("binary"), new byte[] {0, 1, 2, (byte) 0xff})))
                .isInstanceOf(SnapshotJson.Result.Refused.class);
    }

    @Test
    void damagedSnapshotsAreReadOrRefusedAndNeverThrow() throws IOException {
        byte[] whole = written(everything());
        Random random = new Random(2);
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = java.util.Arrays.copyOf(whole, i % 4 == 0 ? random.nextInt(whole.length) : whole.length);
            for (int hit = 0; hit < 3 && bytes.length > 0; hit++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            refused += json.read(new ByteArrayInputStream(bytes)) instanceof SnapshotJson.Result.Refused ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(2_000);
    }
}
