package dev.panoptes.detection.fusion;

import dev.panoptes.detection.sigma.Level;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rules whose act says little alone, for administrators do it too, but something beside a finding that stands by itself: a
 * history cleared, a job written by a shell, a file of credentials copied. Their names are the lines of {@code signs.txt}.
 */
final class Signs {
    private static final Set<String> NAMES = read();

    private Signs() {}

    /** Those of the hits at low that are of such rules. */
    static List<Hit> among(List<Hit> hits) {
        return hits.stream()
                .filter(hit -> hit.level() == Level.LOW && NAMES.contains(hit.name()))
                .toList();
    }

    /** The names of the rules, as {@code rules/} has them. */
    static Set<String> names() {
        return NAMES;
    }

    private static Set<String> read() {
        try (InputStream in = Signs.class.getResourceAsStream("signs.txt")) {
            return new String(Objects.requireNonNull(in, "signs.txt").readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
