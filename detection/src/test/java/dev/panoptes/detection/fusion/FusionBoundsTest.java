package dev.panoptes.detection.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.detection.report.Investigation;
import dev.panoptes.detection.report.InvestigationJson;
import dev.panoptes.detection.report.InvestigationText;
import dev.panoptes.detection.sigma.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an incident keeps is bounded, and it says how many more there were. */
final class FusionBoundsTest {
    private static final Instant AT = Instant.parse("2026-03-01T09:00:00Z");

    /** Of many users and sources of one host, each a finding of its own with two events. */
    private static List<Hit> hits(int count) {
        List<Hit> hits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String event = "event-" + i;
            hits.add(new Hit(
                    "guessed",
                    "guessed",
                    "A password is guessed",
                    Level.MEDIUM,
                    List.of("T1110.001"),
                    List.of("credential-access"),
                    AT.plusSeconds(i),
                    AT.plusSeconds(i),
                    event,
                    List.of(event, event + "-again"),
                    2,
                    new TreeSet<>(List.of(new Entity("host", "web-1"), new Entity("user", "user-" + i))),
                    "try " + i));
        }
        return hits;
    }

    private static Investigation investigation(Fusion.Result result) {
        return new Investigation(
                Threat.HIGH, result.incidents(), result.findings(), List.of(), 1, 0, 0, 0, Map.of("panoptes.auth", 1L));
    }

    private static String json(Fusion.Result result) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new InvestigationJson().write(investigation(result), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsBeyondTheBoundsIsCountedInAnyOrder() throws IOException {
        List<Hit> hits = hits(1_500);
        Fusion.Result result = Fusion.fuse(hits);
        Incident incident = result.incidents().getFirst();

        assertThat(result.incidents()).hasSize(1);
        assertThat(incident.entities()).hasSize(Fusion.MOST_ENTITIES);
        assertThat(incident.timeline()).hasSize(Fusion.MOST_MOMENTS);
        assertThat(incident.events()).hasSize(Fusion.MOST_EVENTS).doesNotHaveDuplicates();
        assertThat(incident.findings()).hasSize(Fusion.MOST_FINDINGS);
        assertThat(incident.more()).isEqualTo(new Incident.More(1_501 - 1_000, 1_500 - 500, 3_000 - 1_000, 500));
        String told = json(result);
        JsonNode more = new JsonMapper().readTree(told).path("incidents").get(0).path("more");
        assertThat(more.path("timeline").asInt()).isEqualTo(1_000);
        assertThat(more.path("events").asInt()).isEqualTo(2_000);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        InvestigationText.write(investigation(result), text);
        assertThat(text.toString(StandardCharsets.UTF_8)).contains(" and 1481 more\n", "    and 1460 more\n");

        Collections.shuffle(hits, new Random(3));
        assertThat(json(Fusion.fuse(hits))).isEqualTo(told);
    }

    @Test
    void whatFitsHasNoCount() throws IOException {
        Fusion.Result result = Fusion.fuse(hits(20));

        assertThat(result.incidents().getFirst().more()).isEqualTo(Incident.More.NONE);
        assertThat(json(result)).doesNotContain("\"more\"").endsWith("}\n");
    }

    @Test
    void whatIsForgottenWasTheSame() {
        Hits hits = new Hits();
        hits(300).forEach(hits::add);
        hits(300).forEach(hits::add);
        List<Hit> all = hits.all();

        assertThat(all).hasSize(300);
        assertThat(hits.drain()).isEqualTo(all);
        assertThat(hits.all()).isEmpty();
    }

    /** As where the reader of a pipe goes: the reason is the stream's. */
    @Test
    void aStreamThatBreaksIsTold() {
        OutputStream broken = new OutputStream() {
            private int room = 20_000;

            @Override
            public void write(int b) throws IOException {
                if (room-- == 0) {
                    throw new IOException("gone");
                }
            }
        };
        Investigation investigation = investigation(Fusion.fuse(hits(600)));

        Assertions.assertThatThrownBy(() -> new InvestigationJson().write(investigation, broken))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("gone");
    }
}
