package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.checks.RegistryWorlds.evidence;
import static dev.panoptes.integrity.checks.RegistryWorlds.failure;
import static dev.panoptes.integrity.checks.RegistryWorlds.run;
import static dev.panoptes.integrity.checks.RegistryWorlds.verdicts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.judging.Scanner;
import dev.panoptes.integrity.world.WorldBuilder;
import org.junit.jupiter.api.Test;

class ChainChecksTest {
    private static final String AGENTS = """
        agents:
          event-bus: {name: BUS, actions: {publish: /publish, deep-look: /look}}
          silent: {name: OLD-NAME}
        chains:
        """;

    private static String chains(String chains) {
        return AGENTS + chains.indent(2);
    }

    @Test
    void aStepThatNamesAnUndeclaredAgentFailsOncePerChainAndAgent() throws InterruptedException {
        String registry = chains("""
            deploy:
              steps:
                - {id: a, agent: nobody}
                - id: group
                  type: parallel
                  substeps:
                    - {id: b, agent: nobody}
                    - {id: c, agent: Event_Bus}
                - {id: d, type: external}
            """);
        Failure failure = failure(new InvalidChainRefCheck(), registry);
        assertThat(failure.affected()).containsExactly("nobody", "deploy");
        assertThat(evidence(failure))
                .containsExactly("7: chain deploy: agent nobody", "11: chain deploy: agent nobody");
        assertThat(verdicts(new InvalidChainRefCheck(), registry))
                .containsExactly("fail deploy-nobody", "pass deploy-Event_Bus");
        var judged = run(new InvalidChainRefCheck(), registry).stream()
                .map(result -> new Scanner.Judged(new InvalidChainRefCheck().info(), result))
                .toList();
        assertThat(Scanner.issues(judged, WorldBuilder.NOW))
                .extracting(issue -> issue.id())
                .containsExactly("invalid-chain-ref-deploy-nobody");
    }

    @Test
    void aStepThatCallsAnUndeclaredChainFails() throws InterruptedException {
        String registry = chains("""
            deploy:
              steps:
                - {id: a, chain: gone}
                - {id: b, chain: Other}
                - {id: c, parallel: [{chain: gone}, {chain: '{{ next }}'}]}
            other: {steps: [{id: a, agent: event-bus}]}
            """);
        assertThat(verdicts(new InvalidChainRefCheck(), registry))
                .contains("fail deploy-chain-gone", "pass deploy-chain-Other", "unknown deploy-chain-{{ next }}");
        Failure failure = failure(new InvalidChainRefCheck(), registry);
        assertThat(failure.affected()).containsExactly("gone", "deploy");
        assertThat(failure.recommendation()).isEqualTo("Name a declared chain in the step, or declare 'gone'");
        assertThat(evidence(failure)).containsExactly("7: chain deploy: chain gone", "9: chain deploy: chain gone");
    }

    @Test
    void aNameInsteadOfAKeyIsAHintOnly() throws InterruptedException {
        assertThat(failure(new InvalidChainRefCheck(), chains("x: {steps: [{agent: old name}]}"))
                        .description())
                .endsWith("'OLD-NAME' is the name of the agent 'silent': was it renamed?");
    }

    @Test
    void anAgentThatIsChosenLaterIsUnknown() throws InterruptedException {
        String registry = chains("x: {steps: [{agent: '{{input.agent}}', action: go}]}");
        assertThat(run(new InvalidChainRefCheck(), registry))
                .containsExactly(new CheckResult.Unknown(
                        "x-{{input.agent}}", "the agent of the step is chosen when the chain runs"));
        assertThat(verdicts(new ChainUnknownActionCheck(), registry)).containsExactly("unknown x-{{input.agent}}-go");
    }

    @Test
    void anActionThatTheAgentDoesNotDeclareFails() throws InterruptedException {
        String registry = chains("""
            deploy:
              steps:
                - {agent: event-bus, action: publish}
                - {agent: event-bus, action: Deep_Look}
                - {agent: event-bus, action: shout}
                - {substeps: [{agent: event-bus, action: shout}]}
                - {agent: event-bus}
                - {agent: nobody, action: shout}
                - {agent: event-bus, action: "{{input.action}}"}
            """);
        assertThat(verdicts(new ChainUnknownActionCheck(), registry))
                .containsExactly(
                        "pass deploy-event-bus-publish",
                        "pass deploy-event-bus-Deep_Look",
                        "fail deploy-event-bus-shout",
                        "unknown deploy-event-bus-{{input.action}}");
        Failure failure = failure(new ChainUnknownActionCheck(), registry);
        assertThat(failure.affected()).containsExactly("event-bus", "deploy");
        assertThat(evidence(failure))
                .containsExactly(
                        "9: chain deploy: agent event-bus, action shout",
                        "10: chain deploy: agent event-bus, action shout",
                        "2: event-bus: 2 actions declared");
        assertThat(failure.description()).endsWith("It declares 'publish' and 'deep-look'.");
    }

    @Test
    void anAgentThatDeclaresNoActionKnowsNone() throws InterruptedException {
        assertThat(failure(new ChainUnknownActionCheck(), chains("x: {steps: [{agent: silent, action: go}]}"))
                        .description())
                .endsWith("It declares no action at all.");
    }

    @Test
    void twoStepsSideBySideWithOneIdFail() throws InterruptedException {
        String registry = chains("""
            one:
              steps:
                - {id: a}
                - {id: b}
                - {id: a}
                - {agent: silent}
                - {agent: silent}
            two:
              steps:
                - {id: a, substeps: [{id: x}, {id: a}]}
                - {id: b, substeps: [{id: x}, {id: y}, {id: y}]}
            """);
        assertThat(verdicts(new ChainDuplicateStepCheck(), registry))
                .containsExactly(
                        "fail one-a",
                        "pass one-b",
                        "pass two-a",
                        "pass two-b",
                        "pass two-a.x",
                        "pass two-a.a",
                        "pass two-b.x",
                        "fail two-b.y");
        CheckResult.Fail first =
                (CheckResult.Fail) run(new ChainDuplicateStepCheck(), registry).getFirst();
        assertThat(first.failure().affected()).containsExactly("one");
        assertThat(evidence(first.failure())).containsExactly("7: chain one: step a", "9: chain one: step a");
    }

    @Test
    void chainsThatCallEachOtherInACircleFailOnce() throws InterruptedException {
        String registry = chains("""
            first: {steps: [{chain: second}]}
            second: {steps: [{substeps: [{chain: Third}]}]}
            third: {steps: [{chain: first}, {chain: last}]}
            last: {steps: [{agent: silent}]}
            self: {steps: [{chain: self}]}
            into: {steps: [{chain: first}, {chain: nowhere}]}
            open: {steps: [{chain: "{{input.chain}}"}]}
            """);
        assertThat(verdicts(new ChainCycleCheck(), registry))
                .containsExactlyInAnyOrder("fail first", "fail self", "pass into", "unknown open");
        CheckResult.Fail circle = (CheckResult.Fail) run(new ChainCycleCheck(), registry).stream()
                .filter(result -> result.subject().equals("first"))
                .findFirst()
                .orElseThrow();
        assertThat(circle.failure().affected()).containsExactly("first", "second", "third");
        assertThat(evidence(circle.failure()))
                .containsExactly(
                        "5: chain first calls chain second",
                        "6: chain second calls chain Third",
                        "7: chain third calls chain first");
    }

    @Test
    void aVeryLongCircleIsFoundInTime() throws InterruptedException {
        StringBuilder chains = new StringBuilder();
        int length = 30_000;
        for (int i = 0; i < length; i++) {
            chains.append("c%05d: {steps: [{chain: c%05d}]}%n".formatted(i, (i + 1) % length));
        }
        assertThat(verdicts(new ChainCycleCheck(), chains(chains.toString()))).containsExactly("fail c00000");
    }

    @Test
    void intentsMustLeadToWhatIsDeclared() throws InterruptedException {
        String registry = chains("""
            deploy: {steps: []}
            """) + """
            intent_patterns:
              agents:
                EVENT_BUS: ["tell .*"]
                old-name: ["ask .*"]
              chains:
                - {pattern: a, chain: deploy}
                - {pattern: b, chain: destroy}
                - {pattern: c, chain: destroy}
                - {pattern: d, chain: "${CHAIN}"}
            """;
        assertThat(verdicts(new IntentUnknownAgentCheck(), registry))
                .containsExactly("pass EVENT_BUS", "fail old-name");
        Failure agent = failure(new IntentUnknownAgentCheck(), registry);
        assertThat(agent.affected()).containsExactly("old-name");
        assertThat(evidence(agent)).containsExactly("9: intent_patterns.agents: old-name");
        assertThat(agent.description()).endsWith("was it renamed?");
        assertThat(verdicts(new IntentUnknownChainCheck(), registry))
                .containsExactly("pass deploy", "fail destroy", "unknown ${CHAIN}");
        Failure chain = failure(new IntentUnknownChainCheck(), registry);
        assertThat(chain.affected()).containsExactly("destroy");
        assertThat(evidence(chain))
                .containsExactly(
                        "12: intent_patterns.chains: chain destroy", "13: intent_patterns.chains: chain destroy");
    }

    @Test
    void aRegistryWithoutChainsAndIntentsIsNotJudged() throws InterruptedException {
        for (var check : java.util.List.of(
                new InvalidChainRefCheck(),
                new ChainUnknownActionCheck(),
                new ChainCycleCheck(),
                new ChainDuplicateStepCheck(),
                new IntentUnknownAgentCheck(),
                new IntentUnknownChainCheck())) {
            assertThat(check.run(RegistryWorlds.world("agents: {a: {}}"))).isEmpty();
            assertThat(check.run(RegistryWorlds.world("broken: ["))).isEmpty();
        }
    }
}
