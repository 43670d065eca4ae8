package dev.panoptes.detection.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Finding;
import dev.panoptes.detection.fusion.Incident;
import dev.panoptes.detection.fusion.Threat;
import dev.panoptes.detection.sigma.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InvestigationHtmlTest {
    private static final Instant AT = Instant.parse("2026-03-01T09:15:01Z");
    private static final String HOSTILE = "<script>x</script> \"q\" & \u202eexe\u001b[31m";
    private static final String SHOWN = "&lt;script&gt;x&lt;/script&gt; \"q\" &amp; \\u{202e}exe\\u{1b}[31m";

    private static String page(Investigation investigation) throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        InvestigationHtml.write(investigation, page);
        return page.toString(StandardCharsets.UTF_8);
    }

    @Test
    void noWordOfAnEventBecomesMarkupOrTurnsTheTextAround() throws IOException {
        Incident incident = new Incident(
                "id " + HOSTILE,
                "title " + HOSTILE,
                Level.HIGH,
                70,
                80,
                List.of(new Incident.Contribution(5, "reason " + HOSTILE)),
                AT,
                AT,
                List.of(new Entity("type " + HOSTILE, "entity " + HOSTILE)),
                List.of(new Incident.Step("tactic " + HOSTILE, "technique " + HOSTILE, AT)),
                List.of(new Incident.Moment(AT, "event " + HOSTILE, "text " + HOSTILE)),
                List.of(),
                List.of(),
                new Incident.More(3, 4_321, 0, 0));
        Finding finding = new Finding(
                "f",
                "p",
                "name",
                "rule",
                "finding " + HOSTILE,
                Level.MEDIUM,
                50,
                List.of("of " + HOSTILE),
                AT,
                AT,
                1_234_567,
                List.of(),
                List.of(),
                Finding.More.NONE);

        String page = page(new Investigation(
                Threat.HIGH,
                List.of(incident),
                List.of(finding),
                List.of("file " + HOSTILE),
                9,
                0,
                0,
                0,
                Map.of("panoptes.auth", 9L)));

        assertThat(page).doesNotContain("<script", "\u202e", "\u001b");
        for (String where : List.of(
                "id",
                "title",
                "reason",
                "type",
                "entity",
                "tactic",
                "technique",
                "event",
                "text",
                "finding",
                "of",
                "file")) {
            assertThat(page).contains(where + " " + SHOWN);
        }
        assertThat(page)
                .contains("<td>1234567</td>", "and 3 more", "and 4321 more", "Threat level HIGH")
                .endsWith("</main></body></html>\n");
    }

    @Test
    void whereNothingWasFoundThereIsNoEmptyPart() throws IOException {
        String page = page(new Investigation(Threat.BENIGN, List.of(), List.of(), List.of(), 3, 0, 0, 0, Map.of()));

        assertThat(page)
                .contains("Threat level BENIGN", "nothing was found")
                .doesNotContain("<section", "Could not be");
    }
}
