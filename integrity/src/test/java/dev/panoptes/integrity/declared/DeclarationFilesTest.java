package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.code.ScannedTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclarationFilesTest {
    @TempDir
    private Path directory;

    private Path file(String path) throws IOException {
        Path file = directory.resolve("root").resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "x");
    }

    private DeclarationFiles walk() throws IOException, InterruptedException {
        return DeclarationFiles.in(ScannedTree.at(directory.resolve("root")));
    }

    private static List<String> paths(List<DeclarationFiles.Found> found) {
        return found.stream().map(DeclarationFiles.Found::rootPath).toList();
    }

    @Test
    void finds_every_kind_sorted() throws IOException, InterruptedException {
        for (String path : List.of(
                "units/b.service",
                "units/a@.service",
                "units/a@.service.d/override.conf",
                "units/other.conf",
                "units/a.service.bak",
                "docker-compose.yml",
                "x/compose.prod.yaml",
                "x/my-Compose.YML",
                "x/values.yml",
                "Dockerfile",
                "x/Dockerfile.gpu",
                "x/api.dockerfile",
                "x/Dockerfile.md",
                "x/dockerfile_parser.py")) {
            file(path);
        }

        DeclarationFiles files = walk();

        assertThat(paths(files.units())).containsExactly("units/a@.service", "units/b.service");
        assertThat(paths(files.dropIns())).containsExactly("units/a@.service.d/override.conf");
        assertThat(paths(files.composeFiles()))
                .containsExactly("docker-compose.yml", "x/compose.prod.yaml", "x/my-Compose.YML");
        assertThat(paths(files.dockerfiles())).containsExactly("Dockerfile", "x/Dockerfile.gpu", "x/api.dockerfile");
        assertThat(files.complete()).isTrue();
        assertThat(files.problems()).isEmpty();
    }

    @Test
    void reads_hidden_folders_that_deploy_and_tells_what_was_put_away() throws IOException, InterruptedException {
        for (String path : List.of(
                ".deploy/a.service",
                ".docker/Dockerfile",
                ".github/compose.yml",
                ".pip_cache/b.service",
                ".old/units/c.service",
                ".backup/notes.txt")) {
            file(path);
        }

        DeclarationFiles files = walk();

        assertThat(paths(files.units())).containsExactly(".deploy/a.service");
        assertThat(paths(files.dockerfiles())).containsExactly(".docker/Dockerfile");
        assertThat(files.composeFiles()).isEmpty();
        assertThat(files.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo(".old/units/c.service");
            assertThat(problem.message()).contains("was not read");
        });
    }

    @Test
    void skips_hidden_vendored_and_virtualenv_directories() throws IOException, InterruptedException {
        for (String path : List.of(
                ".git/a.service",
                "web/node_modules/p/docker-compose.yml",
                "venv/a.service",
                "vendor/x/Dockerfile",
                "python-env/pyvenv.cfg",
                "python-env/lib/a.service",
                "kept/a.service")) {
            file(path);
        }

        assertThat(paths(walk().units())).containsExactly("kept/a.service");
        assertThat(walk().composeFiles()).isEmpty();
        assertThat(walk().dockerfiles()).isEmpty();
    }

    @Test
    void follows_links_to_files_but_never_out_of_the_root_nor_into_directories()
            throws IOException, InterruptedException {
        file("units/real.service");
        Path outside = Files.writeString(directory.resolve("secret.service"), "x");
        Path units = directory.resolve("root/units");
        Files.createSymbolicLink(units.resolve("alias.service"), Path.of("real.service"));
        Files.createSymbolicLink(units.resolve("out.service"), outside);
        Files.createSymbolicLink(units.resolve("gone.service"), Path.of("nothing.service"));
        Files.createSymbolicLink(units.resolve("loop.service"), Path.of("loop.service"));
        Files.createSymbolicLink(units.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(units.resolve("elsewhere"), directory);

        DeclarationFiles files = walk();

        assertThat(files.units())
                .containsExactly(
                        new DeclarationFiles.Found("units/alias.service", "units/real.service"),
                        new DeclarationFiles.Found("units/real.service", "units/real.service"));
        assertThat(files.problems())
                .extracting(problem -> problem.file() + " " + problem.code())
                .containsExactlyInAnyOrder(
                        "units/out.service link-not-followed",
                        "units/gone.service dangling-link",
                        "units/loop.service link-not-followed");
        assertThat(files.complete()).isFalse();
    }

    @Test
    void does_not_open_a_fifo() throws IOException, InterruptedException {
        file("a.service");
        Path fifo = directory.resolve("root/b.service");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();

        DeclarationFiles files = walk();

        assertThat(paths(files.units())).containsExactly("a.service");
        assertThat(files.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.file()).isEqualTo("b.service"));
        assertThat(ScannedTree.at(directory.resolve("root")).read("b.service", 100))
                .isInstanceOf(ScannedTree.Content.Unreadable.class);
    }

    @Test
    void stops_at_its_bound_and_says_so() throws IOException, InterruptedException {
        for (int i = 0; i < 50; i++) {
            file("d" + i % 5 + "/" + i + ".service");
        }

        DeclarationFiles files = DeclarationFiles.in(ScannedTree.at(directory.resolve("root")), 20);

        assertThat(files.complete()).isFalse();
        assertThat(files.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("too-many-files"));
        assertThat(files.units()).hasSizeLessThan(20);
    }

    @Test
    void ends_when_interrupted() throws IOException, InterruptedException {
        file("a.service");
        Thread.currentThread().interrupt();

        assertThatThrownBy(this::walk).isInstanceOf(InterruptedException.class);
    }
}
