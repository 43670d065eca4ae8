package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.EventLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Rules of every construct over events of every kind: which match was worked out by another evaluator, on what pySigma parses
 * ({@code make it-sigma} does the same with many more).
 */
class SigmaMatrixTest {
    private static String resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(SigmaMatrixTest.class.getResourceAsStream("/sigma-matrix/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void eachRuleMatchesTheEventsThatTheOtherEvaluatorSays() throws IOException {
        RuleSet rules =
                RuleSet.of(new RuleFiles.Found(List.of(new RuleText("rules.yml", resource("rules.yml"))), List.of()));
        assertThat(rules.problems()).isEmpty();
        Map<String, List<String>> found = new LinkedHashMap<>();
        rules.rules().forEach(rule -> found.put(rule.name(), new ArrayList<>()));
        EventLines lines = new EventLines();
        for (String line : resource("events.ndjson").split("\n")) {
            Event event = Objects.requireNonNull(lines.read(line));
            rules.match(
                    event,
                    number -> Objects.requireNonNull(
                                    found.get(rules.rules().get(number).name()))
                            .add(String.valueOf(event.id())));
        }
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        for (String line : resource("matrix.txt").split("\n")) {
            List<String> words = List.of(line.split(" "));
            wanted.put(words.getFirst(), words.subList(1, words.size()));
        }
        assertThat(wanted).hasSizeGreaterThan(200);
        assertThat(found).isEqualTo(wanted);
    }
}
