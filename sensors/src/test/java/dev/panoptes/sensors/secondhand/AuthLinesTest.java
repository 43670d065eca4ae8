package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
            // busybox's crond
            "Nov  8 07:00:10 alp cron.info crond[409]: USER root pid 410 cmd run-parts /etc/periodic/15min = none",
            // sudo's own log file
            "Nov  5 09:12:33 2024 : anna : HOST=web1 : TTY=pts/0 ; PWD=/home/anna ; USER=root ; COMMAND=/usr/bin/id"
                    + " = none",
            "Nov  5 09:12:39 2024 : bob : HOST=web1 : command not allowed ; TTY=pts/0 ; PWD=/home/bob ; USER=root ;"
                    + " COMMAND=/usr/bin/vi = none");

    @TempDir
    Path folder;

    private int samples;

    @Test
    void linesAreReadAsExpected() throws IOException, InterruptedException {
        List<String> misses = new ArrayList<>();
        for (Samples.Section section : Samples.sections("auth/lines.txt")) {
            misses.addAll(misses(section));
        }

        assertThat(samples).isEqualTo(243);
        assertThat(misses).containsExactlyInAnyOrderElementsOf(KNOWN);
    }

    private List<String> misses(Samples.Section section) throws IOException, InterruptedException {
        List<String> lines =
                section.lines().stream().filter(line -> !line.startsWith("> ")).toList();
        List<String> expected = section.lines().stream()
                .filter(line -> line.startsWith("> "))
                .map(line -> line.substring(2))
                .toList();
        Path log = folder.resolve(section.title().split(" ")[0] + ".log");
        Files.write(log, lines);
        Map<Long, List<String>> told = new HashMap<>();
        for (Event event : Samples.replay("auth", log).events()) {
            told.computeIfAbsent(Objects.requireNonNull(event.number("log.offset")), offset -> new ArrayList<>())
                    .add(text(event));
        }
        List<String> misses = new ArrayList<>();
        long offset = 0;
        for (int i = 0; i < lines.size(); i++) {
            samples++;
            String got = String.join(" and ", told.getOrDefault(offset, List.of("none")));
            if (!got.equals(expected.get(i))) {
                misses.add(lines.get(i) + " = " + got);
            }
            offset += lines.get(i).getBytes(StandardCharsets.UTF_8).length + 1;
        }
        return misses;
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
