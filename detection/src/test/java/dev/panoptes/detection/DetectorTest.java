package dev.panoptes.detection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Finding;
import dev.panoptes.detection.fusion.Fusion;
import dev.panoptes.detection.fusion.Threat;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.OwnRules;
import dev.panoptes.detection.sigma.RuleSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Events become findings and incidents, whatever their order. */
class DetectorTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final RuleSet RULES = RuleSet.of(OwnRules.read());

    private final List<Event> events = new ArrayList<>();

    private Event.Builder event(String dataset, String host, Duration after) {
        return Event.builder()
                .put("@timestamp", START.plus(after))
                .put("event.id", "e" + events.size())
                .put("event.dataset", "panoptes." + dataset)
                .put("host.name", host);
    }

    private void login(String host, Duration after, String source, String user, boolean success) {
        events.add(event("auth", host, after)
                .put("event.action", success ? "login" : "login_failed")
                .put("event.outcome", success ? "success" : "failure")
                .put("auth.method", "password")
                .put("process.name", "sshd")
                .put("process.pid", 1_000L + events.size())
                .put("source.ip", source)
                .put("user.name", user)
                .build());
    }

    private void process(String host, Duration after, String user, String... args) {
        events.add(event("proc", host, after)
                .put("event.action", "process_started")
                .put("process.executable", "/usr/bin/" + args[0])
                .put("process.args", List.of(args))
                .put("process.command_line", String.join(" ", args))
                .put("user.name", user)
                .build());
    }

    private void query(String host, Duration after, String name, String type) {
        events.add(event("dns", host, after)
                .put("event.action", "query")
                .put("source.ip", "10.0.0.7")
                .put("dns.question.name", name)
                .put("dns.question.type", type)
                .build());
    }

    private static Fusion.Result of(List<Event> events) {
        Detector detector = new Detector(RULES);
        for (Event event : events) {
            detector.accept(event, String.valueOf(event.id()));
        }
        assertThat(detector.dropped()).isZero();
        return detector.conclude();
    }

    private static Finding named(Fusion.Result result, String name) {
        return result.findings().stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among " + result.findings()));
    }

    private void attack() {
        for (int i = 0; i < 9; i++) {
            login("web-1", Duration.ofSeconds(4L * i), "198.51.100.7", "alice", false);
        }
        login("web-1", Duration.ofSeconds(60), "198.51.100.7", "alice", true);
        process("web-1", Duration.ofSeconds(90), "alice", "sudo", "cat", "/etc/shadow");
        process("web-1", Duration.ofSeconds(120), "alice", "useradd", "-o", "-u", "0", "toor");
        login("db-1", Duration.ofSeconds(300), "198.51.100.7", "bob", false);
    }

    @Test
    void anyOrderAndRepetitionGiveTheSame() {
        attack();
        Fusion.Result wanted = of(events);
        assertThat(wanted.incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.severity()).isEqualTo(Level.CRITICAL);
            assertThat(incident.chain())
                    .extracting("technique")
                    .contains("T1110.001", "T1078", "T1003.008", "T1136.001");
        });
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            List<Event> shuffled = new ArrayList<>(events);
            shuffled.addAll(events.subList(0, round % events.size()));
            Collections.shuffle(shuffled, random);
            assertThat(of(shuffled)).isEqualTo(wanted);
        }
    }

    @Test
    void typingErrorsAreNoAttack() {
        for (int i = 0; i < 4; i++) {
            login("web-1", Duration.ofSeconds(5L * i), "10.0.0.9", "alice", false);
        }
        login("web-1", Duration.ofSeconds(40), "10.0.0.9", "alice", true);
        assertThat(of(events).incidents()).isEmpty();
    }

    @Test
    void slowGuessingIsFound() {
        for (int i = 0; i < 25; i++) {
            login("web-1", Duration.ofMinutes(40L * i), "198.51.100.9", "user" + i, false);
        }
        Finding finding = named(of(events), "brute_force_detected");
        assertThat(finding.techniques()).contains("T1110.003");
    }

    @Test
    void tunnelsAreFoundAndContentDeliveryIsNot() {
        Random random = new Random(3);
        for (int i = 0; i < 60; i++) {
            StringBuilder label = new StringBuilder();
            for (int j = 0; j < 40; j++) {
                label.append("abcdefghijklmnopqrstuvwxyz234567".charAt(random.nextInt(32)));
            }
            query("web-1", Duration.ofSeconds(i), label + ".t.example.net", "A");
            query("web-1", Duration.ofSeconds(i), "e" + i + ".dscx.akamaiedge.net", "A");
            query("web-1", Duration.ofSeconds(i), i + ".2.0.192.zen.spamhaus.org", "A");
            query("web-1", Duration.ofSeconds(i), "www" + i + ".example.org", "A");
        }
        Fusion.Result result = of(events);
        assertThat(named(result, "dns_tunnel").entities()).extracting("id").contains("example.net");
        assertThat(result.findings())
                .filteredOn(finding -> finding.name().startsWith("dns_"))
                .hasSize(1);
    }

    @Test
    void generatedNamesAreFoundAndWellKnownOnesAreNot() {
        String[] generated = {
            "xkjqwzvbnmtr.com", "qpwoeirutyzmx.net", "a8f3k2l9x7q1z.org", "lkjhgfdsapoiu.info", "zxqvjwkprtmn.biz"
        };
        String[] known = {
            "wikipedia.org", "stackoverflow.com", "theguardian.com", "bbc.co.uk", "allegro.pl", "baidu.com"
        };
        for (String name : generated) {
            query("web-1", Duration.ofSeconds(events.size()), name, "A");
        }
        for (String name : known) {
            query("web-1", Duration.ofSeconds(events.size()), name, "A");
        }
        assertThat(named(of(events), "dga_domain").entities())
                .filteredOn(entity -> entity.type().equals("domain"))
                .extracting("id")
                .containsExactlyInAnyOrder((Object[]) generated);
    }

    @Test
    void beaconsAreFoundUnderJitterAndLossAndPeopleAreNot() {
        Random random = new Random(5);
        long beacon = 0;
        long person = 0;
        for (int i = 0; i < 40; i++) {
            beacon += (long) (60_000 * (1 + 0.6 * (random.nextDouble() - 0.5)));
            person += (long) (-60_000 * Math.log(1 - random.nextDouble()));
            if (i % 10 != 3) {
                flow("web-1", Duration.ofMillis(beacon), "203.0.113.5", 443);
            }
            flow("web-1", Duration.ofMillis(person), "203.0.113.6", 443);
            flow("web-1", Duration.ofSeconds(64L * i), "203.0.113.7", 123);
        }
        Fusion.Result result = of(events);
        assertThat(result.findings())
                .filteredOn(finding -> finding.name().equals("c2_beacon"))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.entities()).extracting("id").contains("203.0.113.5"));
    }

    private void flow(String host, Duration after, String destination, long port) {
        events.add(event("flow", host, after)
                .put("event.action", "flow")
                .put("source.ip", "10.0.0.7")
                .put("source.port", 40_000L + events.size())
                .put("destination.ip", destination)
                .put("destination.port", port)
                .build());
    }

    @Test
    void scansAreFound() {
        for (int i = 0; i < 40; i++) {
            flow("web-1", Duration.ofSeconds(i), "10.0.0.20", 1_000 + i);
        }
        assertThat(named(of(events), "port_scan").severity()).isEqualTo(Level.MEDIUM);
    }

    @Test
    void theThreatFalls() {
        Threat.Open open = new Threat.Open(Level.CRITICAL, 95, START, false);
        assertThat(Threat.of(List.of(open), START.plusSeconds(60))).isEqualTo(Threat.UNDER_ATTACK);
        assertThat(Threat.of(List.of(open), START.plus(Duration.ofHours(6)))).isEqualTo(Threat.CRITICAL);
        assertThat(Threat.of(List.of(open), START.plus(Duration.ofDays(4)))).isEqualTo(Threat.LOW);
        assertThat(Threat.of(List.of(), START)).isEqualTo(Threat.BENIGN);
        assertThat(Threat.of(List.of(), null)).isEqualTo(Threat.UNKNOWN);
    }
}
