package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Measures the shipped rules on labelled command lines; docs/detection-quality.md tells the first figures. */
class CommandLinesTest {
    private static final Path BASE = Path.of(Objects.requireNonNull(System.getProperty("basedir", ".")));
    private static final Path LISTS = BASE.resolve("src/test/resources/evaluation");

    private final RuleSet rules;

    CommandLinesTest() throws IOException {
        rules = RuleSet.of(RuleFiles.read(BASE.resolve("../rules").normalize()));
    }

    @Test
    void threeQuartersOfAttacksAreNamed() throws IOException {
        List<String> unnamed = new ArrayList<>();
        List<String> attacks = lines("attacks.txt");
        for (String line : attacks) {
            String[] parts = line.split(" ", 3);
            List<RuleInfo> hits = hits(parts[1], parts[2]);
            if (hits.stream()
                    .noneMatch(hit -> hit.techniques().stream().anyMatch(technique -> same(technique, parts[0])))) {
                unnamed.add(line + "  <- "
                        + hits.stream()
                                .map(hit -> hit.name() + hit.techniques())
                                .toList());
            }
        }
        assertThat(unnamed.size())
                .as("%d attacks, not named:%n%s", attacks.size(), String.join("\n", unnamed))
                .isLessThanOrEqualTo(attacks.size() / 4);
    }

    @Test
    void nothingOrdinaryIsAccused() throws IOException {
        List<String> accused = accused("ordinary.txt");
        assertThat(accused).as(String.join("\n", accused)).isEmpty();
    }

    @Test
    void whatAttackersDoTooIsAccusedNoMoreThanBefore() throws IOException {
        List<String> accused = accused("borderline.txt");
        assertThat(accused).as(String.join("\n", accused)).hasSizeLessThanOrEqualTo(24);
    }

    private List<String> accused(String file) throws IOException {
        List<String> accused = new ArrayList<>();
        for (String line : lines(file)) {
            String[] parts = line.split(" ", 2);
            List<String> by = hits(parts[0], parts[1]).stream()
                    .filter(hit -> hit.level() != null && hit.level().compareTo(Level.MEDIUM) >= 0)
                    .map(RuleInfo::name)
                    .toList();
            if (!by.isEmpty()) {
                accused.add(line + "  <- " + by);
            }
        }
        return accused;
    }

    /** The same technique, either number of a renumbered one; a technique and its own sub-technique count as the same. */
    private static boolean same(String told, String wanted) {
        String one = Techniques.current(List.of(told)).getLast();
        String other = Techniques.current(List.of(wanted)).getLast();
        return one.equals(other) || one.startsWith(other + ".") || other.startsWith(one + ".");
    }

    private List<RuleInfo> hits(String parent, String command) {
        List<String> args = RuleCases.words(command);
        String called = args.getFirst();
        String name = called.substring(called.lastIndexOf('/') + 1);
        Event event = Event.builder()
                .put("@timestamp", Instant.parse("2026-01-01T00:00:00Z"))
                .put("event.dataset", "panoptes.proc")
                .put("event.action", "process_started")
                .put("process.name", name.substring(0, Math.min(15, name.length())))
                .put("process.executable", called.startsWith("/") ? called : "/usr/bin/" + name)
                .put("process.args", args)
                .put("process.command_line", String.join(" ", args))
                .put("process.parent.name", parent)
                .put("process.parent.executable", "/usr/bin/" + parent)
                .build();
        List<RuleInfo> hits = new ArrayList<>();
        rules.match(event, number -> {
            RuleInfo info = rules.rules().get(number);
            if (!info.silent()) {
                hits.add(info);
            }
        });
        return hits;
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(LISTS.resolve(file)).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }
}
