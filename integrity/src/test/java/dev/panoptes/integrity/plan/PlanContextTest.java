package dev.panoptes.integrity.plan;

import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a fix may edit: exactly the place that was read, or nothing. */
class PlanContextTest {
    @TempDir
    private Path root;

    private static PlanContext context(Workspace workspace, Issue... issues) {
        return new PlanContext(
                new WorldBuilder()
                        .agent("hermes", "HERMES", 8014)
                        .directory(directory("one").program(program("main.py")))
                        .directory(directory("two").program(program("main.py")))
                        .directory(directory("three").program(program("main.py")))
                        .build(),
                workspace,
                List.of(issues),
                "");
    }

    private Workspace files(String... texts) throws IOException {
        for (int i = 0; i < texts.length; i++) {
            Files.writeString(root.resolve("f" + i), texts[i]);
        }
        return new Workspace(root);
    }

    private static String text(Workspace workspace, String file) {
        return String.join("/", workspace.lines(file).orElseThrow());
    }

    /** A line, the column where its reader found http://a:1, and what becomes of it; as it was where it cannot be told. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "http://a:1                 | 1 | NEW",
                "url: http://a:1 # http://a:1 | 6 | url: NEW # http://a:1",
                "url: 'http://a:1' # http://a:1 | 6 | url: 'NEW' # http://a:1",
                "url: \"http://a:1\" # http://a:1 | 6 | url: \"NEW\" # http://a:1",
                "'http://a:1'               | 1 | 'NEW'",
                "moved: http://a:1          | 1 | moved: NEW",
                "moved: http://a:1          | 99 | moved: NEW",
                "http://a:1 moved           | 9 | NEW moved",
                "http://a:1 http://a:1      | 2 | http://a:1 http://a:1",
                "http://a:1 http://a:1      | 99 | http://a:1 http://a:1",
                "url: http://b:1            | 6 | url: http://b:1",
                "url: >-                    | 6 | url: >-",
            })
    void aScalarIsReplacedWhereItsReaderFoundIt(String line, int column, String wanted) throws IOException {
        Workspace workspace = files("first\n" + line + "\nlast http://a:1\n");
        boolean done = context(workspace).replaceScalar("f0", new Location(2, column), "http://a:1", "NEW");

        assertThat(text(workspace, "f0")).isEqualTo("first/" + wanted + "/last http://a:1/");
        assertThat(done).isEqualTo(wanted.contains("NEW"));
    }

    @Test
    void aScalarOfALineThatIsGoneIsNotReplaced() throws IOException {
        Workspace workspace = files("a\nb");
        PlanContext context = context(workspace);

        assertThat(context.replaceScalar("f0", new Location(3, 1), "b", "NEW")).isFalse();
        assertThat(context.replaceScalar("none", new Location(1, 1), "b", "NEW"))
                .isFalse();
        assertThat(context.replaceScalar("f0", new Location(2, 1), "", "NEW")).isFalse();
        workspace.removeLines("f0", 0, 1);
        assertThat(context.replaceScalar("f0", new Location(1, 1), "a", "NEW")).isFalse();
        assertThat(context.replaceScalar("f0", new Location(2, 1), "b", "NEW")).isTrue();
        assertThat(text(workspace, "f0")).isEqualTo("NEW");
    }

    @Test
    void aWordIsReplacedOnlyWhereItStandsInOneLineOfAllFiles() throws IOException {
        Workspace once = files("PORT = 8014\n# 8014\n// 8014\n * 8014\n18014 8014.5 8014x\n", "x = 80140\n");
        assertThat(context(once).replaceOnly(List.of("f0", "f1", "none"), "8014", "8015"))
                .isTrue();
        assertThat(text(once, "f0")).isEqualTo("PORT = 8015/# 8014/// 8014/ * 8014/18014 8014.5 8014x/");

        for (List<String> texts : List.of(
                List.of("a = 8014\n", "b = 8014\n"),
                List.of("a = 8014\nb = 8014\n", ""),
                List.of("a = 8014 + 8014\n", ""),
                List.of("# 8014\n", ""))) {
            Workspace other = files(texts.get(0), texts.get(1));
            assertThat(context(other).replaceOnly(List.of("f0", "f1"), "8014", "8015"))
                    .as(texts.toString())
                    .isFalse();
            assertThat(other.diff()).isEmpty();
        }
    }

    /** A line of the file, what to replace in it, and what becomes of it. */
    @ParameterizedTest
    @CsvSource({
        "WorkingDirectory=/opt/a, /opt/a, WorkingDirectory=NEW",
        "WorkingDirectory=/srv/opt/a, /opt/a, WorkingDirectory=/srvNEW",
        "WorkingDirectory=/opt/ab, /opt/a, WorkingDirectory=/opt/ab",
        "/opt/a /opt/a, /opt/a, /opt/a /opt/a",
        "port 18014, 8014, port 18014",
        "port 1.8014, 8014, port 1.8014",
        "port 8014, 8014, port NEW",
        "nothing, 8014, nothing",
    })
    void aPathOrANumberIsReplacedWhereItStandsOnceInALine(String line, String word, String wanted) throws IOException {
        Workspace workspace = files("8014 /opt/a\n" + line);
        boolean done = context(workspace).replaceInLine("f0", 2, word, "NEW");

        assertThat(text(workspace, "f0")).isEqualTo("8014 /opt/a/" + wanted);
        assertThat(done).isEqualTo(wanted.contains("NEW"));
        assertThat(context(workspace).replaceInLine("f0", 3, word, "NEW")).isFalse();
        assertThat(context(workspace).replaceInLine("f0", 0, word, "NEW")).isFalse();
    }

    @Test
    void aPatternReplacesNothingBeyondTheFile() throws IOException {
        Workspace workspace = files("8014\n8014");
        PlanContext context = context(workspace);
        Pattern port = Pattern.compile("8014");

        assertThat(context.replaceMatches("f0", -1, port, "$1")).isFalse();
        assertThat(context.replaceMatches("f0", 2, port, "$1")).isFalse();
        assertThat(context.replaceMatches("f0", 0, port, "$1")).isTrue();
        assertThat(context.replaceMatches("f0", 0, port, "$1"))
                .as("no more of it")
                .isFalse();
        assertThat(text(workspace, "f0")).isEqualTo("$1/8014");
    }

    @Test
    void withoutARootNothingIsEdited() {
        PlanContext context = context(null);

        assertThat(context.replaceOnly(List.of("f0"), "a", "b")).isFalse();
        assertThat(context.replaceScalar("f0", new Location(1, 1), "a", "b")).isFalse();
        assertThat(context.replaceInLine("f0", 1, "a", "b")).isFalse();
        assertThat(context.replaceMatches("f0", 0, Pattern.compile("a"), "b")).isFalse();
        assertThat(context.registryFile()).isEmpty();
    }

    @Test
    void aFreePortIsTheNextAboveElseTheNextBelowAndNoneOfTheReserved() {
        PlanContext context = context(null);
        assertThat(context.nextFreePort(8013)).as("8014 is declared").isEqualTo(8015);
        assertThat(context.nextFreePort(8013)).as("8015 was just taken").isEqualTo(8016);
        assertThat(context.nextFreePort(65_534)).isEqualTo(65_535);
        assertThat(context.nextFreePort(65_534)).isEqualTo(65_533);
        context.take(IntStream.rangeClosed(1025, 65_535).boxed().collect(Collectors.toSet()));
        assertThat(context.nextFreePort(65_535)).isEqualTo(1024);
        assertThatThrownBy(() -> context.nextFreePort(65_535))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("every port is taken");
    }

    @Test
    void twoOfTheDirectoriesAreOneAgentWhileBothAreThere() throws IOException {
        Issue copies = copies("one", "two");
        assertThat(context(null, copies).duplicateAmong(List.of("two", "three", "one")))
                .contains(copies);
        assertThat(context(null, copies).duplicateAmong(List.of("one", "three")))
                .isEmpty();
        assertThat(context(null, copies("one", "gone")).duplicateAmong(List.of("one", "gone")))
                .isEmpty();

        Files.createDirectories(root.resolve(Worlds.AGENTS + "/one"));
        Files.writeString(root.resolve(Worlds.AGENTS + "/one/main.py"), "1");
        assertThat(context(new Workspace(root), copies).duplicateAmong(List.of("one", "two")))
                .as("the files of two are gone")
                .isEmpty();
    }

    private static Issue copies(String... directories) {
        return new Issue(
                "duplicate-dir-x",
                "duplicate-dir",
                "x",
                Severity.LOW,
                "t",
                "d",
                List.of(directories),
                "r",
                List.of(),
                "f",
                "local",
                null,
                WorldBuilder.NOW,
                null,
                IssueState.NEW,
                null);
    }
}
