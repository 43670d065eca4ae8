package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.world.RegistryView;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which step of a chain is wrong, and which of its lines can be taken out. */
class ChainStepFixTest {
    private static final String HEAD = """
        agents:
          hermes:
            connection: {url: 'http://hermes:8704'}
            actions: {notify: /notify, recall: /recall}
        chains:
          tell:
        """;

    @TempDir
    private Path root;

    private Workspace workspace;

    /** Of the chain tell, whose lines begin with the seventh; a {@code /} ends a line. */
    private Optional<FixPlan> plan(String check, String subject, int line, String chain) throws IOException {
        Path file = Files.writeString(root.resolve("agent-registry.yaml"), HEAD + chain.replace("/", "\n"));
        RegistryResult.Loaded loaded = (RegistryResult.Loaded) new RegistryLoader().load(file, "agent-registry.yaml");
        World plain = new WorldBuilder().build();
        World world = new World(
                new RegistryView(loaded.registry(), false, List.of()),
                plain.declarations(),
                List.of(),
                plain.profile(),
                plain.links(),
                plain.snapshotMaxAge(),
                null,
                WorldBuilder.NOW);
        Issue issue = new Issue(
                check + "-tell-" + subject,
                check,
                subject,
                Severity.HIGH,
                "The title",
                "",
                List.of("tell"),
                "",
                List.of(new Evidence("registry", "agent-registry.yaml", line, "a step")),
                "f",
                "local",
                null,
                WorldBuilder.NOW,
                null,
                IssueState.NEW,
                null);
        workspace = new Workspace(root);
        return new ChainStepFix().plan(issue, new PlanContext(world, workspace, List.of(issue), ""));
    }

    private String chain() {
        return String.join("/", workspace.lines("agent-registry.yaml").orElseThrow())
                .substring(HEAD.length());
    }

    /** What is left of the chain's lines; the same where nothing can be taken out. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'    steps:/      - {agent: gone}/      - {agent: hermes}/'         | '    steps:/      - {agent:"
                        + " hermes}/'",
                "'    steps:/      - {agent: hermes}/      - {agent: gone}/'         | '    steps:/      - {agent:"
                        + " hermes}/'",
                "'    steps:/      - {agent: hermes}/      - {agent: gone}'          | '    steps:/      - {agent:"
                        + " hermes}'",
                "'    steps:/      - {agent: hermes}/      - {agent: gone}//'        | '    steps:/      - {agent:"
                        + " hermes}//'",
                "'    steps:/      - agent: gone/        action: x/      - {agent: hermes}/' | '    steps:/      -"
                        + " {agent: hermes}/'",
                "'    steps:/      - {agent: hermes}/      - agent: gone/        action: x'  | '    steps:/      -"
                        + " {agent: hermes}'",
                "'    steps:/      - {agent: gone}/'                                 | '    steps:/      - {agent:"
                        + " gone}/'",
                "'    steps:/      - {agent: gone}'                                  | '    steps:/      - {agent:"
                        + " gone}'",
                "'    steps:/      - {agent: gone}//    id: x/'                      | '    steps:/      - {agent:"
                        + " gone}//    id: x/'",
                "'    steps:/      - {agent: gone}/    id: x/'                       | '    steps:/      - {agent:"
                        + " gone}/    id: x/'",
                "'    steps: [{agent: gone}, {agent: hermes}]/'                      | '    steps: [{agent: gone},"
                        + " {agent: hermes}]/'",
            })
    void aStepIsTakenOutWithItsLinesUnlessItIsTheOnlyOne(String before, String after) throws IOException {
        FixPlan plan = plan("invalid-chain-ref", "gone", 8, before).orElseThrow();

        assertThat(chain()).isEqualTo(after);
        assertThat(plan.patched()).isEqualTo(!after.equals(before));
        assertThat(plan.steps())
                .extracting(FixStep::what)
                .containsExactly("Take the step that calls gone out of chain tell, or declare what it calls");
    }

    /** A name that nobody has, and the agent that may be meant. */
    @ParameterizedTest
    @CsvSource({"herms, hermes", "herme5s, hermes", "erme, hermes", "erm, ", "somebody, "})
    void aNameOfWhichTwoLettersDifferMayBeMeant(String written, String meant) throws IOException {
        FixPlan plan = plan("invalid-chain-ref", written, 8, "    steps:/      - {agent: " + written + "}/")
                .orElseThrow();

        assertThat(plan.steps())
                .extracting(FixStep::what)
                .containsExactly(
                        meant == null
                                ? "Take the step that calls " + written + " out of chain tell, or declare what it calls"
                                : "Correct " + written + " in chain tell, line 8; was " + meant + " meant?");
    }

    /** Steps, the line that the issue shows, and the action that is wrong there; none where the issue is about another. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'    steps: [{agent: hermes, action: notify}, {agent: hermes, action: away}]/' | 7 | away",
                "'    steps:/      - {agent: hermes, action: away}/      - {agent: hermes, action: elsewhere}/' | 9 |"
                        + " elsewhere",
                "'    steps:/      - agent: hermes/        action: away/' | 9  | away",
                "'    steps:/      - agent: hermes/        action: away/' | 8  | away",
                "'    steps:/      - agent: hermes/        action: away/' | 10 | ",
                "'    steps:/      - agent: hermes/        action: recall/' | 9 | ",
                "'    steps:/      - agent: nobody/        action: away/'  | 9 | ",
                "'    steps:/      - agent: hermes/' | 8 | ",
            })
    void theActionThatItsAgentLacksIsTheWrongOne(String steps, int line, String wrong) throws IOException {
        Optional<FixPlan> plan = plan("chain-unknown-action", "x", line, steps);

        assertThat(plan.map(found -> found.steps().getFirst().what()))
                .isEqualTo(Optional.ofNullable(wrong)
                        .map(action ->
                                "Take the step that calls " + action + " out of chain tell, or declare what it calls"));
    }

    @Test
    void anActionThatIsAlmostOneOfItsAgentsMayBeMeant() throws IOException {
        FixPlan plan = plan("chain-unknown-action", "x", 8, "    steps:/      - {agent: hermes, action: notfi}/")
                .orElseThrow();
        assertThat(plan.patched()).isFalse();
        assertThat(plan.steps())
                .containsExactly(new FixStep(
                        "Correct notfi in chain tell, line 8; was notify meant?",
                        "",
                        "panoptes scan --only chain-unknown-action",
                        "write notfi again",
                        Risk.LOW));
    }
}
