package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.EventLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which rules match does not depend on which are tried: the same with what events need of them and without. */
class PrefilterTest {
    private static final Path BASE = Path.of(Objects.requireNonNull(System.getProperty("basedir", ".")));

    private static List<Event> events() throws IOException {
        EventLines lines = new EventLines();
        List<Event> events = new ArrayList<>();
        for (String file : List.of("attacks.jsonl", "ordinary.jsonl")) {
            for (String line : Files.readAllLines(
                    BASE.resolve("src/test/resources/ordinary").resolve(file))) {
                events.add(Objects.requireNonNull(lines.read(line)));
            }
        }
        return events;
    }

    @Test
    void everyRuleMatchesWhatItMatchesWhenAllAreTried() throws IOException {
        RuleSet rules = RuleSet.of(OwnRules.read());
        List<Event> events = events();
        List<Sources.Row> rows = Sources.load().rows(events.getFirst());
        Paths paths = new Paths();
        Compiler compiler = new Compiler(paths, rows.getFirst().fields());
        List<Integer> numbers = new ArrayList<>();
        List<Compiler.Check> checks = new ArrayList<>();
        for (int i = 0; i < rules.rules().size(); i++) {
            if (rules.rule(i) instanceof Rule.Detection detection
                    && detection.source().covers(rows.getFirst().source())) {
                numbers.add(i);
                checks.add(compiler.check(detection.expr()));
            }
        }
        assertThat(numbers).hasSizeGreaterThan(200);
        int matches = 0;
        for (Event event : events) {
            List<Integer> tried = new ArrayList<>();
            View view = new View(paths, event);
            for (int i = 0; i < numbers.size(); i++) {
                if (checks.get(i).test(view)) {
                    tried.add(numbers.get(i));
                }
            }
            List<Integer> matched = new ArrayList<>();
            rules.match(event, matched::add);
            assertThat(matched).as(event.json()).isEqualTo(tried);
            matches += matched.size();
        }
        assertThat(matches).isGreaterThan(500);
    }

    @Test
    void ofEachOfWhatAnExpressionNeedsOneIsThere() {
        assertThat(RegexNeeds.all("\\bcat\\s+/etc/(passwd|shadow)$"))
                .extracting(part -> String.join(" ", part))
                .containsExactly("cat", "/etc/", "passwd shadow");
        assertThat(RegexNeeds.all("ab|cd")).hasSize(1);
        assertThat(RegexNeeds.all("(abc)?de"))
                .extracting(part -> String.join(" ", part))
                .containsExactly("de");
        assertThat(RegexNeeds.all("abcd|.*")).isEmpty();
        assertThat(RegexNeeds.all("(x|)yz"))
                .extracting(part -> String.join(" ", part))
                .containsExactly("yz");
    }
}
