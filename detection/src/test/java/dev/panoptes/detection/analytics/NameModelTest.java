package dev.panoptes.detection.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Names that the model was not fitted to; docs/detection-quality.md tells the figures of more of them. */
class NameModelTest {
    private static final Map<String, Double> FIRST_RUN = Map.of(
            "letters",
            1.0,
            "hex",
            1.0,
            "digits",
            1.0,
            "words3",
            1.0,
            "words2",
            0.875,
            "syllables",
            0.806,
            "short",
            0.597);

    private static final Map<String, Double> FIRST_ACCUSED = Map.of(
            "brand",
            0.011,
            "short",
            0.0,
            "cdn",
            0.0,
            "hosts",
            0.0,
            "city",
            0.127,
            "firm",
            0.162,
            "words",
            0.175,
            "cloud",
            0.0,
            "languages",
            0.176);

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
                boolean held = held(words[2]);
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

    /** Invented families by a third hand, and what people and machines ask for; each at least as first measured. */
    @Test
    void inventedFamiliesAreToldFromOrdinaryNamesAsAtTheFirstRun() throws IOException {
        Map<String, Double> found = shares("third_generated_names.txt");
        assertThat(found).containsOnlyKeys("letters", "syllables", "short", "words2", "words3", "hex", "digits");
        FIRST_RUN.forEach(
                (family, share) -> assertThat(found.get(family)).as(family).isGreaterThanOrEqualTo(share - 0.005));
        Map<String, Double> accused = shares("third_ordinary_names.txt");
        FIRST_ACCUSED.forEach(
                (kind, share) -> assertThat(accused.get(kind)).as(kind).isLessThanOrEqualTo(share + 0.005));
    }

    /** Kind -> the share of its names that is held for generated. */
    private static Map<String, Double> shares(String file) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(NameModelTest.class.getResourceAsStream("/evaluation/" + file)),
                StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 2))
                    .collect(Collectors.groupingBy(
                            words -> words[0], Collectors.averagingInt(words -> held(words[1]) ? 1 : 0)));
        }
    }

    private static boolean held(String name) {
        String domain = Names.registered(name);
        return !Names.familiar(name)
                && !Names.wellKnown(domain)
                && !Names.platform(domain)
                && NameModel.generated(domain);
    }

    @Test
    void whatAPlatformGaveIsNotJudgedAndWhatIsRegisteredIs() throws IOException {
        assertThat(held("flnvngcqkvrpm.pages.dev")).isFalse();
        assertThat(held("app-7f3k2qzx9w.a.run.app")).isFalse();
        assertThat(held("flnvngcqkvrpm.com")).isTrue();
        assertThat(held("x.flnvngcqkvrpm.dev")).isTrue();
        assertThat(Names.platform("pages.dev")).isFalse();
    }

    @Test
    void whatIsNoNameIsNotHeldForGenerated() {
        for (String name :
                List.of("", ".", "a", "xn--bcher-kva.example", "x".repeat(64) + ".com", "....", "\u0000\u0000.com")) {
            assertThat(NameModel.generated(name)).as(name).isFalse();
        }
    }
}
