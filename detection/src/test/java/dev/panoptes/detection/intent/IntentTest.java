package dev.panoptes.detection.intent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.analytics.Seen;
import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Fusion;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.fusion.HitJson;
import dev.panoptes.detection.fusion.Hits;
import dev.panoptes.detection.fusion.Incident;
import dev.panoptes.detection.intent.Declaration.Kind;
import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is declared moves findings by one level for each reason, and each says so. */
class IntentTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");

    private static final Intent INTENT = new Intent(
            List.of(
                    new Declaration("web-1", Kind.UNIT, "hermes.service", "hermes"),
                    new Declaration("web-1", Kind.UNIT, "worker@.service", "worker"),
                    new Declaration("web-1", Kind.PROGRAM, "/opt/hermes/hermes", "hermes"),
                    new Declaration("", Kind.ENDPOINT, "203.0.113.7:8443", "hub"),
                    new Declaration("web-1", Kind.STRANGER, "/tmp/x", "Something listens")),
            List.of(new Maintenance(
                    "moving the web servers",
                    AT.minusSeconds(600),
                    AT.plusSeconds(600),
                    hit -> hit.host().equals("web-2"))));

    private static Seen seen(String host, Map<String, ?> fields) {
        Event.Builder event = Event.builder();
        event.put("host.name", host);
        fields.forEach(event::put);
        return Seen.of(event.build(), "e1", AT);
    }

    private static Hit hit(Level level, Seen seen) {
        return new Hit(
                "a",
                "a",
                "A title",
                level,
                List.of(),
                List.of("persistence"),
                seen.at(),
                seen.at(),
                seen.id(),
                List.of(seen.id()),
                1,
                new TreeSet<>(seen.entities()),
                seen.line());
    }

    private static Hit judged(Level level, String host, Map<String, ?> fields) {
        Seen seen = seen(host, fields);
        return INTENT.judged(hit(level, seen), seen);
    }

    private static Map<String, ?> unit(String name, String action) {
        return Map.of(
                "event.action",
                action,
                "persistence.kind",
                "systemd_service",
                "persistence.path",
                "/etc/systemd/system/" + name);
    }

    @Test
    void aDeclaredUnitLowersAndOneOfNobodyRaises() {
        Hit ours = judged(Level.MEDIUM, "web-1", unit("hermes.service", "created"));
        assertThat(ours.level()).isEqualTo(Level.LOW);
        assertThat(ours.adjustments())
                .containsExactly(new Hit.Adjustment(-1, "the registry declares the unit hermes.service of hermes"));
        assertThat(judged(Level.LOW, "web-1", unit("worker@3.service.d/o.conf", "modified"))
                        .level())
                .isEqualTo(Level.INFORMATIONAL);

        Hit nobodys = judged(Level.LOW, "web-1", unit("update.service", "created"));
        assertThat(nobodys.level()).isEqualTo(Level.MEDIUM);
        assertThat(nobodys.adjustments().first().reason()).contains("update.service", "nobody");
        assertThat(judged(Level.MEDIUM, "web-1", unit("update.service", "created"))
                        .level())
                .as("what only a declaration could excuse is alone at most medium")
                .isEqualTo(Level.MEDIUM);
    }

    @Test
    void whereTheRegistryIsSilentSoIsThis() {
        assertThat(judged(Level.LOW, "db-1", unit("update.service", "created")).adjustments())
                .isEmpty();
        assertThat(judged(Level.LOW, "web-1", unit("update.service", "present")).adjustments())
                .as("the first look tells what was there")
                .isEmpty();
        Map<String, Object> packaged = new java.util.HashMap<>(unit("nginx.service", "created"));
        packaged.put("package.name", "nginx");
        assertThat(judged(Level.LOW, "web-1", packaged).adjustments()).isEmpty();
        Seen any = seen("web-1", unit("update.service", "created"));
        Hit hit = hit(Level.LOW, any);
        assertThat(Intent.NONE.judged(hit, any)).isSameAs(hit);
    }

    @Test
    void aDeclaredProgramExcusesItselfAndNotWhatItStarts() {
        assertThat(judged(Level.MEDIUM, "web-1", Map.of("process.executable", "/opt/hermes/hermes"))
                        .level())
                .isEqualTo(Level.LOW);
        assertThat(judged(Level.HIGH, "web-1", Map.of("process.executable", "/opt/hermes/hermes"))
                        .level())
                .isEqualTo(Level.HIGH);
        assertThat(judged(
                                Level.MEDIUM,
                                "web-1",
                                Map.of(
                                        "process.executable",
                                        "/bin/sh",
                                        "process.parent.executable",
                                        "/opt/hermes/hermes",
                                        "service.name",
                                        "hermes.service"))
                        .level())
                .isEqualTo(Level.MEDIUM);
        assertThat(judged(Level.MEDIUM, "web-2", Map.of("process.executable", "/opt/hermes/other"))
                        .adjustments())
                .extracting(Hit.Adjustment::reason)
                .containsExactly("maintenance is declared: moving the web servers");
    }

    @Test
    void aDeclaredEndpointExcusesAConclusionAboutIt() {
        Hit beacon = new Hit(
                "c2_beacon",
                "c2_beacon",
                "A rhythm",
                Level.MEDIUM,
                List.of(),
                List.of(),
                AT,
                AT,
                "e1",
                List.of("e1"),
                20,
                new TreeSet<>(List.of(new Entity("host", "db-1"))),
                "203.0.113.7:8443 every 60 s, 20 times");
        assertThat(INTENT.judged(beacon, null).level()).isEqualTo(Level.LOW);
        assertThat(INTENT.judged(hit(Level.MEDIUM, seen("db-1", Map.of("destination.ip", "203.0.113.7"))), null)
                        .level())
                .as("another port of that address")
                .isEqualTo(Level.MEDIUM);
    }

    @Test
    void aStrangersProgramRaisesAndMaintenanceLowersForItsTimeOnly() {
        Hit stranger = judged(Level.MEDIUM, "web-1", Map.of("process.executable", "/tmp/x"));
        assertThat(stranger.level()).isEqualTo(Level.HIGH);
        assertThat(judged(Level.HIGH, "web-1", Map.of("process.executable", "/tmp/x"))
                        .adjustments())
                .isEmpty();
        assertThat(judged(Level.HIGH, "web-2", Map.of("process.executable", "/bin/x"))
                        .level())
                .isEqualTo(Level.MEDIUM);
        assertThat(judged(Level.CRITICAL, "web-2", Map.of("process.executable", "/bin/x"))
                        .adjustments())
                .isEmpty();
        Event late = Event.builder().put("host.name", "web-2").build();
        Seen after = Seen.of(late, "e2", AT.plusSeconds(600));
        assertThat(INTENT.judged(hit(Level.HIGH, after), after).adjustments()).isEmpty();
    }

    @Test
    void reasonsAreKeptCountedAndListedInTheIncident() {
        Hit nobodys = judged(Level.LOW, "web-1", unit("update.service", "created"));
        assertThat(new HitJson().read(new HitJson().write(nobodys))).isEqualTo(nobodys);
        Hits hits = new Hits();
        hits.add(nobodys);
        hits.add(hit(Level.LOW, seen("web-1", Map.of())));
        Hit both = hits.all().getFirst();
        assertThat(both.level()).isEqualTo(Level.MEDIUM);
        assertThat(both.adjustments()).hasSize(1);
        Incident incident = Fusion.fuse(List.of(both)).incidents().getFirst();
        assertThat(incident.severity()).isEqualTo(Level.MEDIUM);
        assertThat(incident.score()).isEqualTo(50);
        assertThat(incident.contributions())
                .contains(new Incident.Contribution(
                        10,
                        "raised a finding by 1 level: the unit update.service came from no package and nobody declares"
                                + " it"));
    }
}
