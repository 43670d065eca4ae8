package dev.panoptes.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.panoptes.code.library.Row;
import dev.panoptes.code.library.Table;
import dev.panoptes.code.run.Module;
import dev.panoptes.code.run.ProgramRun;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of every table has a case in the corpus that uses it; one without is knowledge that nobody has tried. */
final class LibraryTablesTest {
    private static final Set<String> ALIKE =
            Set.of("routes", "functions", "environment", "command line", "viper", "started programs");

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource(
            value = Language.class,
            names = {"PYTHON", "JAVASCRIPT", "GO", "JAVA"})
    void everyRowHasACase(Language language) throws IOException, InterruptedException, URISyntaxException {
        Set<String> used = new HashSet<>();
        for (CorpusCase one : CorpusTest.cases(language.name().toLowerCase(Locale.ROOT))) {
            used.addAll(rows(one, temporary.resolve(one.name())));
        }

        Set<Integer> tried = new HashSet<>();
        Table.of(language).rows().stream()
                .filter(row -> used.contains(row.path()))
                .forEach(row -> tried.add(row.line()));
        Set<String> untried = new TreeSet<>();
        for (Row row : Table.of(language).rows()) {
            // Verbs and conversions of one line differ in their name only; of what binds every name is a row.
            boolean alike = ALIKE.contains(row.library());
            if (!used.contains(row.path()) && !(alike && tried.contains(row.line()))) {
                untried.add(row.path());
            }
        }

        assertThat(untried).as("rows without a case").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PYTHON, Python", "JAVASCRIPT, 'JavaScript, TypeScript'", "GO, Go", "JAVA, Java"})
    void thePageNamesEveryLibrary(Language language, String name) throws IOException {
        List<String> libraries = Table.of(language).libraries().stream()
                .filter(library -> !ALIKE.contains(library) || library.equals("viper"))
                .toList();

        assertThat(Files.readString(Path.of("../docs/code-reading.md")))
                .contains("\n| " + name + " | " + String.join(", ", libraries) + " |\n");
    }

    private static Set<String> rows(CorpusCase one, Path folder) throws IOException, InterruptedException {
        Set<String> rows = new HashSet<>();
        one.found(folder, FactCache.none());
        SourceTree tree =
                new SourceTree(ScannedTree.at(folder), FactCache.none().open(folder));
        try (Parsers parsers = new Parsers()) {
            for (String file : one.files().keySet()) {
                if (tree.file("agent/" + file) instanceof SourceTree.Found.Source source
                        && source.file().scan.starts()) {
                    Module module = source.file().module(parsers);
                    if (module != null) {
                        rows.addAll(ProgramRun.of(
                                        module,
                                        new TreeModules(tree, parsers),
                                        CodeReader.HEALTH_ENDPOINTS,
                                        Start.PLAIN)
                                .rows());
                    }
                }
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"[x]\na.b port=zero\n", "[x]\na.b exit\na.b exit\n", "[x]\na.b port={first}>.port\n"})
    void aTableThatIsNoneIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Table.parse(text));
    }
}
