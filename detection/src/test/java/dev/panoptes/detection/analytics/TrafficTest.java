package dev.panoptes.detection.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Hit;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Tunnels as six tools write them, by their documentation, among queries of ordinary machines; beacons under jitter and loss among
 * time services, updates and heartbeats.
 */
class TrafficTest {
    private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final String BASE64 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    private static final String BASE128 =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\u00bc\u00bd\u00be\u00c0";
    private static final String HEX = "0123456789abcdef";

    private final Random random = new Random(42);
    private final List<Seen> events = new ArrayList<>();

    private String any(String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** In labels of at most 63 signs (RFC 1035). */
    private static String labels(String text, int longest) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length(); i += longest) {
            name.append(name.isEmpty() ? "" : ".").append(text, i, Math.min(text.length(), i + longest));
        }
        return name.toString();
    }

    private void query(Instant at, String source, String name, String type) {
        Event event = Event.builder()
                .put("event.dataset", "panoptes.dns")
                .put("event.action", "query")
                .put("host.name", "resolver")
                .put("source.ip", source)
                .put("dns.question.name", name)
                .put("dns.question.type", type)
                .build();
        events.add(Seen.of(event, "e" + events.size(), at));
    }

    private void call(Instant at, String source, String destination, int port, long bytes) {
        Event event = Event.builder()
                .put("event.dataset", "panoptes.flow")
                .put("event.action", "connection_opened")
                .put("host.name", source)
                .put("source.ip", source)
                .put("source.port", 30_000L + random.nextInt(30_000))
                .put("destination.ip", destination)
                .put("destination.port", (long) port)
                .put("source.bytes", bytes)
                .build();
        events.add(Seen.of(event, "e" + events.size(), at));
    }

    private List<Hit> concluded(Analytic analytic) {
        events.forEach(analytic::see);
        assertThat(analytic.dropped()).isZero();
        return analytic.conclude();
    }

    private void tunnel(String domain, String type, IntFunction<String> name) {
        for (int i = 0; i < 100; i++) {
            query(START.plusSeconds(i), "10.0.0.66", name.apply(i) + "." + domain, type);
        }
    }

    @Test
    void sixToolsAreFoundWithinAHundredQueriesAndNothingElse() {
        // iodine: a command letter or the user's number, header, then data in base 32, 64 or 128, labels of 57, query
        // type NULL.
        tunnel(
                "t.iodine-a.example",
                "NULL",
                i -> labels("0" + any(BASE32, 4) + any(BASE128, 120 + random.nextInt(100)), 57));
        tunnel("iodine-b.example", "TXT", i -> i % 3 == 0 ? "p" + any(BASE32, 5) : labels("0" + any(BASE32, 60), 57));
        // dnscat2: packets in hexadecimal: id, type, session, sequence numbers, data; TXT, CNAME and MX in turn.
        tunnel("cat.example", "TXT", i -> labels(any(HEX, 18 + random.nextInt(60)), 60));
        // dns2tcp: base 64 with a number and "=auth" or "=connect" in the name, TXT or KEY.
        tunnel("tcp.example", "KEY", i -> labels(any(BASE64, 20 + random.nextInt(80)), 60) + ".=connect");
        // A beacon of a commercial tool that tells in A queries: post.<length><hex>.<counter>.<id>.
        tunnel("post.example", "A", i -> "post.1" + any(HEX, 56) + "." + any(HEX, 56) + "." + i + "." + "3f2a9c1b");
        // DNSExfiltrator: chunk number and base 64 for URLs, TXT.
        tunnel("exf.example", "TXT", i -> i + "." + labels(any(BASE64, 180), 63));
        // ozymandns and its like: base 32, a number against caches, a session; TXT.
        tunnel(
                "ozy.example",
                "TXT",
                i -> labels(any(BASE32, 110), 50) + "." + i + "-" + 4711 + ".id-" + any("0123456789", 5) + ".down");
        ordinary();
        List<Hit> hits = concluded(new DnsTunnel());
        assertThat(hits)
                .flatExtracting(Hit::entities)
                .extracting("type", "id")
                .contains(
                        org.assertj.core.groups.Tuple.tuple("domain", "iodine-a.example"),
                        org.assertj.core.groups.Tuple.tuple("domain", "iodine-b.example"),
                        org.assertj.core.groups.Tuple.tuple("domain", "cat.example"),
                        org.assertj.core.groups.Tuple.tuple("domain", "tcp.example"),
                        org.assertj.core.groups.Tuple.tuple("domain", "post.example"),
                        org.assertj.core.groups.Tuple.tuple("domain", "exf.example"),
                        org.assertj.core.groups.Tuple.tuple("domain", "ozy.example"));
        assertThat(hits).as(hits.stream().map(Hit::text).toList().toString()).hasSize(7);
    }

    /** Fifteen thousand queries of a day in an office and a computing centre. */
    private void ordinary() {
        for (int i = 0; i < 15_000; i++) {
            Instant at = START.plusSeconds(i * 5L);
            String client = "10.0.1." + random.nextInt(40);
            switch (random.nextInt(20)) {
                case 0 ->
                    query(
                            at,
                            client,
                            "r" + (1 + random.nextInt(8)) + "---sn-" + any(BASE32, 8) + ".gvt1-like.example",
                            "A");
                case 1 -> query(at, client, "d" + any(BASE32, 13) + ".cloudfront.net", "A");
                case 2 ->
                    query(at, client, random.nextInt(255) + "." + random.nextInt(255) + ".2.0.192.dnsbl.example", "A");
                case 3 -> query(at, client, any(HEX, 32) + ".hash.scanner.mcafee.com", "TXT");
                case 4 ->
                    query(
                            at,
                            client,
                            "selector" + random.nextInt(3) + "._domainkey.firm" + random.nextInt(200) + ".example",
                            "TXT");
                case 5 -> query(at, client, "_dmarc.firm" + random.nextInt(400) + ".example", "TXT");
                case 6 -> query(at, client, "firm" + random.nextInt(400) + ".example", "MX");
                case 7 ->
                    query(
                            at,
                            client,
                            "ec2-3-" + random.nextInt(255) + "-" + random.nextInt(255)
                                    + "-7.eu-central-1.compute.amazonaws.com",
                            "A");
                case 8 -> query(at, client, "_ldap._tcp.dc._msdcs.corp.example", "SRV");
                case 9 -> query(at, client, "_sip._tls.firm" + random.nextInt(100) + ".example", "SRV");
                case 10 ->
                    query(at, client, "lb" + random.nextInt(30) + ".shop" + random.nextInt(60) + ".example", "CNAME");
                case 11 -> query(at, client, "img" + random.nextInt(90) + ".cdn-static.example", "A");
                case 12 -> query(at, client, "node-" + random.nextInt(3_000) + ".cluster.internal.example", "A");
                case 13 ->
                    query(
                            at,
                            client,
                            "tracker" + random.nextInt(2_000) + "." + any("abcdefghijk", 3) + ".adnet.example",
                            "A");
                case 14 ->
                    query(
                            at,
                            client,
                            UUID.nameUUIDFromBytes(BigInteger.valueOf(random.nextInt(12))
                                            .toByteArray()) + ".edge.telemetry.example",
                            "A");
                case 15 -> query(at, client, any(HEX, 8) + ".sandbox.pages.example", "A");
                case 16 -> query(at, client, "xn--" + any(BASE32, 9) + ".wiki.example", "A");
                case 17 -> query(at, client, random.nextInt(255) + ".1.168.192.in-addr.arpa", "PTR");
                default ->
                    query(
                            at,
                            client,
                            "www.site" + random.nextInt(700) + ".example",
                            random.nextBoolean() ? "A" : "AAAA");
            }
        }
    }

    @Test
    void beaconsOfAnyPeriodAreFoundWithinTwentyBeats() {
        List<String> missed = new ArrayList<>();
        int planted = 0;
        for (int period : new int[] {10, 15, 30, 60, 90, 300, 600, 1_800, 3_600}) {
            for (double jitter : new double[] {0, 0.1, 0.2, 0.3}) {
                for (int round = 0; round < 10; round++) {
                    events.clear();
                    double at = random.nextInt(1_000);
                    for (int beat = 0; beat < 20; beat++) {
                        // The sleep is up to so much shorter or longer; one beat in ten is lost.
                        at += period * (1 + jitter * (2 * random.nextDouble() - 1));
                        if (random.nextInt(10) > 0) {
                            call(
                                    START.plusMillis((long) (at * 1_000)),
                                    "10.0.0.7",
                                    "203.0.113.50",
                                    443,
                                    300 + random.nextInt(80));
                        }
                    }
                    planted++;
                    if (concluded(new Beaconing()).isEmpty()) {
                        missed.add(period + " s, " + Math.round(100 * jitter) + " %");
                    }
                }
            }
        }
        assertThat(missed)
                .as(missed.size() + " of " + planted + " missed: " + missed)
                .hasSizeLessThanOrEqualTo(planted / 50);
    }

    @Test
    void timeUpdatesHeartbeatsAndPeopleAreNoBeacons() {
        for (int host = 0; host < 30; host++) {
            String source = "10.0.2." + host;
            double update = random.nextInt(3_600);
            for (int i = 0; i < 200; i++) {
                call(START.plusSeconds(i * 64L + host), source, "198.51.100.123", 123, 48);
                call(START.plusSeconds(i * 30L + host), source, "10.9.0.1", 8443, 200);
                // Every host of the fleet asks the mirror and the monitoring service in one rhythm.
                call(START.plusSeconds(i * 60L + random.nextInt(5)), source, "198.51.100.20", 443, 500);
                update += 3_000 + random.nextInt(1_200);
                call(START.plusSeconds((long) update), source, "198.51.100.21", 80, 900);
            }
            // Somebody reads: pauses of all lengths.
            double at = 0;
            for (int i = 0; i < 300; i++) {
                at += Math.exp(random.nextGaussian() * 1.5 + 3);
                call(
                        START.plusSeconds((long) at),
                        source,
                        "198.51.100." + (130 + random.nextInt(40)),
                        443,
                        200 + random.nextInt(90_000));
            }
        }
        List<Hit> hits = concluded(new Beaconing());
        assertThat(hits)
                .as(hits.stream()
                        .map(hit -> hit.text().toLowerCase(Locale.ROOT))
                        .toList()
                        .toString())
                .isEmpty();
    }
}
