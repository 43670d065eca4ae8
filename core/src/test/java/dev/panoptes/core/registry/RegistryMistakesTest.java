package dev.panoptes.core.registry;

import static dev.panoptes.core.registry.Registries.loaded;
import static dev.panoptes.core.registry.Registries.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user reads who wrote something else than he meant: text, line and column, and what to write instead. */
class RegistryMistakesTest {
    @Test
    void keysThatNearlyAreKnownOnesAreNamedWithWhatWasMeant() {
        assertThat(problems("""
            agents:
              a: {conection: {url: "http://a:1"}, action: {x: /x}}
              b: {Connection: {url: "http://b:1"}, actoins: {x: /x}}
              c: {connection: {url: "http://c:1", health_endpont: /hz, timeout: 5}, actions: {x: {endpiont: /x}}}
              d: {connection: {uri: "http://d:1"}, placment: {}, hots: x}
            chain: {c: {steps: [{id: a, agent: zz}]}}
            intents: {}
            """))
                .containsExactlyInAnyOrder(
                        "agent-registry.yaml:2:7: the key 'conection' of agent 'a' is not known and was not read;"
                                + " 'connection' was probably meant (misspelt-key)",
                        "agent-registry.yaml:2:39: the key 'action' of agent 'a' is not known and was not read;"
                                + " 'actions' was probably meant (misspelt-key)",
                        "agent-registry.yaml:3:7: the key 'Connection' of agent 'b' is not known and was not read;"
                                + " 'connection' was probably meant (misspelt-key)",
                        "agent-registry.yaml:3:40: the key 'actoins' of agent 'b' is not known and was not read;"
                                + " 'actions' was probably meant (misspelt-key)",
                        "agent-registry.yaml:4:39: the key 'health_endpont' of connection of agent 'c' is not known and"
                                + " was not read; 'health_endpoint' was probably meant (misspelt-key)",
                        "agent-registry.yaml:4:60: the key 'timeout' of connection of agent 'c' is not known and was"
                                + " not read; 'timeout_ms' was probably meant (misspelt-key)",
                        "agent-registry.yaml:4:87: the key 'endpiont' of action 'x' is not known and was not read;"
                                + " 'endpoint' was probably meant (misspelt-key)",
                        "agent-registry.yaml:5:20: the key 'uri' of connection of agent 'd' is not known and was not"
                                + " read; 'url' was probably meant (misspelt-key)",
                        "agent-registry.yaml:5:40: the key 'placment' of agent 'd' is not known and was not read;"
                                + " 'placement' was probably meant (misspelt-key)",
                        "agent-registry.yaml:5:54: the key 'hots' of agent 'd' is not known and was not read; 'host'"
                                + " was probably meant (misspelt-key)",
                        "agent-registry.yaml:6:1: the key 'chain' of the registry is not known and was not read;"
                                + " 'chains' was probably meant (misspelt-key)",
                        "agent-registry.yaml:7:1: the key 'intents' of the registry is not known and was not read;"
                                + " 'intent_patterns' was probably meant (misspelt-key)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "description: x",
                "tags: [a]",
                "owner: me",
                "code: ./a",
                "notes: y",
                "role: z",
                "type: t",
                "team: a",
                "docs: x",
                "exec: y",
                "hosted: z",
                "paths: {a: b}",
                "metadata: {}",
                "labels: {}",
                "env: {A: b}",
                "dependencies: [b]",
                "image: x",
                "repo: y",
                "schedule: z",
                "model: m",
                "prompt: p"
            })
    void wordsOfTheOwnersAreLeftAlone(String field) {
        String key = field.substring(0, field.indexOf(':'));
        List<String> told =
                problems("agents:\n  a:\n    path: x\n    connection: {url: 'http://a:1'}\n    " + field + "\n");
        assertThat(told).as(key).isEmpty();
    }

    @Test
    void whatStandsOneLevelTooHighIsToldWithItsRightPlace() {
        assertThat(problems("""
            agents:
              d: {url: "http://d:8504"}
              e: {host: e, port: 8501}
              f: {connection: {host: f, port: "8502"}}
              g: {connection: "http://g:8507"}
              h: "http://h:8516"
              i: {connection: {url: "http://i:1"}, replicas: 0}
            """))
                .containsExactlyInAnyOrder(
                        "agent-registry.yaml:2:7: 'url' stands directly below agent 'd'; it belongs under connection"
                                + " and was not read: write connection: {url: 'http://d:8504'} (misplaced-key)",
                        "agent-registry.yaml:3:16: 'port' stands directly below agent 'e'; it belongs under connection"
                                + " and was not read: write connection: {url: 'http://e:8501'} (misplaced-key)",
                        "agent-registry.yaml:4:29: connection of agent 'f' gives its port apart, which was not read:"
                                + " write url: 'http://f:8502' (misplaced-key)",
                        "agent-registry.yaml:5:19: connection of agent 'g' is a text, not a map; write connection:"
                                + " {url: ...} (wrong-type)",
                        "agent-registry.yaml:6:6: agent 'h' is a text, not a map; write connection: {url: ...} below it"
                                + " (wrong-type)");
    }

    @Test
    void secretsInAUrlOutOfPlaceStayHidden() {
        assertThat(problems("agents:\n  d: {url: 'http://me:hunter2@d:1/?token=abc'}\n"))
                .singleElement()
                .asString()
                .contains("http://***@d:1/?token=***")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Version: 1\\nAgents: {a: {}}|2:1: has no agents; the key 'Agents' in line 2 is probably meant: write"
                        + " 'agents'",
                "agent: {a: {}}|1:1: has no agents; the key 'agent' in line 1 is probably meant: write 'agents'",
                "agents:\\n- id: Scout One|1:1: agents is a list, not a map; write agents as a map from key to agent,"
                        + " for example scout-one: {connection: {url: 'http://scout-one:PORT'}}",
                "agents:|1:1: agents is empty, not a map; write agents: {} where there is none yet, or let panoptes"
                        + " adopt write them",
                "- {name: a}|1:1: is a list of agents, not a map at the top; write agents as a map from key to agent,"
                        + " for example a: {connection: {url: 'http://a:PORT'}}",
                "mcpServers: {a: {command: x}}|1:1: is a list of MCP servers, not a registry; panoptes adopt --from FILE"
                        + " writes a registry from it",
                "{skills: [], url: x}|1:1: is an A2A agent card, which describes one agent, not a registry; panoptes"
                        + " adopt --from FILE writes a registry from it",
                "services: {web: {image: nginx}}|1:1: is a compose file, not a registry; panoptes adopt --from-tree"
                        + " writes a registry from it",
                "{apiVersion: v1, kind: Service}|1:1: is a Kubernetes manifest, not a registry; panoptes adopt writes a"
                        + " registry from what listens on this host",
                "{apiVersion: backstage.io/v1alpha1, kind: Component}|1:1: is a Backstage catalog entity, not a"
                        + " registry; panoptes adopt writes a registry from what listens on this host",
                "services: [{name: a, port: 1}]|1:1: is a list of Consul services, not a registry; panoptes adopt"
                        + " --from FILE writes a registry from it",
                "openapi: 3.1.0|1:1: is an OpenAPI description of one service, not a registry; declare the service"
                        + " under agents",
                "web: gunicorn app:app|1:1: is a Procfile, not a registry; panoptes adopt --from-tree writes a registry"
                        + " from it",
                "servers: [{name: a, packages: []}]|1:1: is a list of MCP servers, not a registry; panoptes adopt"
                        + " --from FILE writes a registry from it",
                "a: {name: A, actions: {}}\\nb: {x: 1}|1:1: has agents at its top, from 'a' on; write 'agents:' before"
                        + " them and indent them below it",
                "hermes:\\n  connection: {url: 'http://h:1'}|1:1: has agents at its top, from 'hermes' on; write"
                        + " 'agents:' before them and indent them below it",
                "config:\\n  agents: {a: {}}|2:3: has no agents at its top; those in line 2 stand below 'config': move"
                        + " 'agents' to the top",
                "web: {image: nginx}\\ndb: {build: .}|1:1: is a compose file, not a registry; panoptes adopt --from-tree"
                        + " writes a registry from it",
                "version: 1\\nservices:\\n  a: {connection: {url: x}}|2:1: has no agents; what stands below 'services' in"
                        + " line 2 looks like agents: write 'agents'",
                "agents: !include a.yaml|1:1: agents stands behind !include, which is not followed: a registry is one"
                        + " file, write the agents in it",
                "agents: hermes|1:1: agents is a text, not a map; a registry maps keys to agents under 'agents', for"
                        + " example agents: {hermes: {connection: {url: 'http://hermes:8014'}}}",
                "<agents/>|1:1: is a text at the top, not a map; a registry maps keys to agents under 'agents', for"
                        + " example agents: {hermes: {connection: {url: 'http://hermes:8014'}}}",
                "x: 1|1:1: has no agents; a registry maps keys to agents under 'agents', for example agents: {hermes:"
                        + " {connection: {url: 'http://hermes:8014'}}}",
                "---\\n---\\nagents: {}|2:1: the first document of the file is empty and a second starts here; only the"
                        + " first was read: remove the '---' before this one"
            })
    void anotherFormatIsRecognisedAndTheNextStepGiven(String text, String told) {
        assertThat(problems(text.replace("\\n", "\n")).getFirst())
                .isEqualTo("agent-registry.yaml:" + told + " (not-a-registry)");
    }

    @Test
    void referencesAndTagsAreToldForWhatTheyAre() {
        RegistryResult.Loaded loaded = loaded("""
            imports: [more.yaml]
            agents:
              $ref: ./agents.yaml
              a: !include a.yaml
              b: {$ref: b.yaml}
              c: {connection: !ENV x, actions: {x: /x}}
            """);
        assertThat(loaded.registry().agents().stream().map(DeclaredAgent::key)).containsExactly("a", "b", "c");
        assertThat(loaded.registry().agents().stream().map(DeclaredAgent::unread))
                .containsExactly("!include", "$ref", "!ENV");
        assertThat(loaded.registry().agents().stream().map(loaded.registry()::endpoint))
                .allMatch(DeclaredEndpoint.Unresolved.class::isInstance);
        assertThat(loaded.problems().stream().map(Problem::text))
                .containsExactlyInAnyOrder(
                        "agent-registry.yaml:4:6: what !include 'a.yaml' stands for is not known: tags are not"
                                + " followed. Write the value itself (not-followed)",
                        "agent-registry.yaml:6:19: what !ENV 'x' stands for is not known: tags are not followed. Write"
                                + " the value itself (not-followed)",
                        "agent-registry.yaml:1:1: the key 'imports' names other files; they are not followed: a"
                                + " registry is one file (not-followed)",
                        "agent-registry.yaml:3:3: the key '$ref' refers to another place; references are not followed:"
                                + " write the agents here (not-followed)",
                        "agent-registry.yaml:5:7: $ref of agent 'b' refers to another place; references are not"
                                + " followed: write the entry here (not-followed)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'http://${H}:${P}'",
                "'http://a:{{ port }}'",
                "{{ url }}",
                "'http://a:<PORT>'",
                "'http://@HOST@:80'",
                "'http://__HOST__:80'",
                "'http://a:%PORT%'",
                "'http://a:#{port}'",
                "'http://a:$(PORT)'",
                "'http://((host)):80'",
                "'http://a:[[port]]'",
                "'http://a:%(port)s'",
                "'http://a:$PORT'"
            })
    void aPlaceholderOfWhateverTemplatingIsNotKnown(String url) {
        Registry registry = loaded("agents:\n  a:\n    connection:\n      url: " + url + "\n")
                .registry();
        assertThat(registry.endpoint(registry.agents().getFirst())).isInstanceOf(DeclaredEndpoint.Unresolved.class);
    }

    @Test
    void agentsThatAreSwitchedOffAreDeclaredAndNeedNotRun() {
        Registry registry = loaded("""
            agents:
              a: {enabled: false}
              b: {status: deprecated}
              c: {disabled: yes}
              d: {status: Retired}
              e: {enabled: true, status: active, disabled: no}
              f: {retired: true}
              g: {deprecated: true}
              h: {enabled: 0}
              i: {enabled: 1, disabled: 0}
            """).registry();
        assertThat(registry.agents().stream().map(DeclaredAgent::key)).containsExactly("e", "i");
        assertThat(registry.declared()).hasSize(9);
        assertThat(registry.agent("A")).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status: {state: disabled}|status of agent 'a' is a map, not a text; it was not read, so the agent is"
                        + " judged as one that must run (wrong-type)",
                "status: [disabled]|status of agent 'a' is a list, not a text; it was not read, so the agent is"
                        + " judged as one that must run (wrong-type)",
                "active: no|the key 'active' of agent 'a' is not read, so it is judged as one that must run; enabled:"
                        + " false was probably meant (misspelt-key)",
                "is_disabled: true|the key 'is_disabled' of agent 'a' is not read, so it is judged as one that must"
                        + " run; enabled: false was probably meant (misspelt-key)",
            })
    void anotherWordThatSwitchesOffIsTold(String field, String told) {
        int column = "  a: {".length() + field.indexOf(' ') + 2;
        assertThat(problems("agents:\n  a: {" + field + "}\n"))
                .containsExactly("agent-registry.yaml:2:" + column + ": " + told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"active: true", "is_enabled: yes", "archived: false", "inactive: 0"})
    void anotherWordThatSwitchesNothingOffIsLeftAlone(String field) {
        assertThat(problems("agents:\n  a: {" + field + "}\n")).isEmpty();
    }

    @Test
    void anAgentMayBeDeclaredWithoutAPort() {
        RegistryResult.Loaded loaded = loaded("agents:\n  job: {connection: none, health: {status_only: true}}\n");
        assertThat(loaded.problems()).isEmpty();
        DeclaredAgent job = loaded.registry().agents().getFirst();
        assertThat(loaded.registry().endpoint(job)).isEqualTo(new DeclaredEndpoint.None());
        assertThat(job.statusOnly()).isTrue();
    }

    @Test
    void hostsAndSelectorsThatMatchNothingAreTold() {
        assertThat(problems("""
            hosts: {web-1: {address: 10.0.0.5, labels: {zone: a}}, web-2: {labels: {zone: b}}}
            agents:
              a: {host: nowhere}
              b: {placement: {selector: {zone: c}}}
              c: {placement: {hosts: [web-1, web-9]}}
              d: {placement: {hosts: [web-2], selector: {zone: a}}}
              e: {host: 10.0.0.99}
              f: {host: local, placement: {hosts: [web-1], selector: {zone: a}}}
            """))
                .containsExactly(
                        "agent-registry.yaml:3:13: host of agent 'a' is none of the declared hosts: 'nowhere'; declare"
                                + " it under hosts, or write one of them: 'web-1', 'web-2' (unknown-host)",
                        "agent-registry.yaml:4:19: the selector of placement of agent 'b' matches none of the declared"
                                + " hosts; give one of them 'zone: c' (unknown-host)",
                        "agent-registry.yaml:5:19: placement of agent 'c' names 'web-9', which is none of the declared"
                                + " hosts; declare it under hosts, or write one of them: 'web-1', 'web-2' (unknown-host)",
                        "agent-registry.yaml:6:19: placement of agent 'd' names hosts that its selector does not match;"
                                + " the hosts count (unknown-host)");
    }

    @Test
    void stepsBelowStepsAreFollowedHoweverTheyAreRun() {
        Registry registry = loaded("""
            agents: {}
            chains:
              c:
                steps:
                - {id: 1, parallel: [{agent: a}, {agent: b}]}
                - {id: 2, then: {agent: c}, else: [{agent: d}]}
                - {id: 3, do: [{agent: e, then: notify}]}
                - {id: 4, parallel: {left: {agent: f}, right: {agent: g}}}
                - {id: 5, do: {steps: [{chain: other}]}, parallel: true}
            """).registry();
        assertThat(registry.chains().getFirst().steps().stream()
                        .flatMap(ChainStep::flatten)
                        .flatMap(step -> java.util.stream.Stream.of(step.agent(), step.chain()))
                        .filter(java.util.Objects::nonNull)
                        .map(Located::value))
                .containsExactly("a", "b", "c", "d", "e", "f", "g", "other");
    }

    @Test
    void stepsBelowAKeyThatIsNotReadAreTold() {
        assertThat(problems("""
            agents: {}
            chains:
              c:
                on_failure: [{agent: z, action: x}]
                steps:
                - {id: 1, agent: a, action: b, fallback: {agent: z, action: x}}
                - {id: 2, branches: {left: [{agent: z, action: x}]}}
                - {id: 3, agent: a, action: b, params: {agent: z, action: x}, next: {agent: z}, retry: {times: 3}}
            """))
                .extracting(told -> told.substring(0, told.indexOf(", which")))
                .containsExactly(
                        "agent-registry.yaml:4:5: the key 'on_failure' of chain 'c' holds steps",
                        "agent-registry.yaml:6:36: the key 'fallback' of a step of chain 'c' holds steps",
                        "agent-registry.yaml:7:15: the key 'branches' of a step of chain 'c' holds steps");
    }

    @Test
    void aChainWithoutStepsIsTold() {
        assertThat(problems("agents: {}\nchains: {c: {phases: [{agent: a}]}}\n"))
                .containsExactly("agent-registry.yaml:2:13: chain 'c' has no steps; nothing of it was read (missing)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agents:\\n\\ta: x|Indent with blanks instead of tabs",
                "agents:\\n"
                        + "  a:\\n"
                        + "<<<<<<< HEAD\\n"
                        + "    b: c\\n"
                        + "=======\\n"
                        + "|A merge conflict stands here: choose one side and remove the marks",
                "[agents.a]\\nurl = 1|This looks like TOML, an INI file or a unit; only YAML and JSON are read",
                "[Unit]\\nDescription=a|This looks like TOML, an INI file or a unit; only YAML and JSON are read",
                "agents:\\n  a:\\n    name: 'it's|A quote within single quotes is written twice",
                "agents:\\n  a:\\n    note: one: two|A text that holds a colon and a blank needs quotes around it",
                "agents:\\n  a:\\n    name: A\\n   core: true|No line above begins in this column: check the blanks before it",
                "<% if x %>\\nagents:\\n  a: b|This looks like a template: give its rendered result",
                "agents:\\n{% for a in x %}\\n  a: b|This looks like a template: give its rendered result"
            })
    void brokenYamlIsToldWithItsUsualCause(String text, String hint) {
        assertThat(problems(text.replace("\\n", "\n").replace("\\t", "\t")).getFirst())
                .contains(". " + hint);
    }

    @Test
    void keysOfReplicasIntentsAndPatternsAreToldToo() {
        assertThat(problems("""
            agents:
              a: {connection: {url: "http://a:1"}, placement: {replicas: {mim: 1, maximum: 2}}}
            intent_patterns:
              agent: {a: [x]}
              chains: [{patern: x, chian: c}]
            """))
                .containsExactlyInAnyOrder(
                        "agent-registry.yaml:2:71: the key 'maximum' of replicas of agent 'a' is not known and was not"
                                + " read; 'max' was probably meant (misspelt-key)",
                        "agent-registry.yaml:2:63: the key 'mim' of replicas of agent 'a' is not known and was not read;"
                                + " 'min' was probably meant (misspelt-key)",
                        "agent-registry.yaml:4:3: the key 'agent' of intent_patterns is not known and was not read;"
                                + " 'agents' was probably meant (misspelt-key)",
                        "agent-registry.yaml:5:13: the key 'patern' of an intent pattern is not known and was not read;"
                                + " 'pattern' was probably meant (misspelt-key)",
                        "agent-registry.yaml:5:24: the key 'chian' of an intent pattern is not known and was not read;"
                                + " 'chain' was probably meant (misspelt-key)");
    }

    @Test
    void aUrlOneLevelTooDeepIsToldWithItsRightPlace() {
        assertThat(problems("agents:\n  a: {connection: {http: {url: 'http://a:8001'}}}\n"))
                .containsExactly("agent-registry.yaml:2:27: 'url' stands below 'http' of connection of agent 'a', one"
                        + " level too deep, and was not read: write connection: {url: 'http://a:8001'}"
                        + " (misplaced-key)");
        assertThat(problems("agents:\n  a: {connection: {url: 'http://a:1', extra: {url: 'http://b:2'}}}\n"))
                .isEmpty();
    }

    @Test
    void aMissingBlankBehindAColonIsTold() {
        assertThat(problems("agents:\n  a:\n    connection:\n      url:http://a:1\n"))
                .containsExactly("agent-registry.yaml:4:7: connection of agent 'a' is a text, not a map; write a blank"
                        + " behind the colon of url: (wrong-type)");
    }

    @ParameterizedTest
    @CsvSource({"depricated,deprecated", "Disabeld,disabled", "retierd,retired", "decommissioned,retired"})
    void aStateThatNearlySwitchesOffIsToldAndTheAgentMustRun(String written, String meant) {
        RegistryResult.Loaded loaded = loaded("agents:\n  a: {status: " + written + "}\n");
        assertThat(loaded.registry().agents()).hasSize(1);
        assertThat(loaded.problems().stream().map(Problem::text))
                .containsExactly("agent-registry.yaml:2:15: status of agent 'a' is '" + written + "', which switches"
                        + " nothing off, so it is judged as one that must run; '" + meant + "' was probably meant"
                        + " (wrong-value)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "running", "beta", "experimental", "healthy", "enabled", "production"})
    void otherStatesAreTheOwners(String status) {
        assertThat(problems("agents:\n  a: {status: " + status + "}\n")).isEmpty();
    }

    @Test
    void wideTextWithoutAByteOrderMarkIsToldForWhatItIs() {
        RegistryResult result = new RegistryLoader()
                .parse("agents: {a: {}}\n".getBytes(java.nio.charset.StandardCharsets.UTF_16LE), "agent-registry.yaml");
        assertThat(((RegistryResult.Broken) result).problems().getFirst().text())
                .isEqualTo("agent-registry.yaml: is UTF-16 without a byte order mark; save it as UTF-8 (binary)");
    }

    /** One mistake in a registry that is right but for it, and everything that is told of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "a: {connection: {url: [http://a:1]}}|2:25: url of connection of agent 'a' is a list, not a text (wrong-type)",
                "a: {connection: {url: http://a:1, protocol: grcp}}|2:47: protocol of connection of agent 'a' is 'grcp',"
                        + " which is none of http, a2a, mcp, grpc, tcp (wrong-value)",
                "a: {connection: {health_endpoint: {path: /h}}}|2:37: health_endpoint of connection of agent 'a' is a map,"
                        + " not a text (wrong-type)",
                "a: {connection: {timeout_ms: soon}}|2:32: timeout_ms of connection of agent 'a' is not a whole number of"
                        + " at least 1 (wrong-type)",
                "a: yes|2:6: agent 'a' is a text, not a map; write what it has, such as connection:, below it (wrong-type)",
                "a: {core: 2}|2:13: core of agent 'a' is neither true nor false; write one of them (wrong-type)",
                "a: {enabled: nope}|2:16: enabled of agent 'a' is neither true nor false; write one of them (wrong-type)",
                "a: {enroll: maybe}|2:15: enroll of agent 'a' is neither required nor optional (wrong-value)",
                "a: {unit: /etc/systemd/system/a.service}|2:13: unit of agent 'a' is a path, and a unit has a name; write"
                        + " unit: a.service (wrong-value)",
                "a: {unit: units/}|2:13: unit of agent 'a' is a path, and a unit has a name; write unit: NAME.service"
                        + " (wrong-value)",
                "a: {placement: {max: 3}}|2:19: 'max' stands directly below placement of agent 'a'; it belongs under"
                        + " replicas and was not read: write replicas: {max: ...} (misplaced-key)",
                "a: {placement: {replicas: {min: 3, max: 1}}}|2:18: replicas of agent 'a' has min above max; max was raised"
                        + " (wrong-value)",
                "a: {<<: *shared}|2:11: no anchor 'shared' stands before; write &shared in front of the value that is"
                        + " meant, above this line (unknown-anchor)",
                "a: {<<: [text]}|2:12: only maps can be merged, this is a text (wrong-type)",
                "a: {name: A, name: B}|2:16: the key 'name' stands here and in line 2; this one counts (duplicate-key)",
                "a: {kubernetes: {service: My_Service}}|2:29: service of kubernetes of agent 'a' is 'My_Service', which is"
                        + " no name of Kubernetes: lower-case letters, digits and - (wrong-value)",
            })
    void aMistakeInAnAgentIsToldOnceAtItsPlace(String agent, String told) {
        assertThat(problems("agents:\n  " + agent + "\n")).containsExactly("agent-registry.yaml:" + told);
    }

    @Test
    void aUnitThatIsGivenByItsPathIsTheUnitOfThatName() {
        Registry registry = loaded("agents:\n  a: {unit: /etc/systemd/system/own.service}\n")
                .registry();
        assertThat(registry.agents().getFirst().unit()).isEqualTo("own.service");
    }

    @Test
    void aListOfKeysIsToldAsTheMapThatItShouldBe() {
        assertThat(problems("agents:\n  - Scout One\n  - b\n"))
                .containsExactly(
                        "agent-registry.yaml:1:1: agents is a list, not a map; write agents as a map from key to"
                                + " agent, for example scout-one: {connection: {url: 'http://scout-one:PORT'}} (not-a-registry)");
    }

    @Test
    void aHostThatIsAnAddressIsToldWhereItBelongs() {
        assertThat(problems("hosts: {web-1: 10.0.0.3}\nagents: {}\n"))
                .containsExactly(
                        "agent-registry.yaml:1:16: host 'web-1' is a text, not a map; write address: and labels:"
                                + " below it (wrong-type)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "'"})
    void aQuoteThatIsNeverClosedIsToldWhereItBegins(String quote) {
        assertThat(problems("agents:\n  a:\n    name: " + quote + "A\n  b: {}\n"))
                .containsExactly("agent-registry.yaml:3:11: the quote that begins here is never closed: write the same"
                        + " quote behind the text (yaml-syntax)");
    }
}
