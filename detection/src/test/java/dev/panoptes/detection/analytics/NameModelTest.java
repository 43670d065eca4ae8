package dev.panoptes.detection.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Names that the model was not fitted to; docs/detection-quality.md tells the figures of more of them. */
class NameModelTest {
    private static List<String> labels(String kind) throws IOException {
        List<String> labels = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(NameModelTest.class.getResourceAsStream("/evaluation/names.txt")),
                StandardCharsets.UTF_8))) {
            reader.lines().filter(line -> line.startsWith(kind + " ")).forEach(line -> labels.add(line.substring(2)));
        }
        return labels;
    }

    @Test
    void theScoreIsThatOfTheFit() {
        assertThat(NameModel.score("flnvngcqkvrpm")).isCloseTo(6.4903, within(0.01));
        assertThat(NameModel.score("timeslocate")).isCloseTo(0.5115, within(0.01));
        assertThat(NameModel.score("accuenmedia")).isCloseTo(-2.4905, within(0.01));
        assertThat(NameModel.score("google")).isCloseTo(-4.5717, within(0.01));
    }

    @Test
    void mostGeneratedNamesAreHeldForThatAndFewOthers() throws IOException {
        List<String> generated = labels("g");
        List<String> others = labels("b");
        double found = generated.stream()
                .filter(label -> NameModel.generated(label + ".com"))
                .count();
        double accused = others.stream()
                .filter(label -> NameModel.generated(label + ".com"))
                .count();
        double recall = found / generated.size();
        double precision = recall / (recall + accused / others.size());
        assertThat(2 * precision * recall / (precision + recall))
                .as("recall " + recall + ", precision " + precision + " at equal numbers")
                .isGreaterThanOrEqualTo(0.9);
        assertThat(others.stream()
                        .filter(label -> NameModel.surely(label + ".com"))
                        .count())
                .isLessThanOrEqualTo(others.size() / 100 + 1);
    }

    /** Sixteen families and hosts of free projects and of clouds by a second hand; a quarter of what the documentation tells of. */
    @Test
    void familiesOfASecondHandAreToldFromHostsOfProjectsAndClouds() throws IOException {
        double found = 0;
        double accused = 0;
        double generated = 0;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(NameModelTest.class.getResourceAsStream("/evaluation/second_names.txt")),
                StandardCharsets.UTF_8))) {
            for (String line : reader.lines().toList()) {
                String[] words = line.split(" ");
                String domain = Names.registered(words[2]);
                boolean held = !Names.familiar(words[2]) && !Names.wellKnown(domain) && NameModel.generated(domain);
                boolean one = words[0].equals("g");
                generated += one ? 1 : 0;
                found += one && held ? 1 : 0;
                accused += !one && held ? 1 : 0;
            }
        }
        double precision = found / (found + accused);
        double recall = found / generated;
        assertThat(2 * precision * recall / (precision + recall))
                .as("recall " + recall + ", precision " + precision)
                .isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void whatIsNoNameIsNotHeldForGenerated() {
        for (String name :
                List.of("", ".", "a", "xn--bcher-kva.example", "x".repeat(64) + ".com", "....", "\u0000\u0000.com")) {
            assertThat(NameModel.generated(name)).as(name).isFalse();
        }
    }
}
