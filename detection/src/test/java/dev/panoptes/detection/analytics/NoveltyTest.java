package dev.panoptes.detection.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.sigma.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Lateral movement, resources and novelty: planted cases, their nearest negatives, and a labelled simulation of a fleet that was
 * written after the formulas; docs/detection-quality.md tells its figures, and the bounds here are what they must not fall below.
 */
class NoveltyTest {
    private static final Instant START = Instant.parse("2026-02-02T00:00:00Z");

    private final List<Seen> events = new ArrayList<>();

    private Event.Builder event(String dataset, String action, String host) {
        return Event.builder()
                .put("event.dataset", "panoptes." + dataset)
                .put("event.action", action)
                .put("host.name", host);
    }

    private void add(Event.Builder event, Instant at, String label) {
        events.add(Seen.of(event.build(), label + events.size(), at));
    }

    private void login(String host, Instant at, String source, String user, String method, String label) {
        add(
                event("auth", "login", host)
                        .put("source.ip", source)
                        .put("user.name", user)
                        .put("auth.method", method),
                at,
                label);
    }

    private void start(String host, Instant at, String parent, String program, String label) {
        add(
                event("proc", "process_started", host)
                        .put("process.executable", program)
                        .put("process.parent.executable", parent),
                at,
                label);
    }

    private void usage(String host, Instant at, String unit, double cpu, double megabytes, String label) {
        add(
                event("proc", "process_usage", host)
                        .put("service.name", unit)
                        .put("process.executable", "/usr/bin/" + unit)
                        .put("process.cpu_percent", cpu)
                        .put("process.memory_bytes", (long) (megabytes * 1e6)),
                at,
                label);
    }

    private List<Hit> concluded(Analytic analytic) {
        events.forEach(analytic::see);
        assertThat(analytic.dropped()).isZero();
        return sorted(analytic.conclude());
    }

    private static List<Hit> sorted(List<Hit> hits) {
        List<Hit> sorted = new ArrayList<>(hits);
        sorted.sort(Comparator.comparing(Hit::first).thenComparing(Hit::event).thenComparing(Hit::name));
        return sorted;
    }

    @Test
    void anythingNewOnAQuietHostIsToldOnceItIsKnown() {
        for (int day = 0; day < 12; day++) {
            for (String program : List.of("/usr/sbin/sshd", "/usr/bin/cron", "/usr/bin/build-" + day)) {
                start("a", START.plus(Duration.ofDays(day)).plusSeconds(60), "/sbin/init", program, "usual");
            }
        }
        start("a", START.plus(Duration.ofDays(3)), "/bin/sh", "/opt/early", "early");
        start("a", START.plus(Duration.ofDays(9)), "/usr/sbin/nginx", "/dev/shm/x", "new");
        start("a", START.plus(Duration.ofDays(10)), "/usr/sbin/nginx", "/dev/shm/x", "again");
        List<Hit> hits = concluded(new FirstSeen());
        assertThat(hits).extracting(Hit::name).containsExactly("first_seen_binary", "first_seen_parent_child");
        assertThat(hits).extracting(Hit::event).allMatch(event -> event.startsWith("new"));
        assertThat(hits).extracting(Hit::level).containsExactly(Level.LOW, Level.INFORMATIONAL);

        // The order in which events come makes no difference.
        Collections.shuffle(events, new Random(5));
        assertThat(concluded(new FirstSeen())).isEqualTo(hits);
    }

    @Test
    void anUpdateThatBringsManyIsSilent() {
        start("a", START, "/sbin/init", "/usr/sbin/sshd", "usual");
        for (int i = 0; i < 8; i++) {
            start(
                    "a",
                    START.plus(Duration.ofDays(9)).plusSeconds(i),
                    "/usr/bin/dpkg",
                    "/usr/lib/x/" + (char) ('a' + i),
                    "u");
        }
        assertThat(concluded(new FirstSeen())).isEmpty();
    }

    @Test
    void aUserFromANewNetworkIsToldAndOneFromTheSameNetworkIsNot() {
        for (int day = 0; day < 10; day++) {
            login("a", START.plus(Duration.ofDays(day)), "198.51.100." + (10 + day), "alice", "publickey", "usual");
        }
        login("b", START.plus(Duration.ofDays(11)), "203.0.113.77", "alice", "publickey", "new");
        List<Hit> hits = concluded(new FirstSeen());
        assertThat(hits).extracting(Hit::name).containsExactly("first_seen_login_source");
        assertThat(FirstSeen.network("2001:db8:1:2::3")).isEqualTo("2001:db8:1");
        assertThat(FirstSeen.alike("/tmp/build-1234/deadbeef01/x86")).isEqualTo("/tmp/build-#/*/x#");
    }

    @Test
    void manyHostsWithAPasswordAreMediumAndThoseOfEveryDayAreNothing() {
        for (int day = 0; day < 5; day++) {
            for (int host = 0; host < 12; host++) {
                login(
                        "h" + host,
                        START.plus(Duration.ofDays(day)).plusSeconds(host),
                        "10.0.0.9",
                        "ansible",
                        "publickey",
                        "control");
            }
        }
        List<Hit> first = concluded(new LateralMovement());
        assertThat(first).hasSize(1);
        assertThat(first.getFirst().level())
                .as("a control node on its first day")
                .isEqualTo(Level.LOW);
        for (int host = 0; host < 5; host++) {
            login(
                    "h" + host,
                    START.plus(Duration.ofDays(6)).plusSeconds(120L * host),
                    "10.0.3.77",
                    "bob",
                    "password",
                    "attack");
        }
        for (int host = 0; host < 3; host++) {
            login(
                    "h" + host,
                    START.plus(Duration.ofDays(6)).plusSeconds(60L * host),
                    "10.0.3.78",
                    "eve",
                    "password",
                    "few");
        }
        for (int host = 0; host < 9; host++) {
            login(
                    "h" + host,
                    START.plus(Duration.ofDays(6)).plusSeconds(host),
                    "203.0.113.9",
                    "x",
                    "password",
                    "outside");
        }
        List<Hit> hits = concluded(new LateralMovement());
        assertThat(hits).hasSize(2);
        Hit attack = hits.getLast();
        assertThat(attack.level()).isEqualTo(Level.MEDIUM);
        assertThat(attack.text()).contains("10.0.3.77", "5 hosts");
        Collections.shuffle(events, new Random(7));
        assertThat(concluded(new LateralMovement())).isEqualTo(hits);
    }

    @Test
    void farMoreWorkThanAtThisTimeIsToldAndTheNightlyBackupIsNot() {
        Random random = new Random(3);
        for (int half = 0; half < 10 * 48; half++) {
            Instant at = START.plusSeconds(half * 1_800L).plusSeconds(random.nextInt(600));
            int hour = half % 48 / 2;
            usage("a", at, "backup.service", hour == 2 ? 95 : 1, 100, "backup");
            usage("a", at, "web.service", 10 + random.nextInt(15), 400, "web");
        }
        assertThat(concluded(new ResourceAnomaly())).isEmpty();
        for (int half = 0; half < 4; half++) {
            usage("a", START.plus(Duration.ofDays(10)).plusSeconds(half * 1_800L), "web.service", 97, 420, "miner");
        }
        List<Hit> hits = concluded(new ResourceAnomaly());
        assertThat(hits).extracting(Hit::name).containsExactly("cpu_anomaly");
        assertThat(hits.getFirst().text()).startsWith("web.service uses 97 % of a core");
        Collections.shuffle(events, new Random(9));
        assertThat(concluded(new ResourceAnomaly())).isEqualTo(hits);
    }

    @Test
    void whatDoesNotFitIsCounted() {
        FirstSeen novelty = new FirstSeen();
        for (int i = 0; i < 2_100; i++) {
            String name = IntStream.of(i / 676, i / 26 % 26, i % 26)
                    .mapToObj(letter -> String.valueOf((char) ('g' + letter % 20)) + (letter >= 20 ? "z" : ""))
                    .reduce("", String::concat);
            start("a", START.plusSeconds(i), "", "/opt/" + name + "/" + i % 7, "many");
        }
        events.forEach(novelty::see);
        Set<String> names = new HashSet<>();
        events.forEach(seen -> names.add(FirstSeen.alike(seen.text("process.executable"))));
        assertThat(novelty.dropped())
                .isEqualTo(events.stream()
                                .filter(seen -> events.indexOf(seen) >= 0)
                                .count()
                        - Math.min(names.size(), 2_000)
                        - (2_100 - names.size()));
    }

    /** Sixty hosts over thirty days, what is done there every day, and planted cases. */
    @Test
    void overASimulatedFleet() {
        Random random = new Random(20_260_301);
        Set<String> planted = new TreeSet<>();
        for (int host = 0; host < 60; host++) {
            String name = "host-" + host;
            int programs = 25 + random.nextInt(40);
            for (int day = 0; day < 30; day++) {
                for (int i = 0; i < 12; i++) {
                    start(
                            name,
                            time(random, day),
                            "/bin/sh",
                            "/usr/bin/tool" + letters(random.nextInt(programs)),
                            "usual");
                }
                // Now and then somebody tries another tool, and once in a while an update brings some.
                if (random.nextInt(10) == 0) {
                    start(
                            name,
                            time(random, day),
                            "/bin/bash",
                            "/usr/bin/rare" + letters(random.nextInt(5_000)),
                            "rare");
                }
                if (day % 14 == host % 14) {
                    Instant update = time(random, day);
                    for (int i = 0; i < 5 + random.nextInt(30); i++) {
                        start(
                                name,
                                update.plusSeconds(i),
                                "/usr/bin/dpkg",
                                "/usr/lib/p" + letters(random.nextInt(9_000)),
                                "up");
                    }
                }
            }
            if (host % 3 == 0) {
                String label = "binary-" + host + "-";
                planted.add(label);
                start(
                        name,
                        time(random, 8 + random.nextInt(22)),
                        "/usr/sbin/nginx",
                        "/var/tmp/." + letters(host),
                        label);
            }
        }
        FirstSeen novelty = new FirstSeen();
        events.forEach(novelty::see);
        List<Hit> binaries = novelty.conclude().stream()
                .filter(hit -> hit.name().equals("first_seen_binary"))
                .toList();
        long found = planted.stream()
                .filter(label -> binaries.stream().anyMatch(hit -> hit.event().startsWith(label)))
                .count();
        long others = binaries.stream()
                .filter(hit -> !hit.event().startsWith("binary-"))
                .count();
        String figures = "first-seen programs: planted " + planted.size() + ", found " + found + ", others told "
                + others + " in " + 60 * 23 / 7 + " weeks of known hosts";
        assertThat(found).as(figures).isGreaterThanOrEqualTo(planted.size() * 7L / 10);

        lateral(random);
        resources(random);
    }

    private static Instant time(Random random, int day) {
        return START.plus(Duration.ofDays(day)).plusSeconds(random.nextInt(86_400));
    }

    private static String letters(int number) {
        StringBuilder text = new StringBuilder();
        for (int rest = number + 1; rest > 0; rest /= 26) {
            text.append((char) ('a' + rest % 26));
        }
        return text.toString();
    }

    private void lateral(Random random) {
        events.clear();
        int attacks = 0;
        for (int day = 0; day < 30; day++) {
            for (int hour = 0; hour < 24; hour++) {
                for (int host = 0; host < 60; host++) {
                    login("host-" + host, at(day, hour, host), "10.0.0.2", "ansible", "publickey", "control");
                }
            }
            int width = 6 + random.nextInt(10);
            for (int i = 0; i < width; i++) {
                login(
                        "host-" + random.nextInt(60),
                        at(day, 9, i * 200),
                        "10.0.0.3",
                        "ops" + random.nextInt(4),
                        "publickey",
                        "jump");
            }
            for (int host = 0; host < 60; host++) {
                login("host-" + host, at(day, 3, host * 20), "10.0.0.4", "backup", "publickey", "backup");
            }
            for (int person = 0; person < 25; person++) {
                int hosts = 1 + random.nextInt(3);
                for (int i = 0; i < hosts; i++) {
                    login(
                            "host-" + (person * 3 + random.nextInt(4)) % 60,
                            at(day, 8 + random.nextInt(9), random.nextInt(3_000)),
                            "10.0.4." + person,
                            "dev" + person,
                            random.nextBoolean() ? "password" : "publickey",
                            "dev");
                }
            }
            if (day >= 2 && day % 2 == 0) {
                attacks++;
                int hosts = 4 + random.nextInt(8);
                int begin = random.nextInt(2_000);
                int pace = 20 + random.nextInt(200);
                for (int i = 0; i < hosts; i++) {
                    login(
                            "host-" + (day * 7 + i * 5) % 60,
                            at(day, 20, begin + i * pace),
                            "10.0.4." + (100 + day),
                            "dev" + day % 25,
                            day % 4 == 0 ? "password" : "publickey",
                            "attack-" + day + "-");
                }
            }
        }
        List<Hit> hits = concluded(new LateralMovement());
        Set<String> found = new TreeSet<>();
        hits.stream()
                .map(Hit::event)
                .filter(event -> event.startsWith("attack"))
                .forEach(event -> found.add(event.replaceAll("-[0-9]+$", "")));
        List<Hit> others =
                hits.stream().filter(hit -> !hit.event().startsWith("attack")).toList();
        long loud = others.stream().filter(hit -> hit.level() == Level.MEDIUM).count();
        String figures = "lateral movement: planted " + attacks + ", found " + found.size() + ", others told low "
                + (others.size() - loud) + ", medium " + loud + " "
                + others.stream().map(Hit::text).toList();
        assertThat(found.size()).as(figures).isGreaterThanOrEqualTo(attacks * 8 / 10);
        assertThat(loud).as(figures).isZero();
    }

    private static Instant at(int day, int hour, long seconds) {
        return START.plus(Duration.ofDays(day)).plus(Duration.ofHours(hour)).plusSeconds(seconds);
    }

    private void resources(Random random) {
        events.clear();
        int planted = 0;
        for (int service = 0; service < 48; service++) {
            String unit = "svc-" + letters(service) + ".service";
            double base = random.nextDouble() * 30;
            double day = random.nextDouble() * 40;
            double noise = 1 + random.nextDouble() * 8;
            double memory = 50 + random.nextInt(900);
            int batch = random.nextInt(24);
            boolean nightly = service % 4 == 1;
            boolean growing = service % 5 == 2;
            boolean weekly = service % 10 == 7;
            boolean attacked = service % 6 == 0;
            planted += attacked ? 1 : 0;
            int from = (9 + random.nextInt(10)) * 48 + random.nextInt(48);
            int length = 3 + random.nextInt(12);
            for (int half = 0; half < 21 * 48; half++) {
                int hour = half % 48 / 2;
                double cpu = base
                        + day * Math.max(0, Math.sin((hour - 7) * Math.PI / 12))
                        + Math.abs(random.nextGaussian()) * noise;
                if (nightly && hour == batch) {
                    cpu = 70 + random.nextInt(30);
                }
                if (weekly && half / 48 % 7 == 6 && hour == batch) {
                    cpu = 85 + random.nextInt(15);
                }
                boolean now = attacked && half >= from && half < from + length;
                usage(
                        "host-" + service % 60,
                        START.plusSeconds(half * 1_800L + random.nextInt(900)),
                        unit,
                        now ? 180 + random.nextInt(200) : cpu,
                        memory * (growing ? 1 + half / 2_000.0 : 1) + random.nextInt(20),
                        now ? "miner-" + service + "-" : "usual");
            }
        }
        List<Hit> hits = concluded(new ResourceAnomaly());
        Set<String> found = new TreeSet<>();
        hits.stream()
                .flatMap(hit -> hit.events().stream())
                .filter(event -> event.startsWith("miner"))
                .forEach(event -> found.add(event.replaceAll("-[0-9]+$", "")));
        long others = hits.stream()
                .filter(hit -> hit.events().stream().noneMatch(event -> event.startsWith("miner")))
                .count();
        String figures = "resources: planted " + planted + ", found " + found.size() + ", others told " + others
                + " in 48 services over 21 days";
        assertThat(found.size()).as(figures).isGreaterThanOrEqualTo(planted * 8 / 10);
        assertThat(others).as(figures).isLessThanOrEqualTo(5);
    }
}
