package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.core.event.Event;
import dev.panoptes.detection.EventLines;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.OwnRules;
import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Procedures of attacks and ordinary command lines, written by somebody who had not read the rules, as the processes and files that they
 * make on a host, through the sensors that read these, to the rules. docs/detection-quality.md tells the first figures.
 */
final class EmulationTest {
    private static final Path LISTS = Path.of("src", "test", "resources", "emulation");
    private static final Map<String, Integer> USERS = Map.ofEntries(
            Map.entry("root", 0),
            Map.entry("www-data", 33),
            Map.entry("postgres", 101),
            Map.entry("tomcat", 102),
            Map.entry("git", 103),
            Map.entry("jenkins", 104),
            Map.entry("zabbix", 105),
            Map.entry("nagios", 106),
            Map.entry("gitlab-runner", 107),
            Map.entry("node", 108),
            Map.entry("app", 109),
            Map.entry("alice", 1000),
            Map.entry("deploy", 1001));

    @TempDir
    private Path directory;

    private final RuleSet rules = RuleSet.of(OwnRules.read());
    private final EventLines lines = new EventLines();
    private final StringBuilder audit = new StringBuilder();
    private final Map<Integer, Integer> units = new HashMap<>();
    private final Map<String, Integer> files = new HashMap<>();
    private final Set<Integer> typed = new HashSet<>();
    private HostTree tree;
    private int last = 10;

    /** One procedure, or one ordinary command line. */
    private record Unit(String technique, String text) {}

    private record Told(int unit, boolean typed, String sensor, RuleInfo rule) {}

    EmulationTest() throws IOException {}

    @BeforeEach
    void host() throws IOException {
        tree = new HostTree(Files.createDirectories(directory.resolve("host")));
        StringBuilder passwd = new StringBuilder();
        USERS.forEach((name, uid) -> passwd.append(name + ":x:" + uid + ":" + uid + "::"
                + (uid == 0 ? "/root" : uid >= 1000 ? "/home/" + name : "/var/" + name) + ":/bin/bash\n"));
        tree.file("/etc/passwd", passwd.toString())
                .file("/etc/hostname", "web-1\n")
                .file("/var/www/html/index.html", "<h1>It works</h1>\n");
        tree.process(1, 0, "/usr/lib/systemd/systemd", List.of("/sbin/init"), 0);
    }

    @AfterEach
    void linksOutOfTheTree() throws IOException {
        HostTree.unlink(directory.resolve("host"));
    }

    private int start(int unit, int parent, String executable, List<String> arguments, String user) throws IOException {
        int pid = ++last;
        int uid = Objects.requireNonNull(USERS.get(user), user);
        tree.process(pid, parent, executable, arguments, uid);
        if (unit >= 0) {
            units.put(pid, unit);
            audit.append(HostTree.auditRecords(pid, parent, executable, arguments, uid));
        }
        return pid;
    }

    private int start(int unit, int parent, String line, String user) throws IOException {
        List<String> words = new ArrayList<>(CommandWords.of(line));
        String called = words.getFirst();
        if (called.startsWith("=")) {
            words.removeFirst();
            return start(unit, parent, called.substring(1), words, user);
        }
        return start(unit, parent, HostTree.program(called), words, user);
    }

    private List<Told> told(boolean looked) throws IOException {
        List<Told> told = new ArrayList<>();
        String host = directory.resolve("host").toString();
        read(told, "proc", "--host-root", host);
        Files.writeString(directory.resolve("audit.log"), audit);
        read(told, "kernel_audit", "--replay", "audit.log");
        if (looked) {
            read(told, "persistence", "--host-root", host);
            read(told, "file_integrity", "--host-root", host);
        }
        return told;
    }

    private String look(String... arguments) {
        List<String> all = new ArrayList<>(List.of("sensor"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--once", "--output", "json", "--no-heartbeat", "--data-dir", "data"));
        Run run = new Session(directory).run(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        return run.out();
    }

    private void read(List<Told> told, String... arguments) {
        for (String line : look(arguments).lines().toList()) {
            Event event = Objects.requireNonNull(lines.read(line), line);
            Integer unit = unit(event);
            if (unit != null) {
                boolean asTyped = event.number("process.pid") == null
                        || typed.contains(event.number("process.pid").intValue());
                rules.match(event, number -> {
                    RuleInfo rule = rules.rules().get(number);
                    if (!rule.silent()) {
                        told.add(new Told(unit, asTyped, arguments[0], rule));
                    }
                });
            }
        }
    }

    private Integer unit(Event event) {
        String path = event.text("file.path") == null ? event.text("persistence.path") : event.text("file.path");
        Number pid = event.number("process.pid");
        return pid != null ? units.get(pid.intValue()) : path == null ? null : files.get(path);
    }

    private static boolean same(String told, String wanted) {
        return told.equals(wanted) || told.startsWith(wanted + ".") || wanted.startsWith(told + ".");
    }

    @Test
    void proceduresAreNamedWithTheirTechniqueThroughSensors() throws IOException {
        procedures("procedures.txt", 0.9, 0.8, 0.4);
    }

    @Test
    void proceduresAsOneDoesThemByHandAreNamedWithTheirTechnique() throws IOException {
        procedures("hands.txt", 0.98, 0.92, 0.53);
    }

    private void procedures(String list, double ofShell, double ofTyped, double ofMedium) throws IOException {
        List<Unit> procedures = new ArrayList<>();
        Map<String, String> left = new HashMap<>();
        String user = "";
        int shell = 0;
        int asTyped = 0;
        for (String line : Files.readAllLines(LISTS.resolve(list))) {
            if (line.matches("T\\d.*")) {
                String[] head = line.split(" ");
                user = head[1];
                int parent = start(-1, 1, HostTree.program(head[2]), List.of(head[2]), user);
                shell = parent;
                asTyped = start(-1, parent, "/usr/bin/bash", List.of("-bash"), user);
                procedures.add(new Unit(head[0], ""));
            } else if (line.startsWith("$ ")) {
                int number = procedures.size() - 1;
                procedures.set(number, new Unit(procedures.get(number).technique(), line.substring(2)));
                shell = start(number, shell, "/usr/bin/bash", List.of("bash", "-c", line.substring(2)), user);
            } else if (line.startsWith("! ")) {
                int number = procedures.size() - 1;
                start(number, shell, line.substring(2), user);
                typed.add(start(number, asTyped, line.substring(2), user));
            } else if (line.startsWith("+ ")) {
                String[] file = line.substring(2).split(" ", 2);
                left.put(file[0], file[1].replace("\\n", "\n") + "\n");
                files.put(file[0], procedures.size() - 1);
            }
        }
        look("persistence", "--host-root", directory.resolve("host").toString());
        look("file_integrity", "--host-root", directory.resolve("host").toString());
        for (var file : left.entrySet()) {
            tree.file(file.getKey(), file.getValue());
        }
        List<Told> told = told(true);
        SoftAssertions.assertSoftly(softly -> {
            named(softly, procedures, ofShell, told, each -> true);
            named(softly, procedures, ofTyped, told, Told::typed);
            named(softly, procedures, ofMedium, told, each -> atLeastMedium(each.rule()));
        });
    }

    private static void named(
            SoftAssertions softly, List<Unit> procedures, double share, List<Told> told, Predicate<Told> counts) {
        softly.assertThat(unnamed(procedures, told, counts))
                .as("of %d", procedures.size())
                .hasSizeLessThanOrEqualTo((int) (procedures.size() * (1 - share)));
    }

    private static List<Unit> unnamed(List<Unit> procedures, List<Told> told, Predicate<Told> counts) {
        List<Unit> unnamed = new ArrayList<>();
        for (int i = 0; i < procedures.size(); i++) {
            int number = i;
            String wanted = procedures.get(i).technique();
            boolean found = told.stream()
                    .filter(each -> each.unit() == number && counts.test(each))
                    .flatMap(each -> each.rule().techniques().stream())
                    .anyMatch(name -> same(name, wanted));
            if (!found) {
                unnamed.add(procedures.get(i));
            }
        }
        return unnamed;
    }

    private static boolean atLeastMedium(RuleInfo rule) {
        return rule.level() != null && rule.level().compareTo(Level.MEDIUM) >= 0;
    }

    @Test
    void ordinaryCommandLinesAreNotAccusedThroughSensors() throws IOException {
        assertThat(accused("ordinary.txt")).isEmpty();
    }

    @Test
    void administrationIsNotAccusedThroughSensors() throws IOException {
        assertThat(accused("administration.txt")).isEmpty();
    }

    private Set<String> accused(String list) throws IOException {
        List<Unit> commands = new ArrayList<>();
        String user = "";
        int parent = 1;
        for (String line : Files.readAllLines(LISTS.resolve(list))) {
            if (line.startsWith("@ ")) {
                String[] head = line.split(" ", 4);
                user = head[1];
                parent = start(-1, 1, head[2], List.of(head[3].split(" ")), user);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                commands.add(new Unit("", line));
                start(commands.size() - 1, parent, line, user);
            }
        }
        Set<String> accused = new TreeSet<>();
        for (Told each : told(false)) {
            if (atLeastMedium(each.rule())) {
                accused.add(commands.get(each.unit()).text() + ": " + each.sensor() + " "
                        + each.rule().name());
            }
        }
        return accused;
    }
}
