package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.code.Code;
import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.CodeSource;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclarationsReaderTest {
    private static final Registry EMPTY = new WorldBuilder().build().registry();
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @BeforeEach
    void create() throws IOException {
        file("agents/hermes/hermes.py", "");
        file("agents/hermes/Dockerfile", "FROM python:3\nCMD [\"python\", \"hermes.py\"]\n");
        file(
                "units/hermes.service",
                "[Service]\nWorkingDirectory=/opt/fleet/agents/hermes\nExecStart=/usr/bin/python3 hermes.py\n");
    }

    private void file(String path, String text) throws IOException {
        Files.createDirectories(directory.resolve(path).getParent());
        Files.writeString(directory.resolve(path), text);
    }

    /** Code of which nothing is known but what was asked for. */
    private record Asked(String agentsPath, List<String> children) implements Code {
        @Override
        public List<CodeDirectory> directories() {
            return List.of();
        }

        @Override
        public String childrenIncomplete() {
            return null;
        }

        @Override
        public ProgramLookup program(String rootPath) {
            return new ProgramLookup.Absent();
        }
    }

    private static Code asked(ScannedTree tree, String agentsPath, List<String> others) {
        return new Asked(agentsPath, others);
    }

    private Declarations read(CodeSource code, String deployedAt, Registry registry, Duration deadline)
            throws InterruptedException {
        DeclarationsReader.Result result = new DeclarationsReader(code)
                .read(new DeclarationsReader.Request(directory, "agents", deployedAt, registry, deadline));
        assertThat(result).isInstanceOf(DeclarationsReader.Result.Read.class);
        return ((DeclarationsReader.Result.Read) result).declarations();
    }

    @Test
    void reads_every_kind_of_declaration() throws InterruptedException {
        Declarations declarations = read(DeclarationsReaderTest::asked, null, EMPTY, DEADLINE);

        assertThat(declarations.root()).isEqualTo(directory);
        assertThat(declarations.agentsPath()).isEqualTo("agents");
        assertThat(declarations.units()).extracting(UnitFile::rootPath).containsExactly("units/hermes.service");
        assertThat(declarations.dockerfiles())
                .extracting(Dockerfile::rootPath)
                .containsExactly("agents/hermes/Dockerfile");
        assertThat(declarations.code()).isEqualTo(new Asked("agents", List.of()));
        assertThat(declarations.paths().locate("/opt/fleet/agents/hermes"))
                .isEqualTo(new DeployedPath.Below("agents/hermes", true, true));
        assertThat(declarations.problems()).isEmpty();
        assertThat(declarations.unsearched()).isEmpty();
    }

    @Test
    void a_given_prefix_overrules_what_the_units_tell() throws InterruptedException {
        Declarations declarations = read(DeclarationsReaderTest::asked, "/srv/other/", EMPTY, DEADLINE);

        assertThat(declarations.paths().locate("/srv/other/agents"))
                .isEqualTo(new DeployedPath.Below("agents", true, true));
        assertThat(declarations.paths().locate("/opt/fleet/agents")).isEqualTo(new DeployedPath.Outside());
    }

    @Test
    void asks_for_the_directories_that_the_registry_names() throws InterruptedException {
        Registry registry = new WorldBuilder()
                .agent(Worlds.agent("a").path("tools/a"))
                .agent(Worlds.agent("b").path("/opt/fleet/tools/b"))
                .agent(Worlds.agent("c").path("/elsewhere/c"))
                .agent(Worlds.agent("d"))
                .build()
                .registry();

        Declarations declarations = read(DeclarationsReaderTest::asked, null, registry, DEADLINE);

        assertThat(declarations.code().children()).containsExactly("tools/a", "agents/tools/a", "tools/b");
    }

    @Test
    void code_that_cannot_be_read_does_not_keep_the_rest_from_being_read() throws InterruptedException {
        CodeSource broken = (tree, agentsPath, others) -> {
            throw new IllegalStateException("broken");
        };

        Declarations declarations = read(broken, null, EMPTY, DEADLINE);

        assertThat(declarations.units()).hasSize(1);
        assertThat(declarations.code().childrenIncomplete()).contains("broken");
        assertThat(declarations.code().program("agents/hermes/hermes.py"))
                .isInstanceOf(Code.ProgramLookup.Unreadable.class);
    }

    @Test
    void what_takes_longer_than_the_deadline_is_left_out_and_said() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CodeSource slow = (tree, agentsPath, others) -> {
            never.await();
            throw new IllegalStateException("it was not interrupted");
        };

        Declarations declarations = read(slow, null, EMPTY, Duration.ofSeconds(2));

        assertThat(declarations.units()).hasSize(1);
        assertThat(declarations.code().childrenIncomplete()).contains("deadline");
    }

    @Test
    void says_where_a_unit_may_have_gone_unseen() throws IOException, InterruptedException {
        Files.createSymbolicLink(directory.resolve("loop.service"), Path.of("loop.service"));
        assertThat(read(DeclarationsReaderTest::asked, null, EMPTY, DEADLINE).problems())
                .extracting(Problem::code)
                .containsExactly("link-not-followed");
        assertThat(read(DeclarationsReaderTest::asked, null, EMPTY, DEADLINE).unsearched())
                .isEmpty();

        Path deep = directory;
        for (int i = 0; i < 70; i++) {
            deep = deep.resolve("d");
        }
        Files.createDirectories(deep);
        assertThat(read(DeclarationsReaderTest::asked, null, EMPTY, DEADLINE).unsearched())
                .hasValueSatisfying(why -> assertThat(why).contains("too deep"));
    }

    @Test
    void a_root_that_is_no_directory_is_said() throws InterruptedException {
        assertThat(new DeclarationsReader(DeclarationsReaderTest::asked)
                        .read(new DeclarationsReader.Request(directory.resolve("none"), null, null, EMPTY, DEADLINE)))
                .isInstanceOf(DeclarationsReader.Result.NoRoot.class);
    }

    @Test
    void ends_when_interrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> read(DeclarationsReaderTest::asked, null, EMPTY, DEADLINE))
                .isInstanceOf(InterruptedException.class);
    }
}
