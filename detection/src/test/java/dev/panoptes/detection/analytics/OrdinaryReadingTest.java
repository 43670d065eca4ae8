package dev.panoptes.detection.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.Detector;
import dev.panoptes.detection.fusion.Finding;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.OwnRules;
import dev.panoptes.detection.sigma.RuleSet;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What analytics conclude has an ordinary reading or none: the same amount, told low or medium. */
class OrdinaryReadingTest {
    private static final Instant START = Instant.parse("2026-11-02T10:00:00Z");
    private static final RuleSet RULES = RuleSet.of(OwnRules.read());

    private static Event event(int number, int seconds, String sensor, Map<String, Object> fields) {
        Event.Builder event = Event.builder()
                .put("@timestamp", START.plusSeconds(seconds))
                .put("event.id", sensor + number)
                .put("event.kind", "event")
                .put("event.dataset", "panoptes." + sensor)
                .put("host.id", "web-1")
                .put("host.name", "web-1");
        fields.forEach(event::put);
        return event.build();
    }

    private static List<Finding> told(Stream<Event> events) {
        Detector detector = new Detector(RULES);
        List<Event> all = new java.util.ArrayList<>(events.toList());
        Collections.shuffle(all, new Random(3));
        all.forEach(event -> detector.accept(event, Objects.requireNonNull(event.id())));
        return detector.conclude().findings();
    }

    private static Level level(String name, Stream<Event> events) {
        return told(events).stream()
                .filter(finding -> finding.name().equals(name))
                .map(Finding::severity)
                .findFirst()
                .orElseThrow();
    }

    private static Stream<Event> typed(String user, String... lines) {
        return IntStream.range(0, lines.length)
                .mapToObj(i -> event(
                        i,
                        10 * i,
                        "proc",
                        Map.of(
                                "event.action",
                                "process_started",
                                "process.executable",
                                "/usr/bin/" + lines[i].split(" ", 2)[0],
                                "process.command_line",
                                lines[i],
                                "process.args",
                                List.of(lines[i].split(" ")),
                                "user.name",
                                user)));
    }

    private static final String[] REPORT = {
        "uname -a", "ps auxf", "ss -tanp", "getent passwd", "dpkg -l", "crontab -l", "lsblk", "groups"
    };

    @Test
    void aReportForSupportAsksAsMuchAsAnIntruderButHuntsForNothing() {
        assertThat(level("reconnaissance_burst", typed("alice", REPORT))).isEqualTo(Level.LOW);
        assertThat(level("reconnaissance_burst", typed("www-data", REPORT))).isEqualTo(Level.MEDIUM);
        String[] hunting = Stream.concat(
                        Stream.of(REPORT), Stream.of("find / -perm -4000", "cat /home/bob/.bash_history"))
                .toArray(String[]::new);
        assertThat(level("reconnaissance_burst", typed("alice", hunting))).isEqualTo(Level.MEDIUM);
    }

    private static Stream<Event> asked(int from, int count, String ofHosts, int port) {
        return IntStream.range(0, count)
                .mapToObj(i -> event(
                        i,
                        i,
                        "flow",
                        Map.of(
                                "event.action",
                                "connection_opened",
                                "source.ip",
                                "10.0.0.7",
                                "source.port",
                                40_000 + i,
                                "destination.ip",
                                ofHosts.replace("N", Integer.toString(port == 0 ? 9 : i)),
                                "destination.port",
                                port == 0 ? from + i : port)));
    }

    @Test
    void exportersTransfersAndMonitoringAskManyPortsAndHosts() {
        assertThat(level("port_scan", asked(9_100, 60, "10.0.0.N", 0))).isEqualTo(Level.LOW);
        assertThat(level("port_scan", asked(20, 60, "10.0.0.N", 0))).isEqualTo(Level.MEDIUM);
        assertThat(level("port_scan", asked(0, 60, "10.0.0.N", 9_100))).isEqualTo(Level.LOW);
        assertThat(level("port_scan", asked(0, 60, "198.51.100.N", 22))).isEqualTo(Level.LOW);
        assertThat(level("port_scan", asked(0, 60, "198.51.100.N", 6_379))).isEqualTo(Level.MEDIUM);
    }

    private static Stream<Event> sent(String program) {
        return Stream.of(event(
                1,
                1,
                "flow",
                Map.of(
                        "event.action",
                        "connection_closed",
                        "source.ip",
                        "10.0.0.7",
                        "destination.ip",
                        "198.51.100.9",
                        "destination.port",
                        443,
                        "source.bytes",
                        400_000_000L,
                        "destination.bytes",
                        4_000L,
                        "process.executable",
                        program)));
    }

    @Test
    void imagesAndBackupsAreSentByPrograms() {
        assertThat(level("exfiltration", sent("/usr/bin/dockerd"))).isEqualTo(Level.LOW);
        assertThat(level("exfiltration", sent("/usr/bin/curl"))).isEqualTo(Level.MEDIUM);
        assertThat(level("exfiltration", sent("/tmp/restic"))).isEqualTo(Level.MEDIUM);
    }

    private static Stream<Event> calls(String program) {
        return IntStream.range(0, 30)
                .mapToObj(i -> event(
                        i,
                        60 * i,
                        "flow",
                        Map.of(
                                "event.action",
                                "connection_opened",
                                "source.ip",
                                "10.0.0.7",
                                "destination.ip",
                                "198.51.100.9",
                                "destination.port",
                                443,
                                "process.executable",
                                program)));
    }

    @Test
    void jobsTellThatTheyRanInARhythm() {
        assertThat(level("c2_beacon", calls("/usr/bin/curl"))).isEqualTo(Level.LOW);
        assertThat(level("c2_beacon", calls("/usr/bin/python3.12"))).isEqualTo(Level.MEDIUM);
        assertThat(level("c2_beacon", calls("/tmp/curl"))).isEqualTo(Level.MEDIUM);
    }

    private static Stream<Event> files(String suffix) {
        return IntStream.range(0, 60)
                .mapToObj(i -> event(
                        i,
                        i / 3,
                        "file_integrity",
                        Map.of(
                                "event.action",
                                "created",
                                "file.path",
                                "/srv/app/dir" + i % 5 + "/page" + i + suffix,
                                "file.type",
                                "file")));
    }

    @Test
    void whatIsDeployedHasSecondSuffixesToo() {
        for (String suffix : List.of(".blade.php", "-1.2.jar", ".component.vue", ".jpg.webp", ".html.erb", ".yml.j2")) {
            assertThat(told(files(suffix)))
                    .as(suffix)
                    .noneMatch(one -> one.name().equals("files_rewritten"));
        }
        assertThat(level("files_rewritten", files(".odt.locked"))).isEqualTo(Level.HIGH);
    }
}
