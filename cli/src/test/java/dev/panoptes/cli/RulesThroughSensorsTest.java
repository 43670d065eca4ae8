package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
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
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command lines that rules must match, as the kernel's audit writes them, through the sensor that reads it, to the rules. */
final class RulesThroughSensorsTest {
    private static final Path RULES = Path.of("..", "rules");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private record Case(String rule, List<String> args) {}

    /** The plain command lines under {@code match:}, one a line. */
    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (RuleInfo rule : RuleSet.of(OwnRules.read()).rules()) {
            Path file = RULES.resolve(rule.name() + ".cases.yml");
            boolean matching = false;
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                matching = line.startsWith(" ") ? matching : line.startsWith("match:");
                if (matching && line.matches("  - '[^'\"$`\\\\]+'")) {
                    cases.add(new Case(
                            rule.name(),
                            List.of(line.substring(5, line.length() - 1).split(" +"))));
                }
            }
        }
        return cases;
    }

    @Test
    void everyRuleOfProcessesFiresOnWhatTheAuditSensorTells() throws IOException {
        List<Case> cases = cases();
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < cases.size(); i++) {
            List<String> args = cases.get(i).args();
            String called = args.getFirst();
            log.append(HostTree.auditRecords(
                    i + 1, 1000, called.startsWith("/") ? called : "/usr/bin/" + called, args, 1000));
        }
        Files.writeString(directory.resolve("audit.log"), log);
        Session session = new Session(directory);
        Run replayed = session.run("sensor", "kernel_audit", "--replay", "audit.log");
        assertThat(replayed.code()).as(replayed.err()).isEqualTo(ExitCode.OK);
        Files.writeString(directory.resolve("events.ndjson"), replayed.out());
        Map<String, Integer> numbers = new HashMap<>();
        for (String line : replayed.out().lines().toList()) {
            JsonNode event = JSON.readTree(line);
            numbers.put(
                    event.path("event").path("id").asString(),
                    event.path("process").path("pid").asInt());
        }
        Map<String, String> names = new HashMap<>();
        RuleSet.of(OwnRules.read()).rules().forEach(rule -> names.put(rule.key(), rule.name()));
        Set<String> found = new HashSet<>();
        Run matched = session.run(
                "rules",
                "match",
                "--rules",
                RULES.toAbsolutePath().normalize().toString(),
                "--events",
                "events.ndjson");
        for (String line : matched.out().lines().toList()) {
            JsonNode match = JSON.readTree(line);
            found.add(numbers.get(match.path("event").asString()) + " "
                    + names.get(match.path("rule").asString()));
        }
        Set<String> missing = new TreeSet<>();
        Set<String> tried = new HashSet<>();
        for (int i = 0; i < cases.size(); i++) {
            tried.add(cases.get(i).rule());
            if (!found.contains((i + 1) + " " + cases.get(i).rule())) {
                missing.add(cases.get(i).rule() + ": "
                        + String.join(" ", cases.get(i).args()));
            }
        }
        assertThat(missing).isEmpty();
        assertThat(tried).hasSizeGreaterThan(150);
    }

    @Test
    void capturesAreNotSentToAServerAndThatIsSaid() throws IOException {
        Files.writeString(directory.resolve("audit.log"), "");
        Run refused = new Session(directory)
                .run("sensor", "kernel_audit", "--replay", "audit.log", "--server", "http://127.0.0.1:1");
        assertThat(refused.code()).isEqualTo(ExitCode.SENSOR_USAGE);
        assertThat(refused.err()).contains("captures are not sent to a server").contains("panoptes investigate");
    }
}
