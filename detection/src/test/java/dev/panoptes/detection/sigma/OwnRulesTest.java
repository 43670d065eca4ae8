package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every rule that ships loads, matches its cases and nothing that people do every day. */
class OwnRulesTest {
    private static final Path RULES = Path.of(Objects.requireNonNull(System.getProperty("basedir", ".")))
            .resolve("../rules")
            .normalize();
    private static final Pattern SEVERE = Pattern.compile("(?m)^level: (medium|high|critical)$");
    private static final Pattern REASON = Pattern.compile("(?m)^falsepositives:\n  - '.{15,}'$");

    @Test
    void everyRuleHoldsItsCases() throws IOException {
        RuleFiles.Found found = RuleFiles.read(RULES);
        RuleSet rules = RuleSet.of(found);
        assertThat(rules.problems()).isEmpty();
        RuleCases cases = new RuleCases(rules);
        for (RuleText rule : found.rules()) {
            Path beside = Path.of(rule.file().replaceFirst("\\.yml$", ".cases.yml"));
            cases.run(
                    rule.file(),
                    Files.isRegularFile(beside) ? new RuleText(beside.toString(), Files.readString(beside)) : null);
        }
        Path ordinary = RULES.resolve("ordinary.cases.yml");
        cases.ordinary(new RuleText(ordinary.toString(), Files.readString(ordinary)), Level.MEDIUM);
        assertThat(cases.failures()).isEmpty();
    }

    /** What has an ordinary reading is low; what is not low says in one line why it has none, or what of it is let through. */
    @Test
    void aRuleFromMediumOnSaysWhyItHasNoOrdinaryReading() throws IOException {
        List<String> unsaid = new ArrayList<>();
        int severe = 0;
        for (RuleText rule : RuleFiles.read(RULES).rules()) {
            for (String document : rule.text().split("(?m)^---$")) {
                if (SEVERE.matcher(document).find()) {
                    severe++;
                    if (!REASON.matcher(document).find()) {
                        unsaid.add(rule.file());
                    }
                }
            }
        }
        assertThat(unsaid).isEmpty();
        assertThat(severe).as("the pattern finds them").isGreaterThan(100);
    }

    @Test
    void theOrdinaryReadingsThatWereFoundAreNotAccused() throws IOException {
        List<Event> events = ListedProcesses.ordinary("ordinary_readings.txt");
        assertThat(events).hasSizeGreaterThan(80);
        assertThat(ListedProcesses.accused(RuleSet.of(OwnRules.read()), events)).isEmpty();
    }

    @Test
    void everyRuleShipsAndIsNamedOnce() throws IOException {
        RuleSet shipped = RuleSet.of(OwnRules.read());
        assertThat(shipped.problems()).isEmpty();
        assertThat(shipped.rules())
                .hasSameSizeAs(RuleSet.of(RuleFiles.read(RULES)).rules());
        Set<String> ids = new HashSet<>();
        for (RuleInfo rule : shipped.rules()) {
            assertThat(ids.add(rule.key())).as(rule.file()).isTrue();
            assertThat(rule.level()).as(rule.file()).isNotNull();
            assertThat(rule.techniques()).as(rule.file()).isNotEmpty();
        }
    }
}
