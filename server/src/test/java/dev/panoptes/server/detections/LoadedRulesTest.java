package dev.panoptes.server.detections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadedRulesTest {
    private static final String RULE = """
            title: %s
            logsource: {product: linux}
            detection: {selection: {a: b}, condition: %s}
            level: low
            """;

    @TempDir
    private Path directory;

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private Path file;
    private LoadedRules rules;

    @BeforeEach
    void load() throws IOException {
        file = directory.resolve("own.yml");
        Files.writeString(file, RULE.formatted("First of it", "selection"));
        rules = new LoadedRules(directory, () -> now);
    }

    private RuleSet later() {
        now = now.plusSeconds(16);
        return rules.rules();
    }

    private static boolean runs(RuleSet set, String title) {
        return set.rules().stream().map(RuleInfo::title).anyMatch(title::equals);
    }

    @Test
    void aChangedRuleCountsAndOneThatIsGoneDoesNot() throws IOException {
        assertThat(runs(rules.rules(), "First of it")).isTrue();
        Files.writeString(file, RULE.formatted("Second of its kind", "selection"));
        assertThat(runs(rules.rules(), "Second of its kind")).isFalse();
        assertThat(runs(later(), "Second of its kind")).isTrue();
        assertThat(runs(rules.rules(), "First of it")).isFalse();
        Files.delete(file);
        assertThat(runs(later(), "Second of its kind")).isFalse();
    }

    @Test
    void aFileThatBreaksGoesOnAsItWasAndIsToldUntilItIsWholeAgain() throws IOException {
        Files.writeString(file, RULE.formatted("First, changed", "selektion"));
        RuleSet set = later();
        assertThat(runs(set, "First of it")).isTrue();
        assertThat(set.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo(file.toString());
            assertThat(problem.line()).isEqualTo(3);
            assertThat(problem.reason()).contains("selektion", "goes on as it was before");
        });
        Files.writeString(directory.resolve("other.yml"), RULE.formatted("Another", "selection"));
        Files.writeString(file, "- not even a rule\n");
        set = later();
        assertThat(runs(set, "First of it")).as("broken a second time").isTrue();
        assertThat(runs(set, "Another")).isTrue();
        Files.writeString(file, RULE.formatted("Third", "selection"));
        set = later();
        assertThat(runs(set, "Third")).isTrue();
        assertThat(runs(set, "First of it")).isFalse();
        assertThat(set.problems()).isEmpty();
    }

    @Test
    void whatWasNeverWholeIsOnlyTold() throws IOException {
        Files.writeString(directory.resolve("new.yml"), RULE.formatted("Never whole", "selektion"));
        RuleSet set = later();
        assertThat(runs(set, "Never whole")).isFalse();
        assertThat(runs(set, "First of it")).isTrue();
        assertThat(set.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.reason()).doesNotContain("as it was before"));
    }

    @Test
    void aFileThatCannotBeReadTakesNoRuleAway() throws IOException {
        // A file, by its kind, whose first byte nobody can read.
        Path unreadable = Files.createSymbolicLink(directory.resolve("unreadable.yml"), Path.of("/proc/self/mem"));
        assertThat(runs(later(), "First of it")).isTrue();
        Files.delete(unreadable);
        Files.writeString(file, RULE.formatted("Second of its kind", "selection"));
        assertThat(runs(later(), "Second of its kind")).isTrue();
    }

    @Test
    void aFolderThatCouldNotBeReadAtFirstIsReadLater() throws IOException {
        Path other = Files.createSymbolicLink(directory.resolve("other.yml"), Path.of("/proc/self/mem"));
        FileTime time = Files.getLastModifiedTime(other);
        rules = new LoadedRules(directory, () -> now);
        assertThat(runs(rules.rules(), "First of it")).isFalse();
        assertThat(rules.rules().rules()).as("those that ship").isNotEmpty();
        // Who may read a file now and did not before changes neither its length nor its time.
        Files.delete(other);
        Files.createFile(other);
        Files.setLastModifiedTime(other, time);
        assertThat(runs(later(), "First of it")).isTrue();
    }
}
