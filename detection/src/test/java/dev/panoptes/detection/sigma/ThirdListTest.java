package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.Detector;
import dev.panoptes.detection.EventLines;
import dev.panoptes.detection.fusion.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Ordinary process starts, and procedures with what they cause, written by somebody who had read neither rules nor analytics.
 * docs/detection-quality.md tells the first figures.
 */
class ThirdListTest {
    /** Procedures that are named with their technique at medium or above, 135 of 239 as first measured. */
    private static final int SEVERE = 131;

    private final RuleSet rules = RuleSet.of(OwnRules.read());

    private record Procedure(String id, List<String> techniques, String seen, List<Event> events) {
        boolean namedBy(Finding finding) {
            return finding.techniques().stream()
                    .anyMatch(told -> techniques.stream().anyMatch(wanted -> ListedProcesses.same(told, wanted)));
        }
    }

    @Test
    void noOtherProcessStartIsAccusedThanAtTheFirstRun() throws IOException {
        List<String> accused = ListedProcesses.accused(rules, ListedProcesses.ordinary("third_ordinary.txt"));
        assertThat(accused).isSubsetOf(known("accused"));
    }

    @Test
    void noOtherProcedureIsMissedThanAtTheFirstRun() throws IOException {
        List<String> unnamed = new ArrayList<>();
        int severe = 0;
        List<Procedure> procedures = procedures();
        for (Procedure procedure : procedures) {
            Detector detector = new Detector(rules);
            procedure.events().forEach(event -> detector.accept(event, Objects.requireNonNull(event.id())));
            List<Finding> naming = detector.conclude().findings().stream()
                    .filter(procedure::namedBy)
                    .toList();
            if (naming.isEmpty()) {
                unnamed.add(procedure.id());
            }
            severe += naming.stream().anyMatch(told -> told.severity().compareTo(Level.MEDIUM) >= 0) ? 1 : 0;
        }
        assertThat(unnamed).as("of %d", procedures.size()).isSubsetOf(known("unnamed"));
        assertThat(severe).as("named at medium or above").isGreaterThanOrEqualTo(SEVERE);
    }

    private static List<String> known(String kind) throws IOException {
        return Files.readAllLines(ListedProcesses.LISTS.resolve("third_known.txt")).stream()
                .filter(line -> line.startsWith(kind + "\t"))
                .map(line -> line.substring(kind.length() + 1))
                .toList();
    }

    private static List<Procedure> procedures() throws IOException {
        List<Procedure> procedures = new ArrayList<>();
        EventLines lines = new EventLines();
        for (String line : Files.readAllLines(ListedProcesses.LISTS.resolve("third_procedures.txt"))) {
            String rest = line.substring(Math.min(2, line.length()));
            if (line.startsWith("P ")) {
                String[] fields = rest.split(" \\| ");
                procedures.add(new Procedure(fields[0], List.of(fields[1].split(" ")), fields[2], new ArrayList<>()));
            } else if (!line.startsWith("#")) {
                List<Event> events = procedures.getLast().events();
                String id = procedures.getLast().id() + "/" + events.size();
                if (line.startsWith("$ ")) {
                    String[] fields = rest.split("\t", 4);
                    String parent = fields[0].substring(fields[0].lastIndexOf('/') + 1);
                    events.add(ListedProcesses.started(
                            id,
                            ListedProcesses.START.plusSeconds(2L * events.size()),
                            fields[0],
                            parent,
                            fields[1],
                            fields[2],
                            fields[3]));
                } else {
                    events.add(Objects.requireNonNull(lines.read(rest), rest).toBuilder()
                            .put("event.id", id)
                            .put("event.kind", "event")
                            .put("host.id", "h-app01")
                            .put("host.name", "app01")
                            .build());
                }
            }
        }
        return procedures;
    }
}
