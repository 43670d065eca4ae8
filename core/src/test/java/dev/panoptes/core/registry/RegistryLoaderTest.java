package dev.panoptes.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryLoaderTest {
    private static final String WHOLE = """
        version: 1.0
        updated: "2026-01-02"
        config: {anything: [goes, {here: 1}]}
        hosts:
          web-1: {address: 10.0.0.5, labels: {zone: a}}
          bare:
        agents:
          hermes:
            name: HERMES
            version: '1.10'
            category: infrastructure
            description: unknown keys are ignored
            host: web-1
            path: agents/hermes
            unit: hermes.service
            exe: /usr/bin/python3
            core: yes
            public_key: ed25519:abc
            enroll: required
            placement: {hosts: [web-1], selector: {zone: a}, replicas: {min: 2, max: 3}}
            connection: {url: 'http://hermes:8014', health_endpoint: healthz, timeout_ms: 5_000}
            capabilities: [notify, {name: page}]
            actions:
              notify: {endpoint: /notify, method: POST, timeout_ms: 10000, params: [], returns: {type: object}}
              short: /short
          bare:
        chains:
          deploy:
            steps:
              - {id: first, agent: hermes, action: notify}
              - id: group
                type: parallel
                substeps:
                  - {id: inner, agent: "{{input.agent}}", action: x}
                  - {id: other, chain: rollback}
              - {id: outside, type: external}
          rollback: {steps: []}
        routing: {free: true}
        intent_patterns:
          agents: {hermes: ["tell .*"]}
          chains:
            - {pattern: "deploy .*", chain: deploy}
            - {pattern: "nothing"}
        """;

    @Test
    void everyKnownKeyIsReadWithItsPlace() {
        Registry registry = Registries.clean(WHOLE);

        assertThat(registry.file()).isEqualTo(Registries.NAME);
        assertThat(registry.digest().hex()).matches("[0-9a-f]{64}");
        assertThat(registry.version()).isEqualTo("1.0");
        assertThat(registry.hosts().get("web-1"))
                .isEqualTo(new DeclaredHost("web-1", "10.0.0.5", Map.of("zone", "a"), new Location(5, 3)));
        assertThat(registry.hosts().get("bare").address()).isNull();
        assertThat(registry.agents())
                .containsExactly(
                        new DeclaredAgent(
                                "hermes",
                                new Located<>("HERMES", new Location(9, 11)),
                                "1.10",
                                "infrastructure",
                                "web-1",
                                "agents/hermes",
                                "hermes.service",
                                "/usr/bin/python3",
                                true,
                                "ed25519:abc",
                                true,
                                new Placement(List.of("web-1"), Map.of("zone", "a"), 2, 3),
                                new Connection(
                                        new Located<>("http://hermes:8014", new Location(21, 23)),
                                        Protocol.HTTP,
                                        "/healthz",
                                        Duration.ofSeconds(5),
                                        new Location(21, 17)),
                                List.of("notify", "page"),
                                List.of(
                                        new Action("notify", "/notify", "POST", new Location(24, 7)),
                                        new Action("short", "/short", null, new Location(25, 7))),
                                new Location(8, 3)),
                        new DeclaredAgent(
                                "bare",
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                false,
                                Placement.SINGLE,
                                null,
                                List.of(),
                                List.of(),
                                new Location(26, 3)));
        assertThat(registry.intents().agents()).containsExactly(new Located<>("hermes", new Location(40, 12)));
        assertThat(registry.intents().chains()).containsExactly(new Located<>("deploy", new Location(42, 37)));
    }

    @Test
    void stepsKeepTheirNestingAndTheirPlaces() {
        List<Chain> chains = Registries.clean(WHOLE).chains();

        assertThat(chains).extracting(Chain::name).containsExactly("deploy", "rollback");
        ChainStep group = chains.getFirst().steps().get(1);
        assertThat(group.flatten()).extracting(ChainStep::id).containsExactly("group", "inner", "other");
        assertThat(group.agent()).isNull();
        assertThat(group.substeps().getFirst().agent())
                .isEqualTo(new Located<>("{{input.agent}}", new Location(34, 32)));
        assertThat(group.substeps().getLast().chain()).isEqualTo(new Located<>("rollback", new Location(35, 32)));
    }

    @Test
    void wrongTypesAreToldAllAtOnceAndTheRestIsRead() {
        String text = """
            version: [1]
            hosts: [web-1]
            agents:
              list: [1, 2]
              number: 5
              wrong:
                name: [a]
                core: maybe
                enroll: often
                connection: http://wrong:80
                actions: [go, {name: stop, endpoint: /stop}]
                capabilities: notify
                placement: {replicas: {min: 3, max: 2}, hosts: web-1, selector: {zone: [a]}}
              right:
                connection: {url: 8014, timeout_ms: 1.5, health_endpoint: {a: 1}}
                actions: {go: [1], stop: }
            chains:
              one: 5
              two: {steps: {a: b}}
              three: {steps: [x, {agent: [right]}]}
            intent_patterns:
              agents: [right]
              chains: [x, {chain: {a: b}}]
            """;

        assertThat(Registries.problems(text))
                .containsExactly(
                        "agent-registry.yaml:1:10: version of the registry is a list, not a text (wrong-type)",
                        "agent-registry.yaml:2:8: hosts of the registry is a list, not a map (wrong-type)",
                        "agent-registry.yaml:4:9: agent 'list' is a list, not a map; write what it has, such as connection:, below it (wrong-type)",
                        "agent-registry.yaml:5:11: agent 'number' is a text, not a map; write what it has, such as connection:, below it (wrong-type)",
                        "agent-registry.yaml:7:11: name of agent 'wrong' is a list, not a text (wrong-type)",
                        "agent-registry.yaml:8:11: core of agent 'wrong' is neither true nor false; write one of them (wrong-type)",
                        "agent-registry.yaml:9:13: enroll of agent 'wrong' is neither required nor optional"
                                + " (wrong-value)",
                        "agent-registry.yaml:13:16: replicas of agent 'wrong' has min above max; max was raised"
                                + " (wrong-value)",
                        "agent-registry.yaml:13:52: hosts of placement of agent 'wrong' is a text, not a list"
                                + " (wrong-type)",
                        "agent-registry.yaml:13:76: the label 'zone' of placement of agent 'wrong' is a list, not a"
                                + " text (wrong-type)",
                        "agent-registry.yaml:10:17: connection of agent 'wrong' is a text, not a map; write"
                                + " connection: {url: ...} (wrong-type)",
                        "agent-registry.yaml:12:19: capabilities of agent 'wrong' is a text, not a list (wrong-type)",
                        "agent-registry.yaml:11:14: actions of agent 'wrong' is a list, not a map; write each as its name: {endpoint: ...} (wrong-type)",
                        "agent-registry.yaml:15:63: health_endpoint of connection of agent 'right' is a map, not a"
                                + " text (wrong-type)",
                        "agent-registry.yaml:15:41: timeout_ms of connection of agent 'right' is not a whole number of"
                                + " at least 1 (wrong-type)",
                        "agent-registry.yaml:16:19: action 'go' is a list, not a map (wrong-type)",
                        "agent-registry.yaml:18:8: chain 'one' is a text, not a map; write its steps below 'steps:' (wrong-type)",
                        "agent-registry.yaml:19:16: steps of chain 'two' is a map, not a list (wrong-type)",
                        "agent-registry.yaml:20:19: a step of chain 'three' is a text, not a map; write - agent: and action: in it (wrong-type)",
                        "agent-registry.yaml:20:30: agent of a step of chain 'three' is a list, not a text"
                                + " (wrong-type)",
                        "agent-registry.yaml:22:11: agents of intent_patterns is a list, not a map (wrong-type)",
                        "agent-registry.yaml:23:12: an intent pattern is a text, not a map (wrong-type)",
                        "agent-registry.yaml:23:23: chain of an intent pattern is a map, not a text (wrong-type)");
        Registry registry = Registries.loaded(text).registry();
        assertThat(registry.agents())
                .extracting(DeclaredAgent::key)
                .containsExactly("list", "number", "wrong", "right");
        assertThat(registry.agent("wrong").orElseThrow().actions())
                .extracting(Action::name)
                .containsExactly("go", "stop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# only a comment\n",
                "---\n...\n",
                "just text",
                "5",
                "- a\n- b\n",
                "null",
                "version: 1\n",
                "agents:\n",
                "agents: []\n",
                "agents: [hermes]\n",
                "agents: none\n",
                "Agents: {a: {}}\n",
            })
    void aFileWithoutAMapOfAgentsIsNoRegistry(String text) {
        assertThat(Registries.load(text))
                .isInstanceOfSatisfying(
                        RegistryResult.Broken.class,
                        broken -> assertThat(broken.problems())
                                .extracting(Problem::code)
                                .containsExactly("not-a-registry"));
    }

    @Test
    void aFleetMayHaveNoAgentYet() {
        assertThat(Registries.clean("agents: {}\n").agents()).isEmpty();
    }

    @Test
    void ofAKeyGivenTwiceTheLastCountsAndBothPlacesAreNamed() {
        String text = """
            agents:
              one: {connection: {url: 'http://one:1'}}
              two: {name: A, name: B}
              one: {connection: {url: 'http://one:2'}}
            """;

        assertThat(Registries.problems(text))
                .containsExactly(
                        "agent-registry.yaml:3:18: the key 'name' stands here and in line 3; this one counts"
                                + " (duplicate-key)",
                        "agent-registry.yaml:4:3: the key 'one' stands here and in line 2; this one counts"
                                + " (duplicate-key)");
        assertThat(Registries.loaded(text).registry().agents())
                .extracting(agent -> agent.location().line())
                .containsExactly(4, 3);
    }

    @Test
    void anchorsAliasesAndMergesAreFollowed() {
        Registry registry = Registries.clean("""
            defaults: &defaults {health_endpoint: /live, timeout_ms: 100}
            more: &more {health_endpoint: /other, url: 'http://x:1'}
            agents:
              one: {connection: {<<: *defaults, url: 'http://one:1'}}
              two: {connection: {<<: [*defaults, *more]}}
              three: &three {name: Three}
              four: *three
            """);

        Map<String, DeclaredAgent> agents =
                registry.agents().stream().collect(Collectors.toMap(DeclaredAgent::key, agent -> agent));
        assertThat(agents.get("one").connection().healthEndpoint()).isEqualTo("/live");
        assertThat(agents.get("one").connection().url().value()).isEqualTo("http://one:1");
        assertThat(agents.get("two").connection().healthEndpoint()).isEqualTo("/live");
        assertThat(agents.get("two").connection().url().value()).isEqualTo("http://x:1");
        assertThat(agents.get("four").name().value()).isEqualTo("Three");
    }

    @Test
    void placementsHaveSensibleBounds() {
        Registry registry = Registries.clean("""
            agents:
              most: {placement: {replicas: {max: 3}}}
              least: {placement: {replicas: {min: 3}}}
              exact: {placement: {replicas: 2}}
              none: {placement: {replicas: {max: 0}}}
            """);

        assertThat(registry.agents())
                .extracting(
                        agent -> agent.placement().minReplicas(),
                        agent -> agent.placement().maxReplicas())
                .extracting(Object::toString)
                .containsExactly("(1, 3)", "(3, 3)", "(2, 2)", "(0, 0)");
    }

    @Test
    void urlsNeedNoQuotesAndCapabilitiesMayBeDescribed() {
        Registry registry = Registries.clean("""
            agents:
              flow: {connection: {url: http://flow:8014, health_endpoint: /h}, capabilities: {a: {x: 1}, b: }}
              block:\r
                connection:\r
                  url: http://block:8014/x#y # a comment\r
                capabilities: [a, {name: b}, {other: c}]
            """);

        assertThat(registry.agents())
                .extracting(agent -> agent.connection().url().value())
                .containsExactly("http://flow:8014", "http://block:8014/x#y");
        assertThat(registry.agents()).extracting(DeclaredAgent::capabilities).containsOnly(List.of("a", "b"));
    }

    @Test
    void keysLinkWithoutCaseAndWithEitherSeparator() {
        assertThat(Registries.clean("agents: {Event_Bus: {}}").agent("event-bus"))
                .isPresent();
    }
}
