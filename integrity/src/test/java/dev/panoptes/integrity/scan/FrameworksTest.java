package dev.panoptes.integrity.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.verdict.ScanReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What programs of frameworks listen on whose code is not followed, and what is left open: the cases of {@code frameworks.txt}, each a
 * project of its own in one tree. A framework of the table without a case fails.
 */
class FrameworksTest {
    private static final Pattern CASE = Pattern.compile("=== (\\S+) \\| (.*) \\| (\\S+)");
    private static final Pattern LISTENS = Pattern.compile("listens on (\\d+)");

    @TempDir
    private Path root;

    private record Case(String framework, String expected) {}

    @Test
    void listensOnWhatTheFrameworkSays() throws IOException, InterruptedException {
        Map<String, Case> cases = write();
        ScanReport report = scan();
        Map<String, String> said = new LinkedHashMap<>();
        Map<String, String> expected = new LinkedHashMap<>();
        cases.forEach((name, one) -> {
            expected.put(name, one.expected());
            said.put(name, verdict(report, name));
        });
        assertThat(said).containsExactlyEntriesOf(expected);
    }

    @Test
    void everyFrameworkHasACase() throws IOException {
        Set<String> named = new TreeSet<>();
        for (String line :
                text("/dev/panoptes/integrity/declared/frameworks.table").split("\n")) {
            if (line.startsWith("[")) {
                named.add(line.substring(1, line.length() - 1));
            }
        }
        Set<String> tried = new TreeSet<>();
        write().values().forEach(one -> tried.add(one.framework()));
        assertThat(tried).containsAll(named);
    }

    private static String verdict(ScanReport report, String name) {
        for (Issue issue : report.issues()) {
            boolean own = issue.affected().contains(name + "/compose.yaml#app");
            Matcher port = LISTENS.matcher(issue.description());
            if (own && issue.check().equals("loopback-behind-publish")) {
                return "loopback";
            }
            if (own && issue.check().equals("port-mismatch-compose-container") && port.find()) {
                return port.group(1);
            }
        }
        return report.unknowns().stream()
                        .anyMatch(each -> each.check().equals("port-mismatch-compose-container")
                                && each.subject().contains(name + "/compose.yaml#app"))
                ? "unknown"
                : "nothing";
    }

    private Map<String, Case> write() throws IOException {
        Map<String, Case> cases = new LinkedHashMap<>();
        Path file = null;
        String folder = "";
        List<String> lines = new ArrayList<>();
        Files.createDirectories(root.resolve(".git"));
        for (String line : text("/frameworks.txt").split("\n")) {
            Matcher begins = CASE.matcher(line);
            boolean next = line.startsWith(">>> ");
            if (begins.matches() || next) {
                put(file, lines);
                folder = next ? folder : begins.group(1);
                file = next ? root.resolve(folder).resolve(line.substring(4)) : null;
                if (!next) {
                    cases.put(folder, new Case(begins.group(2), begins.group(3)));
                }
            } else {
                lines.add(line);
            }
        }
        put(file, lines);
        return cases;
    }

    private static void put(@Nullable Path file, List<String> lines) throws IOException {
        if (file != null) {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, String.join("\n", lines) + "\n");
        }
        lines.clear();
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(FrameworksTest.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private ScanReport scan() throws InterruptedException {
        ScanRequest request = OfflineRequest.of(root, root.resolve("agent-registry.yaml"));
        Scan scan = new Scan(
                Checks.all(), InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z")), new SplittableRandom(1));
        if (scan.runWithoutRegistry(request) instanceof ScanOutcome.Completed(ScanReport report, var world)) {
            return report;
        }
        throw new AssertionError("the scan was refused");
    }
}
