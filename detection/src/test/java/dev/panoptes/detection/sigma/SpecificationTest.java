package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.detection.EventLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Rules that use every modifier and form of condition of the Sigma specification 2.1, with what each must match and must not. */
class SpecificationTest {
    private static final Path CASES = Path.of(Objects.requireNonNull(System.getProperty("basedir", ".")))
            .resolve("src/test/resources/sigma-specification/specification.txt");

    private final EventLines lines = new EventLines();

    private static RuleSet rule(List<String> body) {
        StringBuilder text = new StringBuilder(
                "title: t\nid: 6f1c5d0e-1111-4222-8333-444455556666\nlogsource: {category: specification}\ndetection:\n");
        body.forEach(line -> text.append("  ").append(line).append('\n'));
        return RuleSet.of(new RuleFiles.Found(List.of(new RuleText("t.yml", text + "level: low\n")), List.of()));
    }

    private boolean matches(RuleSet rules, String event) {
        List<Integer> matched = new ArrayList<>();
        rules.match(Objects.requireNonNull(lines.read(event), event), matched::add);
        return !matched.isEmpty();
    }

    @Test
    void everyFeatureMatchesWhatTheSpecificationSays() throws IOException {
        List<String> wrong = new ArrayList<>();
        int features = 0;
        for (String block : Files.readString(CASES).split("\n== ")) {
            if (block.startsWith("#")) {
                continue;
            }
            features++;
            List<String> all = block.lines().toList();
            List<String> body = all.stream()
                    .skip(1)
                    .filter(line -> !line.isBlank() && !line.matches("[+-] \\{.*") && !line.equals("!"))
                    .toList();
            RuleSet rules = rule(body);
            if (all.contains("!") != !rules.problems().isEmpty()) {
                wrong.add(all.getFirst() + ": " + rules.problems());
            } else {
                for (String line : all) {
                    if (line.matches("[+-] \\{.*") && matches(rules, line.substring(2)) != line.startsWith("+")) {
                        wrong.add(all.getFirst() + ": " + line);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(features).isGreaterThan(100);
    }
}
