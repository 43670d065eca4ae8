package dev.panoptes.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Precision and recall of the code reader on the labelled corpus. The published figures come from here. */
final class CorpusTest {
    @TempDir
    private Path temporary;

    static List<CorpusCase> cases(String language) throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(CorpusTest.class.getResource("/code-corpus/" + language))
                .toURI());
        List<CorpusCase> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                cases.addAll(CorpusCase.parse(file));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @CsvSource({"python, 60", "javascript, 25", "go, 20", "java, 20", "shell, 15"})
    void readsTheCorpusAsItsAuthorsLabelledIt(String language, int atLeast)
            throws IOException, InterruptedException, URISyntaxException {
        List<CorpusCase> cases = cases(language);
        assertThat(cases).hasSizeGreaterThanOrEqualTo(atLeast);
        int right = 0;
        int wrong = 0;
        int missed = 0;
        StringBuilder differences = new StringBuilder();
        for (CorpusCase one : cases) {
            Set<String> found = one.found(temporary.resolve(one.name()), FactCache.none());
            Set<String> extra = new TreeSet<>(found);
            extra.removeAll(one.expected());
            Set<String> lacking = new TreeSet<>(one.expected());
            lacking.removeAll(found);
            right += found.size() - extra.size();
            wrong += extra.size();
            missed += lacking.size();
            if (!extra.isEmpty() || !lacking.isEmpty()) {
                differences
                        .append('\n')
                        .append(one.name())
                        .append(": too much ")
                        .append(extra)
                        .append(", missing ")
                        .append(lacking);
            }
        }
        double precision = right / (double) (right + wrong);
        double recall = right / (double) (right + missed);
        String figures = String.format(
                Locale.ROOT,
                "%s: %d cases, %d facts, precision %.3f, recall %.3f%s",
                language,
                cases.size(),
                right + missed,
                precision,
                recall,
                differences);
        // Every fact of the corpus is pinned: one that is lost, and one that is invented, fails the build.
        assertThat(differences.toString()).as(figures).isEmpty();
    }
}
