package dev.panoptes.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchPlaceTest {
    @TempDir
    Path top;

    private String from(String directory, String root) throws IOException {
        Path here = Files.createDirectories(top.resolve(directory));
        return PatchPlace.of(Files.createDirectories(top.resolve(root)), here).command();
    }

    @Test
    void inARepositoryItIsAppliedWhereEveryChangedFileLiesBelow() throws IOException {
        Files.createDirectory(top.resolve(".git"));
        assertThat(from("", "")).isEqualTo("git apply");
        assertThat(from("", "fleets/one")).isEqualTo("git apply");
        assertThat(from("fleets", "fleets/one")).isEqualTo("git apply");
        assertThat(from("fleets/one", "fleets/one")).isEqualTo("git apply");
        assertThat(from("fleets/one", "")).isEqualTo("git -C ../.. apply");
        assertThat(from("tools/x", "fleets/one")).isEqualTo("git -C ../.. apply");
    }

    @Test
    void elsewhereItIsAppliedInTheRootOfTheScan() throws IOException {
        assertThat(from("my fleet", "my fleet")).isEqualTo("git apply");
        assertThat(from("", "my fleet")).isEqualTo("git -C 'my fleet' apply");
        assertThat(from("tools", "fleet")).isEqualTo("git -C ../fleet apply");
    }
}
