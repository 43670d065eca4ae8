package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnifiedDiffTest {
    @TempDir
    Path directory;

    @Test
    void gitAppliesWhatItWritesForRandomEdits() throws IOException, InterruptedException {
        Random random = new Random(20_261_120);
        StringBuilder patch = new StringBuilder();
        List<List<String>> wanted = new ArrayList<>();
        for (int file = 0; file < 60; file++) {
            List<String> before = lines(random, 1 + random.nextInt(60), random.nextInt(4) == 0);
            List<String> after = edited(random, before);
            wanted.add(after);
            Files.writeString(directory.resolve("f" + file), String.join("\n", before));
            if (!before.equals(after)) {
                patch.append(UnifiedDiff.modified("f" + file, before, after));
            }
        }
        apply(patch.toString());
        for (int file = 0; file < wanted.size(); file++) {
            assertThat(Files.readString(directory.resolve("f" + file)))
                    .as("f" + file)
                    .isEqualTo(String.join("\n", wanted.get(file)));
        }
    }

    @Test
    void gitCreatesAndDeletesFiles() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("old"), "one\ntwo\n");
        Files.writeString(directory.resolve("bare"), "one\ntwo");
        apply(UnifiedDiff.created("new/file", List.of("a", "b", ""))
                + UnifiedDiff.deleted("old", List.of("one", "two", ""), "100644")
                + UnifiedDiff.deleted("bare", List.of("one", "two"), "100644"));
        assertThat(directory.resolve("old")).doesNotExist();
        assertThat(directory.resolve("bare")).doesNotExist();
        assertThat(directory.resolve("new/file")).hasContent("a\nb\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "tab\there", "say \"x\"", "back\\slash", "naïve ☃", "bell\u0007"})
    void gitTakesEveryNameOfAFile(String name) throws IOException, InterruptedException {
        Files.writeString(directory.resolve(name), "one\n");
        apply(UnifiedDiff.modified(name, List.of("one", ""), List.of("two", "")));
        assertThat(directory.resolve(name)).hasContent("two\n");
        apply(UnifiedDiff.deleted(name, List.of("two", ""), "100644")
                + UnifiedDiff.created(name + "2", List.of("new", "")));
        assertThat(directory.resolve(name)).doesNotExist();
        assertThat(directory.resolve(name + "2")).hasContent("new\n");
    }

    @Test
    void aLastLineWithoutNewlineIsMarkedOnEitherSide() {
        assertThat(UnifiedDiff.modified("f", List.of("a", ""), List.of("a", "b")))
                .endsWith("""
                    @@ -1,1 +1,2 @@
                     a
                    +b
                    \\ No newline at end of file
                    """);
        assertThat(UnifiedDiff.modified("f", List.of("a", "b"), List.of("c", "a", "b")))
                .endsWith("""
                    @@ -1,2 +1,3 @@
                    +c
                     a
                     b
                    \\ No newline at end of file
                    """);
        assertThat(UnifiedDiff.modified("f", List.of("a", "b"), List.of("a", "")))
                .endsWith("""
                    @@ -1,2 +1,1 @@
                     a
                    -b
                    \\ No newline at end of file
                    """);
    }

    /** Changes with this many lines between them. */
    @ParameterizedTest
    @CsvSource({"5, '@@ -1,7 +1,7 @@'", "6, '@@ -1,8 +1,8 @@'", "7, '@@ -1,4 +1,4 @@ @@ -6,4 +6,4 @@'"})
    void changesWhoseContextMeetsAreOneHunk(int between, String hunks) {
        List<String> before = new ArrayList<>(List.of("first"));
        for (int i = 0; i < between; i++) {
            before.add("line " + i);
        }
        before.add("last");
        before.add("");
        List<String> after = new ArrayList<>(before);
        after.set(0, "FIRST");
        after.set(between + 1, "LAST");
        assertThat(UnifiedDiff.modified("f", before, after)
                        .lines()
                        .filter(line -> line.startsWith("@@"))
                        .toList())
                .containsExactly(hunks.split(" (?=@@ -)"));
    }

    private static List<String> lines(Random random, int count, boolean bare) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add("line " + random.nextInt(10));
        }
        if (!bare) {
            lines.add("");
        }
        return lines;
    }

    private static List<String> edited(Random random, List<String> before) {
        List<String> after = new ArrayList<>(before);
        for (int edit = random.nextInt(5); edit > 0 && after.size() > 2; edit--) {
            int at = random.nextInt(after.size() - 1);
            switch (random.nextInt(3)) {
                case 0 -> after.set(at, "changed " + edit);
                case 1 -> after.remove(at);
                default -> after.add(at, "added " + edit);
            }
        }
        return after;
    }

    private void apply(String patch) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("the.patch"), patch, StandardCharsets.UTF_8);
        Process git = new ProcessBuilder("git", "apply", "--whitespace=nowarn", file.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as(output).isZero();
    }
}
