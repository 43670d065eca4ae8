package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.checks.RegistryWorlds.failure;
import static dev.panoptes.integrity.checks.RegistryWorlds.run;
import static dev.panoptes.integrity.checks.RegistryWorlds.verdicts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Scanner;
import dev.panoptes.integrity.world.RegistryView;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryParseErrorCheckTest {
    private final RegistryParseErrorCheck check = new RegistryParseErrorCheck();

    @Test
    void aReadableRegistryPasses() throws InterruptedException {
        assertThat(verdicts(check, "agents: {}\n")).containsExactly("pass registry");
    }

    @Test
    void aFileThatIsNoYamlFailsWithThePlaceOfTheFault() throws InterruptedException {
        var failure = failure(check, "agents:\n  one: {\n");
        assertThat(failure.affected()).containsExactly("agent-registry.yaml");
        assertThat(RegistryWorlds.evidence(failure)).singleElement().asString().startsWith("3: ");
    }

    @Test
    void aRegistryThatIsNotThereIsNotSaidToBeThere() throws InterruptedException {
        Problem absent = new Problem("absent", "agent-registry.yaml", Location.WHOLE_FILE, "there is no such file");
        World any = new WorldBuilder().build();
        World world = new World(
                RegistryView.broken("agent-registry.yaml", List.of(absent)),
                null,
                List.of(),
                any.profile(),
                any.links(),
                any.snapshotMaxAge(),
                null,
                any.now());
        var failure = ((CheckResult.Fail) check.run(world).getFirst()).failure();
        assertThat(failure.title()).isEqualTo("There is no registry");
        assertThat(failure.description()).startsWith("There is no file ").doesNotContain("is there but");
        assertThat(failure.recommendation()).doesNotContain("at the line shown");
    }

    @Test
    void aFileWithoutAgentsFails() throws InterruptedException {
        assertThat(verdicts(check, "version: 1\n")).containsExactly("fail registry");
        assertThat(verdicts(check, "agents: [a, b]\n")).containsExactly("fail registry");
        assertThat(verdicts(check, "")).containsExactly("fail registry");
    }

    @Test
    void theIssueIsCalledLikeTheCheckAndCritical() throws InterruptedException {
        List<Issue> issues = Scanner.issues(
                run(check, "{").stream()
                        .map(result -> new Scanner.Judged(check.info(), result))
                        .toList(),
                WorldBuilder.NOW);
        assertThat(issues).extracting(Issue::id).containsExactly("registry-parse-error");
        assertThat(issues).extracting(Issue::category).containsExactly("registry_error");
        assertThat(issues).extracting(Issue::severity).containsExactly(Severity.CRITICAL);
    }

    @Test
    void whatAProblemHidesIsUnknown() throws InterruptedException {
        assertThat(run(check, "agents:\n  one:\n    name: A\n    name: B\n"))
                .containsExactly(new CheckResult.Unknown(
                        "registry", "line 4: the key 'name' stands here and in line 3; this one counts"));
        assertThat(run(check, "agents:\n  one: [a]\n  two: {connection: 5}\n"))
                .containsExactly(
                        new CheckResult.Unknown(
                                "registry",
                                "line 2: agent 'one' is a list, not a map; write what it has, such as connection:, below it (one of 2 problems)"));
    }

    @Test
    void aRepeatedAgentIsLeftToDuplicateAgent() throws InterruptedException {
        assertThat(verdicts(check, "agents:\n  one: {}\n  one: {}\n")).containsExactly("pass registry");
    }
}
