package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;

/**
 * Measures the shipped rules on process events that somebody wrote who had not read them: attack procedures with their technique, and
 * what servers, build machines and container hosts run every day. docs/detection-quality.md tells the first figures.
 */
class OrdinaryHostsTest {
    /** Of the procedures, what is reached; the goal is three quarters. */
    private static final double NAMED = 0.87;

    private static final Path BASE = Path.of(Objects.requireNonNull(System.getProperty("basedir", ".")));
    private static final Path LISTS = BASE.resolve("src/test/resources/ordinary");

    private final RuleSet rules;

    OrdinaryHostsTest() throws IOException {
        rules = RuleSet.of(RuleFiles.read(BASE.resolve("../rules").normalize()));
    }

    @Test
    void proceduresAreNamedWithTheirTechnique() throws IOException {
        List<String> unnamed = new ArrayList<>();
        List<Event> attacks = events("attacks.jsonl");
        for (Event attack : attacks) {
            String wanted = Objects.requireNonNull(attack.text("labels.technique"));
            if (hits(attack).stream().flatMap(hit -> hit.techniques().stream()).noneMatch(told -> same(told, wanted))) {
                unnamed.add(wanted + " " + attack.text("process.command_line"));
            }
        }
        assertThat((double) unnamed.size() / attacks.size())
                .as("of %d procedures not named:%n%s", attacks.size(), String.join("\n", unnamed))
                .isLessThanOrEqualTo(1 - NAMED);
    }

    @Test
    void ordinaryHostsAreNotAccused() throws IOException {
        List<String> accused = new ArrayList<>();
        List<Event> ordinary = events("ordinary.jsonl");
        for (Event event : ordinary) {
            hits(event).stream()
                    .filter(hit -> hit.level() != null && hit.level().compareTo(Level.MEDIUM) >= 0)
                    .forEach(hit -> accused.add(hit.name() + ": " + event.text("process.command_line")));
        }
        assertThat(accused).as("of %d", ordinary.size()).isEmpty();
    }

    /** A technique and its own sub-technique count as the same. */
    private static boolean same(String told, String wanted) {
        return told.equals(wanted) || told.startsWith(wanted + ".") || wanted.startsWith(told + ".");
    }

    private List<RuleInfo> hits(Event event) {
        List<RuleInfo> hits = new ArrayList<>();
        rules.match(event, number -> {
            RuleInfo info = rules.rules().get(number);
            if (!info.silent()) {
                hits.add(info);
            }
        });
        return hits;
    }

    private static List<Event> events(String file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Event> events = new ArrayList<>();
        for (String line : Files.readAllLines(LISTS.resolve(file))) {
            events.add(Event.of(json.readValue(line, new TypeReference<Map<String, Object>>() {})));
        }
        return events;
    }
}
