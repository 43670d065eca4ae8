package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Process starts as the lists of {@code evaluation} write them. */
final class ListedProcesses {
    static final Instant START = Instant.parse("2026-11-02T10:00:00Z");
    static final Path LISTS = Path.of(Objects.requireNonNull(System.getProperty("basedir", ".")))
            .resolve("src/test/resources/evaluation");
    private static final Pattern SCRIPT = Pattern.compile(
            "((?:\\S*/)?(?:sh|bash|python3|perl|ruby|node|php|lua)(?: -\\w+)*? -(?:c|e|r)) (.*)", Pattern.DOTALL);

    private ListedProcesses() {}

    /** A technique and its own sub-technique count as the same. */
    static boolean same(String told, String wanted) {
        String one = Techniques.current(List.of(told)).getLast();
        String other = Techniques.current(List.of(wanted)).getLast();
        return one.equals(other) || one.startsWith(other + ".") || other.startsWith(one + ".");
    }

    /** Those of a list whose lines {@code @ parent image | parent command line | user} stand above {@code image TAB command line}. */
    static List<Event> ordinary(String list) throws IOException {
        List<Event> events = new ArrayList<>();
        String[] head = {};
        for (String line : Files.readAllLines(LISTS.resolve(list))) {
            if (line.startsWith("@ ")) {
                head = line.substring(2).split(" \\| ");
            } else if (!line.isBlank() && !line.startsWith("#")) {
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

    /** The rules from medium on that match, each with the command line. */
    static List<String> accused(RuleSet rules, List<Event> events) {
        List<String> accused = new ArrayList<>();
        for (Event event : events) {
            rules.match(event, number -> {
                RuleInfo rule = rules.rules().get(number);
                if (!rule.silent() && rule.level() != null && rule.level().compareTo(Level.MEDIUM) >= 0) {
                    accused.add(rule.name() + "\t" + event.text("process.command_line"));
                }
            });
        }
        return accused;
    }

    static Event started(
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
