package dev.panoptes.detection.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Hit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Tunnels and beacons by a second hand, which had not read the formulas' parameters: other sizes, types and paces of the same six
 * tools, among services that ask for names that look like data. docs/detection-quality.md tells the first figures.
 */
class FreshTrafficTest {
    private static final Instant START = Instant.parse("2026-05-11T06:00:00Z");
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String BASE32 = LOWER + "234567";
    private static final String BASE64 = LOWER + LOWER.toUpperCase(java.util.Locale.ROOT) + "0123456789-_";
    private static final String HEX = "0123456789abcdef";
    private static final String DIGITS = "0123456789";
    private static final String ALL = LOWER + DIGITS;

    private final Random random = new Random(20_260_511);
    private final List<Seen> events = new ArrayList<>();

    private String any(String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }

    private static String cut(String text, int longest) {
        return text.replaceAll("(.{" + longest + "})(?=.)", "$1.");
    }

    private void query(long second, String source, String name, String type) {
        Event event = Event.builder()
                .put("event.dataset", "panoptes.dns")
                .put("event.action", "query")
                .put("host.name", "ns")
                .put("source.ip", source)
                .put("dns.question.name", name)
                .put("dns.question.type", type)
                .build();
        events.add(Seen.of(event, "q" + events.size(), START.plusSeconds(second)));
    }

    private void tunnel(String domain, int pace, IntFunction<String> name, String... types) {
        for (int i = 0; i < 100; i++) {
            query((long) i * pace, "10.9.0.5", name.apply(i) + "." + domain, types[i % types.length]);
        }
    }

    @Test
    void tunnelsOfOtherSizesAndPacesAreFoundAndNoServiceIs() {
        tunnel("io.wander.example", 2, i -> cut(any(LOWER, 1) + any(BASE32, 90 + random.nextInt(120)), 63), "CNAME");
        tunnel("slowio.example", 20, i -> cut("p" + any(BASE32, 8 + random.nextInt(40)), 57), "MX", "NULL");
        tunnel("cat2.example", 1, i -> "dnscat." + cut(any(HEX, 34 + random.nextInt(90)), 62), "TXT", "CNAME", "MX");
        tunnel("d2t.example", 3, i -> cut(any(BASE64, 30 + random.nextInt(150)), 63), "TXT");
        tunnel("x.exfil.example", 1, i -> i + "." + cut(any(BASE32, 200), 55), "A");
        tunnel("oz.example", 4, i -> cut(any(BASE32, 80), 40) + "." + any(DIGITS, 5) + ".up", "TXT");
        tunnel("cs.example", 15, i -> "api." + any(HEX, 8 + 2 * random.nextInt(24)) + "." + any(HEX, 8), "TXT", "A");
        services();
        Analytic tunnels = new DnsTunnel();
        events.forEach(tunnels::see);
        Set<String> told = new TreeSet<>();
        for (Hit hit : tunnels.conclude()) {
            hit.entities().stream()
                    .filter(entity -> entity.type().equals("domain"))
                    .forEach(entity -> told.add(entity.id()));
        }
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "wander.example",
                        "slowio.example",
                        "cat2.example",
                        "d2t.example",
                        "exfil.example",
                        "oz.example",
                        "cs.example");
    }

    /** Fifteen thousand queries of a company with its own mail, monitoring, clusters and telephones. */
    private void services() {
        for (int i = 0; i < 15_000; i++) {
            String client = "10.9.1." + random.nextInt(120);
            query(i * 4L, client, service(random.nextInt(26)), one("A", "A", "AAAA", "HTTPS", "TXT"));
        }
    }

    private String service(int kind) {
        int octet = random.nextInt(256);
        return switch (kind) {
            case 0 -> random.nextInt(256) + "." + octet + ".100.51.198.zen.spamhaus.org";
            case 1 -> octet + ".113.0.203.bl.spamcop.net";
            case 2 -> any(HEX, 32) + ".malware.hash.cymru.com";
            case 3 -> any(HEX, 40) + ".avts.mcafee.com";
            case 4 -> "0.0.0.0.1.0.0.4e." + any(HEX, 8) + "." + any(ALL, 26) + ".avqs.mcafee.com";
            case 5 -> any(ALL, 26) + ".sophosxl.net";
            case 6 -> one("s1", "s2", "google", "k1", "selector1") + "._domainkey." + any(LOWER, 7) + ".example";
            case 7 -> one("_dmarc", "_spf", "_mta-sts") + "." + any(LOWER, 8) + ".example";
            case 8 -> any(LOWER, 1) + random.nextInt(900) + ".dsc" + any(LOWER, 1) + ".akamaiedge.net";
            case 9 -> "d" + any(ALL, 13) + ".cloudfront.net";
            case 10 -> random.nextInt(256) + "." + octet + ".9.10.in-addr.arpa";
            case 11 -> cut(any(HEX, 32), 1) + ".ip6.arpa";
            case 12 -> one("_ipp", "_googlecast", "_airplay", "_ssh") + "._tcp.local";
            case 13 -> "printer-" + any(HEX, 6) + ".local";
            case 14 -> any(HEX, 8) + "-" + any(HEX, 4) + "-" + any(HEX, 4) + ".prod.cluster.internal";
            case 15 -> "web-" + any(HEX, 9) + "-" + any(ALL, 5) + ".default.svc.cluster.local";
            case 16 -> any(ALL, 10) + ".gr7.eu-west-1.eks.amazonaws.com";
            case 17 -> "ip-10-9-" + octet + "-" + random.nextInt(256) + ".eu-west-1.compute.internal";
            case 18 -> "r" + random.nextInt(9) + "---sn-" + any(ALL, 8) + ".googlevideo.com";
            case 19 -> any(HEX, 16) + ".safeframe.googlesyndication.com";
            case 20 -> any(HEX, 32) + "." + one("fra", "ams", "lhr") + ".ns.measure.example"; // a resolver's own test
            case 21 -> one("sip", "_sips._tcp", "_stun._udp") + ".phone" + random.nextInt(3) + ".example";
            case 22 -> "o" + random.nextInt(9_999) + ".ingest.sentry.io";
            case 23 -> one("outlook", "login", "teams", "graph") + "." + one("office365.com", "live.com");
            case 24 -> one("deb", "security", "ftp.de", "cdn-fastly.deb") + ".debian.org";
            default ->
                one("www", "cdn", "api", "img", "static") + "." + one("heise", "spiegel", "github", "wikipedia")
                        + ".example";
        };
    }

    private void call(double second, String source, String destination, int port) {
        Event event = Event.builder()
                .put("event.dataset", "panoptes.flow")
                .put("event.action", "connection_opened")
                .put("host.name", source)
                .put("source.ip", source)
                .put("destination.ip", destination)
                .put("destination.port", (long) port)
                .build();
        events.add(Seen.of(event, "c" + events.size(), START.plusMillis((long) (second * 1000))));
    }

    /** Each beacon is its own host and destination: a period, a jitter, a tenth of its beats lost. */
    @Test
    void nearlyEveryBeaconOfOtherPeriodsIsFoundWithinTwentyBeats() {
        double[] periods = {11, 17, 29, 47, 83, 140, 260, 430, 770, 1_300, 2_100, 3_500};
        double[] jitters = {0, 0.04, 0.13, 0.22, 0.3};
        int told = 0;
        int all = 0;
        for (double period : periods) {
            for (double jitter : jitters) {
                for (int run = 0; run < 6; run++) {
                    events.clear();
                    double at = random.nextDouble() * 300;
                    for (int beat = 0; beat < 20; beat++) {
                        if (random.nextInt(10) > 0) {
                            call(
                                    at,
                                    "10.9.2.7",
                                    "203.0.113.77",
                                    one("443", "8443").equals("443") ? 443 : 443);
                        }
                        at += period * (1 + jitter * (2 * random.nextDouble() - 1));
                    }
                    Analytic beaconing = new Beaconing();
                    events.forEach(beaconing::see);
                    told += beaconing.conclude().isEmpty() ? 0 : 1;
                    all++;
                }
            }
        }
        assertThat(told).as("of %d", all).isGreaterThanOrEqualTo(all * 95 / 100);
    }
}
