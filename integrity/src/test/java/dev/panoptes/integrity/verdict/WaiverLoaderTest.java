package dev.panoptes.integrity.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Waiver;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.verdict.WaiverLoader.Result;
import dev.panoptes.integrity.world.WorldBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaiverLoaderTest {
    @TempDir
    Path directory;

    private Result load(String text) throws IOException {
        return new WaiverLoader().load(Files.writeString(directory.resolve("waivers.yaml"), text));
    }

    private List<String> problems(String text) throws IOException {
        Result result = load(text);
        assertThat(result).isInstanceOf(Result.Refused.class);
        return ((Result.Refused) result)
                .problems().stream()
                        .map(Problem::text)
                        .map(line -> line.substring(line.lastIndexOf('/') + 1))
                        .toList();
    }

    @Test
    void waiversNameAnIssueOrAFingerprintAndExpiredOnesAreKept() throws IOException {
        assertThat(load("""
            # accepted until the move
            - issue: port-conflict-8020
              owner: ops@example.org
              reason: both move in March
              expires: 2026-03-31
              ticket: 42
            - {issue: 0123456789abcdef0123456789abcdef, owner: me, reason: "why", expires: '2001-01-01'}
            """))
                .isEqualTo(new Result.Loaded(List.of(
                        new Waiver(
                                "port-conflict-8020",
                                "ops@example.org",
                                "both move in March",
                                LocalDate.of(2026, 3, 31)),
                        new Waiver("0123456789abcdef0123456789abcdef", "me", "why", LocalDate.of(2001, 1, 1)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing is waived\n", "[]\n"})
    void aFileWithoutWaiversWaivesNothing(String text) throws IOException {
        assertThat(load(text)).isEqualTo(new Result.Loaded(List.of()));
    }

    @Test
    void aWaiverMayNameACheckAndAnAgent() throws IOException {
        Result loaded = load("""
            - {check: no-actions, agent: Samwell_Tarly, owner: o, reason: r, expires: 2026-03-31}
            - {check: no-actions, owner: o, reason: r, expires: 2026-03-31}
            """);
        List<Waiver> waivers = ((Result.Loaded) loaded).waivers();
        assertThat(waivers.stream().map(Waiver::issue)).containsExactly("no-actions of Samwell_Tarly", "no-actions");
        assertThat(waivers.getFirst().matches(issue("no-actions", "samwell-tarly")))
                .isTrue();
        assertThat(waivers.getFirst().matches(issue("no-actions", "hermes"))).isFalse();
        assertThat(waivers.getFirst().matches(issue("missing-url", "samwell-tarly")))
                .isFalse();
        assertThat(waivers.getLast().matches(issue("no-actions", "hermes"))).isTrue();
        assertThat(waivers.getLast().matches(issue("missing-url", "hermes"))).isFalse();
    }

    private static dev.panoptes.core.issue.Issue issue(String check, String affected) {
        return new dev.panoptes.core.issue.Issue(
                check + "-" + affected,
                check,
                check,
                dev.panoptes.core.issue.Severity.LOW,
                "t",
                "d",
                List.of(affected),
                "r",
                List.of(),
                "f",
                "local",
                null,
                WorldBuilder.NOW,
                null,
                dev.panoptes.core.issue.IssueState.NEW,
                null);
    }

    @Test
    void aWaiverThatContradictsItselfOrIsMisspeltIsRefused() throws IOException {
        assertThat(problems("""
            - {issue: a, check: b, owner: o, reason: r, expires: 2026-01-01}
            - {agent: b, owner: o, reason: r, expires: 2026-01-01}
            - {issue: a, onwer: o, reason: r, expires: 2026-01-01}
            """))
                .containsExactly(
                        "waivers.yaml:1:11: a waiver names an issue, or a check and an agent, but not both"
                                + " (wrong-value)",
                        "waivers.yaml:2:11: a waiver names an agent, but no check (missing)",
                        "waivers.yaml:3:14: the key 'onwer' of a waiver is not known and was not read; 'owner' was"
                                + " probably meant (misspelt-key)",
                        "waivers.yaml:3:3: a waiver has no owner (missing)");
    }

    @Test
    void everyFaultIsToldAtOnceWithItsPlace() throws IOException {
        assertThat(problems("""
            - {issue: a, owner: o, reason: r}
            - {issue: a, owner: '', reason: r, expires: soon}
            - {expires: 2026-02-30}
            - just text
            - {issue: [a, b], owner: o, reason: r, expires: 2026-01-01}
            - {issue: ok, owner: o, reason: r, expires: 2026-01-01}
            """))
                .containsExactly(
                        "waivers.yaml:1:3: a waiver has no expires (missing)",
                        "waivers.yaml:2:3: a waiver has no owner (missing)",
                        "waivers.yaml:2:45: expires of a waiver is no date such as 2026-12-31 (wrong-value)",
                        "waivers.yaml:3:3: a waiver has no issue (missing)",
                        "waivers.yaml:3:3: a waiver has no owner (missing)",
                        "waivers.yaml:3:3: a waiver has no reason (missing)",
                        "waivers.yaml:3:13: expires of a waiver is no date such as 2026-12-31 (wrong-value)",
                        "waivers.yaml:4:3: a waiver is a text, not a map (wrong-type)",
                        "waivers.yaml:5:11: issue of a waiver is a list, not a text (wrong-type)");
    }

    @Test
    void aFileThatIsNoListIsRefused() throws IOException {
        assertThat(problems("waivers: []\n"))
                .containsExactly(
                        "waivers.yaml:1:1: the file is a map, not a list of waivers; begin each with a dash in the first"
                                + " column (wrong-type)");
        assertThat(problems("- {issue: a, issue: b, owner: o, reason: r, expires: 2026-01-01}"))
                .containsExactly("waivers.yaml:1:14: the key 'issue' stands here and in line 1; this one counts"
                        + " (duplicate-key)");
        assertThat(problems("- [")).singleElement().asString().endsWith("(yaml-syntax)");
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        assertThat(new WaiverLoader().load(directory.resolve("none.yaml"))).isInstanceOf(Result.Refused.class);
        assertThat(new WaiverLoader().load(directory)).isInstanceOf(Result.Refused.class);
    }

    @Test
    void usualWordsForOwnerAndExpiryAreToldWithTheOnesThatAreRead() throws IOException {
        assertThat(problems("- {check: port-conflict, agent: a, reason: r, by: me, until: 2027-01-01}\n"))
                .contains(
                        "waivers.yaml:1:47: the key 'by' of a waiver is not known and was not read; 'owner' was probably"
                                + " meant (misspelt-key)",
                        "waivers.yaml:1:55: the key 'until' of a waiver is not known and was not read; 'expires' was"
                                + " probably meant (misspelt-key)");
    }
}
