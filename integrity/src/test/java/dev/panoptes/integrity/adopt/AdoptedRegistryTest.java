package dev.panoptes.integrity.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdoptedRegistryTest {
    @TempDir
    private Path directory;

    private static AdoptedAgent agent(String key, @Nullable String name, int port) {
        return new AdoptedAgent(
                key, name, null, port, "http", "localhost", "/health", name == null, null, null, null, null);
    }

    private Registry loaded(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("registry.yaml"), yaml);
        RegistryResult result = new RegistryLoader().load(file);
        assertThat(result).isInstanceOf(RegistryResult.Loaded.class);
        RegistryResult.Loaded loaded = (RegistryResult.Loaded) result;
        assertThat(loaded.problems()).isEmpty();
        return loaded.registry();
    }

    @Test
    void namesAreWrittenExactly() throws IOException {
        String name = "O'Neil: #1 \u2603\n--- \"x\" \\ \u0007x";
        Registry registry = loaded(AdoptedRegistry.whole("What listens here", List.of(agent("oneil", name, 7001))));
        assertThat(registry.agents().getFirst().displayName()).isEqualTo(name);
    }

    @Test
    void keysAreWordsAndNoTwoAgentsShareKeyOrName() throws IOException {
        assertThat(AdoptedAgent.key("123 / X")).isEqualTo("agent-123-x");
        assertThat(AdoptedAgent.key("\u2603")).isEqualTo("agent-");
        Registry registry = loaded(AdoptedRegistry.whole(
                "What listens here",
                List.of(
                        agent("hermes", "HERMES", 7001),
                        agent("hermes", "hermes", 7002),
                        agent("hermes", null, 7003))));
        assertThat(registry.agents())
                .extracting(DeclaredAgent::key)
                .containsExactly("hermes", "hermes-7002", "hermes-7003");
        assertThat(registry.agents()).extracting(DeclaredAgent::statusOnly).containsExactly(false, true, true);
        assertThat(registry.agents().get(1).name()).isNull();
    }

    @Test
    void whatARegistryLacksIsAddedBehindItsLastAgentAndNothingElseChanges() throws IOException {
        String before =
                "# ours\nversion: '1'\nagents:\n    one:   # the first\n        connection: {url: 'http://one:7001'}\n"
                        + "\n# chains\nchains: {}\n";
        AdoptedRegistry.Result result = AdoptedRegistry.merged(
                before, loaded(before), List.of(agent("other", null, 7001), agent("one", "ONE2", 7002)));
        assertThat(result).isInstanceOfSatisfying(AdoptedRegistry.Result.Written.class, written -> {
            assertThat(written.added()).isEqualTo(1);
            assertThat(written.yaml())
                    .startsWith("# ours\nversion: '1'\nagents:\n    one:   # the first\n"
                            + "        connection: {url: 'http://one:7001'}\n    one-7002:\n      name: 'ONE2'\n")
                    .endsWith("\n\n# chains\nchains: {}\n");
        });
        AdoptedRegistry.Result again = AdoptedRegistry.merged(
                ((AdoptedRegistry.Result.Written) result).yaml(),
                loaded(((AdoptedRegistry.Result.Written) result).yaml()),
                List.of(agent("one", "ONE2", 7002)));
        assertThat(again)
                .isEqualTo(new AdoptedRegistry.Result.Written(((AdoptedRegistry.Result.Written) result).yaml(), 0));
    }

    @Test
    void anEmptyRegistryIsFilledAndOneInFlowStyleIsLeftAlone() throws IOException {
        String empty = "agents: {} # none yet\nchains: {}\n";
        AdoptedRegistry.Result filled = AdoptedRegistry.merged(empty, loaded(empty), List.of(agent("one", null, 7001)));
        assertThat(filled)
                .isInstanceOfSatisfying(
                        AdoptedRegistry.Result.Written.class,
                        written -> assertThat(written.yaml())
                                .startsWith("agents: # none yet\n  one:\n")
                                .endsWith("\nchains: {}\n"));
        String flow = "agents: {one: {connection: {url: 'http://one:7001'}}}\n";
        assertThat(AdoptedRegistry.merged(flow, loaded(flow), List.of(agent("two", null, 7002))))
                .isInstanceOf(AdoptedRegistry.Result.Refused.class);
    }

    @Test
    void agentsThatDifferInSeparatorsOnlyGetKeysAndNamesThatDifferInMore() throws IOException {
        List<AdoptedAgent> alike = List.of(
                agent("hermes", "HERMES", 7001),
                agent("her-mes", "her-mes", 7002),
                agent("x", "#x: *&!", 7003),
                agent("x", "- [x", 7004),
                agent("node-1-12", null, 7005),
                agent("node-11-2", null, 7006));
        Registry written = loaded(AdoptedRegistry.whole("What listens", alike));
        assertThat(written.agents()).hasSize(6);
        assertThat(written.agents().stream().map(agent -> Keys.apart(agent.key())))
                .doesNotHaveDuplicates();
        assertThat(written.agents().stream().map(agent -> Keys.apart(agent.displayName())))
                .doesNotHaveDuplicates();
        assertThat(written.agents().stream().map(DeclaredAgent::key)).contains("node-1-12", "node-11-2");
    }

    @Test
    void linesEndAsThoseOfTheFileAndAnAnchorAndAMarkMayStandBeforeThem() throws IOException {
        String windows = "\uFEFFagents: &all\r\n  one: {connection: {url: 'http://one:7001'}}\r\n";
        assertThat(AdoptedRegistry.merged(windows, loaded(windows), List.of(agent("two", null, 7002))))
                .isInstanceOfSatisfying(
                        AdoptedRegistry.Result.Written.class,
                        written -> assertThat(written.yaml().replace("\r\n", ""))
                                .startsWith("\uFEFFagents: &all  one:")
                                .contains("  two:")
                                .doesNotContain("\n", "\r"));
        String open = "agents:\r\n  one: {connection: {url: 'http://one:7001'}}";
        assertThat(AdoptedRegistry.merged(open, loaded(open), List.of(agent("two", null, 7002))))
                .isInstanceOfSatisfying(
                        AdoptedRegistry.Result.Written.class,
                        written -> assertThat(written.yaml())
                                .contains("7001'}}\r\n  two:\r\n")
                                .doesNotEndWith("\n"));
    }

    @Test
    void whoHasBegunWithTheWordAgentsGetsThem() throws IOException {
        String begun = AdoptedRegistry.begun("version: 1\nagents: # to come\nchains: {}\n");
        assertThat(begun).isEqualTo("version: 1\nagents: {} # to come\nchains: {}\n");
        assertThat(AdoptedRegistry.begun("agents:\n  a: {}\n")).isEqualTo("agents:\n  a: {}\n");
        assertThat(AdoptedRegistry.begun("agents:\n- a\n")).isEqualTo("agents:\n- a\n");
    }
}
