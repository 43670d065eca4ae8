package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.Detector;
import dev.panoptes.detection.EventLines;
import dev.panoptes.detection.fusion.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Ordinary process starts, and procedures with what they cause, written by somebody who had read neither rules nor analytics.
 * docs/detection-quality.md tells the first figures.
 */
class ThirdListTest {
    /** Procedures that are named with their technique at medium or above, 135 of 239 as first measured. */
    private static final int SEVERE = 131;

    private static final Path BASE = Path.of(Objects.requireNonNull(System.getProperty("basedir", ".")));
    private static final Path LISTS = BASE.resolve("src/test/resources/evaluation");
    private static final Instant START = Instant.parse("2026-11-02T10:00:00Z");
    private static final Pattern SCRIPT = Pattern.compile(
            "((?:\\S*/)?(?:sh|bash|python3|perl|ruby|node|php|lua)(?: -\\w+)*? -(?:c|e|r)) (.*)", Pattern.DOTALL);

    private final RuleSet rules = RuleSet.of(OwnRules.read());

    private record Procedure(String id, List<String> techniques, String seen, List<Event> events) {
        boolean namedBy(Finding finding) {
            return finding.techniques().stream()
                    .anyMatch(told -> techniques.stream().anyMatch(wanted -> same(told, wanted)));
        }
    }

    /** A technique and its own sub-technique count as the same. */
    private static boolean same(String told, String wanted) {
        String one = Techniques.current(List.of(told)).getLast();
        String other = Techniques.current(List.of(wanted)).getLast();
        return one.equals(other) || one.startsWith(other + ".") || other.startsWith(one + ".");
    }

    @Test
    void noOtherProcessStartIsAccusedThanAtTheFirstRun() throws IOException {
        List<String> accused = new ArrayList<>();
        for (Event event : ordinary()) {
            rules.match(event, number -> {
                RuleInfo rule = rules.rules().get(number);
                if (!rule.silent() && rule.level() != null && rule.level().compareTo(Level.MEDIUM) >= 0) {
                    accused.add(rule.name() + "\t" + event.text("process.command_line"));
                }
            });
        }
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
        return Files.readAllLines(LISTS.resolve("third_known.txt")).stream()
                .filter(line -> line.startsWith(kind + "\t"))
                .map(line -> line.substring(kind.length() + 1))
                .toList();
    }

    private static List<Event> ordinary() throws IOException {
        List<Event> events = new ArrayList<>();
        String[] head = {};
        for (String line : Files.readAllLines(LISTS.resolve("third_ordinary.txt"))) {
            if (line.startsWith("@ ")) {
                head = line.substring(2).split(" \\| ");
            } else if (!line.startsWith("#")) {
                String[] fields = line.split("\t", 2);
                events.add(started(
                        "o" + events.size(),
                        START.plusSeconds(events.size()),
                        head[0],
                        head[1],
                        head[2],
                        fields[0],
                        fields[1]));
            }
        }
        return events;
    }

    private static List<Procedure> procedures() throws IOException {
        List<Procedure> procedures = new ArrayList<>();
        EventLines lines = new EventLines();
        for (String line : Files.readAllLines(LISTS.resolve("third_procedures.txt"))) {
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
                    events.add(started(
                            id,
                            START.plusSeconds(2L * events.size()),
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

    private static Event started(
            String id, Instant at, String parent, String parentLine, String user, String executable, String line) {
        String uid = user.equals("root") ? "0" : user.equals("www-data") ? "33" : "1001";
        String name = executable.substring(executable.lastIndexOf('/') + 1);
        String parentName = parent.substring(parent.lastIndexOf('/') + 1);
        return Event.builder()
                .put("@timestamp", at)
                .put("event.id", id)
                .put("event.kind", "event")
                .put("event.dataset", "panoptes.proc")
                .put("event.action", "process_started")
                .put("event.provider", "proc_connector")
                .put("host.id", "h-app01")
                .put("host.name", "app01")
                .put("process.pid", 5_000L + Math.floorMod(id.hashCode(), 50_000))
                .put("process.name", name.substring(0, Math.min(15, name.length())))
                .put("process.executable", executable)
                .put("process.command_line", line)
                .put("process.args", words(line))
                .put("process.working_directory", "/tmp")
                .put("process.user.id", uid)
                .put("process.user.name", user)
                .put("user.id", uid)
                .put("user.name", user)
                .put("process.parent.pid", 4_000L)
                .put("process.parent.name", parentName.substring(0, Math.min(15, parentName.length())))
                .put("process.parent.executable", parent)
                .put("process.parent.command_line", parentLine)
                .build();
    }

    /** What a shell or interpreter is told to run is one word, quoted or not. */
    private static List<String> words(String line) {
        Matcher script = SCRIPT.matcher(line);
        if (script.matches()) {
            List<String> words = new ArrayList<>(List.of(script.group(1).split(" ")));
            words.add(script.group(2));
            return words;
        }
        return List.of(line.split(" "));
    }
}
