package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code auth/lines.txt}: action, outcome, user, address, port and target of log lines, or that a line is no event. */
class AuthLinesTest {
    /** Lines that are read otherwise than expected: none is to join them, and one that is mended leaves. */
    private static final List<String> KNOWN = List.of(
            // without a user's name sshd speaks of a connection that never logged in
            "2024-11-06T10:00:03.000002+00:00 ub sshd[3004]: Connection closed by 203.0.113.9 port 50100"
                    + " = logout|success||203.0.113.9|50100|",
            // a rule of the stack that does not apply, at every login at GDM
            "2024-11-06T10:00:34.000001+00:00 ub gdm-password]: pam_succeed_if(gdm-password:auth): requirement"
                    + " \"user ingroup nopasswdlogin\" not met by user \"ubuntu\" = login_failed|failure|ubuntu|||",
            // who is in front of the address
            "2024-11-07T08:00:04.000000+01:00 r1 sshd[1005]: ssh_dispatch_run_fatal: Connection from authenticating"
                    + " user root 203.0.113.80 port 41002: message authentication code incorrect [preauth] ="
                    + " connection_refused|failure||authenticating||",
            // busybox's crond
            "Nov  8 07:00:10 alp cron.info crond[409]: USER root pid 410 cmd run-parts /etc/periodic/15min = none",
            // sudo's own log file
            "Nov  5 09:12:33 2024 : anna : HOST=web1 : TTY=pts/0 ; PWD=/home/anna ; USER=root ; COMMAND=/usr/bin/id"
                    + " = none",
            "Nov  5 09:12:39 2024 : bob : HOST=web1 : command not allowed ; TTY=pts/0 ; PWD=/home/bob ; USER=root ;"
                    + " COMMAND=/usr/bin/vi = none");

    @TempDir
    Path folder;

    @Test
    void linesAreReadAsExpected() throws IOException, InterruptedException {
        Lines lines = new Lines("auth", AuthLinesTest::text, folder);

        assertThat(lines.compare("auth/lines.txt")).containsExactlyInAnyOrderElementsOf(KNOWN);
        assertThat(lines.samples()).isEqualTo(243);
    }

    private static String text(Event event) {
        String source = event.text("source.ip") == null ? event.text("source.domain") : event.text("source.ip");
        return Stream.of(
                        event.action(),
                        event.text("event.outcome"),
                        event.text("user.name"),
                        source,
                        event.value("source.port").map(Object::toString).orElse(""),
                        event.text("user.target.name"))
                .map(text -> text == null ? "" : text)
                .collect(Collectors.joining("|"));
    }
}
