package dev.panoptes.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that is started by a jar is told by its jars, wherever the start-up cache says that its classes came from. */
final class BuildTest {
    @TempDir
    Path folder;

    @Test
    void theSameJarsAreTheSameBuildFromWhereverTheyAreStarted() throws IOException {
        String start = jars(folder);
        assertThat(Build.identity(start)).isNotNull().isEqualTo(Build.identity(start));
        assertThat(Build.identity(jars(Files.createDirectory(folder.resolve("moved")))))
                .isEqualTo(Build.identity(start));
    }

    @Test
    void anotherJarOfOursIsAnotherBuildAndOneOfOthersIsNot() throws IOException {
        String start = jars(folder);
        String before = Build.identity(start);
        write(folder.resolve("other-1.jar"), "changed");
        assertThat(Build.identity(start)).isEqualTo(before);
        write(folder.resolve("program-code-1.jar"), "Code");
        assertThat(Build.identity(start)).isNotNull().isNotEqualTo(before);
    }

    @Test
    void anotherDateIsAnotherBuild() throws IOException {
        String start = jars(folder);
        String before = Build.identity(start);
        Files.setLastModifiedTime(folder.resolve("program.jar"), FileTime.fromMillis(5));
        assertThat(Build.identity(start)).isNotNull().isNotEqualTo(before);
    }

    @Test
    void jarsThatAreNotThereAreNoBuild() {
        assertThat(Build.identity(folder.resolve("gone").resolve("program.jar").toString()))
                .isNull();
        assertThat(Build.identity(folder.resolve("program.jar").toString())).isNull();
    }

    @Test
    void classesInFoldersAreABuild() {
        assertThat(Build.identity("one:two")).isNotNull().isEqualTo(Build.identity("two:one"));
    }

    private static String jars(Path folder) throws IOException {
        write(folder.resolve("program-code-1.jar"), "code");
        write(folder.resolve("other-1.jar"), "other");
        return write(folder.resolve("program.jar"), "start");
    }

    private static String write(Path file, String content) throws IOException {
        Files.write(file, content.getBytes(StandardCharsets.UTF_8));
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        return file.toString();
    }
}
