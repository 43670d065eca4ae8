package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exit codes, streams and options of {@code panoptes scan}, on real files. */
final class ScanCommandTest {
    private static final String CLEAN = """
        version: '1'
        agents:
          one:
            name: ONE
            connection: {url: 'http://one:7001'}
            actions: {ping: {endpoint: /ping, method: GET}}
        """;
    private static final String CONFLICT = CLEAN + """
          two:
            name: TWO
            connection: {url: 'http://two:7001'}
            actions: {ping: {endpoint: /ping, method: GET}}
        """;

    @TempDir
    private Path directory;

    private Session session;
    private Path registry;

    @BeforeEach
    void newSession() {
        session = new Session(directory);
        registry = directory.resolve("agent-registry.yaml");
    }

    @Test
    void aFleetAsDeclaredIsExit0() throws IOException {
        Run run = offline(CLEAN);

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("What was looked at is as declared. Not looked at: code, host, probe.")
                .contains("exit 0: ");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void evidenceIsNamedBelowTheRootHoweverTheRegistryWasGiven() throws IOException {
        Path fleet = Files.createDirectories(directory.resolve("fleet/agents")).getParent();
        Path inside = Files.writeString(fleet.resolve("agent-registry.yaml"), CONFLICT);
        Path outside = Files.writeString(directory.resolve("outside.yaml"), CONFLICT);

        JsonNode below = below(fleet, inside);
        JsonNode beside = below(fleet, outside);

        assertThat(below.at("/issues/0/evidence/0/file").stringValue()).isEqualTo("agent-registry.yaml");
        assertThat(below.at("/registry/path").stringValue()).isEqualTo(inside.toString());
        assertThat(beside.at("/issues/0/evidence/0/file").stringValue()).isEqualTo(outside.toString());
        assertThat(below.at("/issues/0/fingerprint")).isEqualTo(beside.at("/issues/0/fingerprint"));
    }

    private JsonNode below(Path root, Path registry) {
        Run run = session.run(
                "scan",
                "--offline",
                "--format",
                "json",
                "--root",
                root.toString(),
                "--agents-path",
                root.resolve("agents").toString(),
                "--registry",
                registry.toString());
        return new JsonMapper().readTree(run.out());
    }

    @Test
    void anIssueAtTheLimitIsExit1AndBelowItExit0() throws IOException {
        assertThat(offline(CONFLICT).code()).isEqualTo(ExitCode.FAILED);

        String lowOnly = "agents: {one: {connection: {url: 'http://one:7001'}}}\n";
        assertThat(offline(lowOnly).code()).isEqualTo(ExitCode.OK);
        assertThat(offline(lowOnly, "--fail-on", "low").code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aBrokenRegistryIsOneCriticalIssueInAWholeReport() throws IOException {
        Run run = offline("agents: [not, a, map\n", "--format", "json");

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        JsonNode report = new JsonMapper().readTree(run.out());
        assertThat(report.at("/issues/0/id").stringValue()).isEqualTo("registry-parse-error");
        assertThat(report.at("/worst_severity").stringValue()).isEqualTo("critical");
        assertThat(report.at("/registry/readable").booleanValue()).isFalse();
        assertThat(report.at("/problems/0/line").intValue()).isPositive();
    }

    @Test
    void aFileThatCannotBeReadIsExit2UnlessAllowed() throws IOException {
        Path agents = Files.createDirectories(directory.resolve("agents"));
        Files.createSymbolicLink(directory.resolve("gone.service"), Path.of("nowhere.service"));

        Run run = offline(CLEAN, "--agents-path", agents.toString(), "--only", "registry,systemd");
        assertThat(run.code()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(lastLine(run)).startsWith("exit 2: ").contains("--allow-unknown=systemd");

        assertThat(offline(CLEAN, "--agents-path", agents.toString(), "--only", "registry,systemd", "--allow-unknown")
                        .code())
                .isEqualTo(ExitCode.OK);
        assertThat(offline(
                                CLEAN,
                                "--agents-path",
                                agents.toString(),
                                "--only",
                                "registry,systemd",
                                "--allow-unknown=compose")
                        .code())
                .isEqualTo(ExitCode.INCOMPLETE);
        assertThat(offline(CLEAN, "--agents-path", agents.toString(), "--only", "registry")
                        .code())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void whereNothingCanBeReadThereIsOneSentenceAndNoReport() {
        Run run = session.run("scan");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("there is nothing to scan").contains("panoptes adopt > agent-registry.yaml");
        assertThat(session.run("scan", "--registry", registry.toString()).code())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void withoutARegistryWhatTheTreeDeclaresIsJudged() throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services:\n  a: {image: x, ports: ['80:80']}\n  b: {image: y, ports: ['80:80']}\n");

        Run run = session.run("scan", "--offline");

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains("compose-host-port-conflict")
                .contains("There is no registry")
                .doesNotContain("looks like a registry");

        Files.writeString(
                directory.resolve("agents.yaml"), "agents:\n  a: {connection: {url: 'http://localhost:80'}}\n");
        assertThat(session.run("scan", "--offline").out())
                .contains(
                        "agents.yaml looks like a registry and was not read as one: --registry agents.yaml names it.");
    }

    @Test
    void withoutARegistryAPlanIsMadeAndItsPatchIsProven() throws IOException {
        Files.createDirectory(directory.resolve(".git"));
        Files.writeString(directory.resolve("compose.yaml"), "services:\n  api: {build: api, ports: ['8080:80']}\n");
        Path api = Files.createDirectory(directory.resolve("api"));
        Files.writeString(api.resolve("Dockerfile"), "FROM node:20\nCOPY . .\nCMD [\"node\", \"index.js\"]\n");
        Files.writeString(api.resolve("index.js"), "require('http').createServer().listen(3000);\n");

        assertThat(session.run("scan", "--offline").out()).contains("port-mismatch-compose-container");
        Run plan = session.run("plan", "--offline");
        assertThat(plan.code()).isEqualTo(ExitCode.OK);
        assertThat(plan.out()).contains("port-mismatch-compose-container").doesNotContain("no registry was found");

        Files.delete(directory.resolve("compose.yaml"));
        Files.delete(api.resolve("Dockerfile"));
        Run nothing = session.run("plan", "--offline");
        assertThat(nothing.code()).isEqualTo(ExitCode.USAGE);
        assertThat(nothing.err()).contains("there is nothing to scan");
    }

    @Test
    void usageErrorsAreOneClearMessageOnStderr() throws IOException {
        assertRefused("Did you mean", "--ofline");
        assertRefused("Did you mean registry?", "--only", "registri");
        assertRefused(
                "does not exist", "--agents-path", directory.resolve("none").toString());
        assertRefused("is no time", "--deadline", "soon");
        assertRefused("is none of", "--format", "yaml");
        assertRefused("HOST=ADDRESS", "--resolve", "one=two");
        assertRefused("at least 1", "--concurrency", "0");
        assertRefused("there is no profile", "--profile", "none");
        assertRefused(
                "there is no such file", "--waivers", directory.resolve("none").toString());
        assertRefused("does not exist", "--baseline", directory.resolve("none").toString());
        assertRefused("Missing required parameter", "--registry");
    }

    /** What a user mistypes, and all that he is told; {@code %} stands for the folder of the files. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--registri x|panoptes scan: unknown option '--registri'\\nDid you mean: --registry, --resolve",
                "more.yaml|panoptes scan: unexpected argument 'more.yaml'\\nIts options: panoptes scan --help",
                "--fail-on urgent|panoptes scan: invalid value for option '--fail-on': 'urgent' is none of critical, high,"
                        + " medium, low, info\\nIts options: panoptes scan --help",
                "--only port-conflct|panoptes: --only: there is no group or check port-conflct\\nDid you mean"
                        + " port-conflict?",
                "--only zzz|panoptes: --only: there is no group or check zzz\\nGroups: registry, code, compose,"
                        + " dockerfile, systemd, kubernetes, host, probe, enrolled",
                "--max-age soon|panoptes scan: invalid value for option '--max-age': 'soon' is no time such as 500ms, 5s,"
                        + " 2m, 12h or 30d\\nIts options: panoptes scan --help",
                "--format|panoptes scan: missing required parameter for option '--format' (FORMAT)\\nIts options:"
                        + " panoptes scan --help",
                "--profile nope|panoptes: there is no profile nope\\nProfiles: leveredge",
                "--root %/none|panoptes: --root: %/none does not exist",
                "--baseline %/text|panoptes: --baseline: %/text is neither a report nor a snapshot: it is no JSON; line 1,"
                        + " column 1 is not readable JSON: Unrecognized token 'not': was expecting (JSON String, Number,"
                        + " Array, Object or token 'null', 'true' or 'false')\\nA report is written by: panoptes scan"
                        + " --format json --output FILE; a snapshot by: panoptes scan --snapshot FILE",
                "--baseline %/empty|panoptes: --baseline: %/empty is neither a report nor a snapshot: it is no report of"
                        + " Panoptes: it is empty; it is empty\\nA report is written by: panoptes scan --format json"
                        + " --output FILE; a snapshot by: panoptes scan --snapshot FILE",
                "--waivers %/waivers|panoptes: the waivers cannot be used:\\n  %/waivers:1:14: the key 'onwer' of a waiver is not"
                        + " known and was not read; 'owner' was probably meant (misspelt-key)\\n  %/waivers:1:3: a waiver has"
                        + " no owner (missing)\\nA waiver is written: - {issue: ID, owner: WHO,"
                        + " reason: WHY, expires: 2026-12-31}",
            })
    void aMistakeOnTheCommandLineIsToldWithTheNextStep(String words, String told) throws IOException {
        Files.writeString(directory.resolve("text"), "not json");
        Files.writeString(directory.resolve("empty"), "");
        Files.writeString(directory.resolve("waivers"), "- {issue: a, onwer: o, reason: r, expires: 2026-01-01}\n");
        Run run = offline(CLEAN, words.replace("%", directory.toString()).split(" "));

        assertThat(run.err()).isEqualTo(told.replace("%", directory.toString()).replace("\\n", "\n") + "\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none|there is no such file",
                "empty|it is empty",
                "list|it is not a snapshot but another kind of JSON",
                "cut|line 2, column 1 is not readable JSON: the file ends before its JSON does",
                "later|it has schema 99, this version reads schema 1",
            })
    void aSnapshotThatCannotBeUsedIsToldWithHowOneIsMade(String file, String told) throws IOException {
        Files.writeString(directory.resolve("empty"), "");
        Files.writeString(directory.resolve("list"), "[]");
        Files.writeString(directory.resolve("cut"), "{\n");
        Files.writeString(directory.resolve("later"), "{\"schema\": 99}");
        Files.writeString(registry, CLEAN);
        Run run = session.run(
                "scan",
                "--registry",
                registry.toString(),
                "--from-snapshot",
                directory.resolve(file).toString());

        assertThat(run.err())
                .isEqualTo("panoptes: the snapshot " + directory.resolve(file) + " cannot be used: " + told
                        + "\nA snapshot is written by: panoptes scan --snapshot FILE, or panoptes observe\n");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void waiversInForceAcceptAndExpiredOnesDoNot() throws IOException {
        Path waivers = directory.resolve("waivers.yaml");
        String waiver = "- {issue: port-conflict-7001, owner: ops, reason: moving, expires: %s}\n";

        Files.writeString(waivers, waiver.formatted("2026-03-01"));
        Run accepted = offline(CONFLICT, "--waivers", waivers.toString());
        assertThat(accepted.code()).isEqualTo(ExitCode.OK);
        assertThat(accepted.out()).contains("WAIVED 1").contains("moving");

        Files.writeString(waivers, waiver.formatted("2026-02-28"));
        Run expired = offline(CONFLICT, "--waivers", waivers.toString());
        assertThat(expired.code()).isEqualTo(ExitCode.FAILED);
        assertThat(expired.out()).contains("expired on 2026-02-28");
    }

    @Test
    void anEarlierReportTellsSinceWhenAnIssueIsKnown() throws IOException {
        Path baseline = directory.resolve("earlier.json");
        assertThat(offline(CONFLICT, "--format", "json", "--output", baseline.toString())
                        .out())
                .isEmpty();
        String earlier = Files.readString(baseline).replace("2026-03-01T12:00:00Z", "2025-12-24T00:00:00Z");
        Files.writeString(baseline, earlier.replace("\"state\": \"new\"", "\"state\": \"acknowledged\""));

        JsonNode report = new JsonMapper()
                .readTree(offline(CONFLICT, "--format", "json", "--baseline", baseline.toString())
                        .out());
        assertThat(report.at("/issues/0/first_seen").stringValue()).isEqualTo("2025-12-24T00:00:00Z");
        assertThat(report.at("/issues/0/detected_at").stringValue()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(report.at("/issues/0/state").stringValue()).isEqualTo("acknowledged");
    }

    @Test
    void outputIsWrittenWholeOrNotAtAll() throws IOException {
        Path report = directory.resolve("report.html");
        assertThat(offline(CONFLICT, "--format", "html", "--output", report.toString())
                        .code())
                .isEqualTo(ExitCode.FAILED);
        assertThat(Files.readString(report)).endsWith("</html>\n");
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".tmp"));
        }

        Run refused =
                offline(CONFLICT, "--output", directory.resolve("none/report").toString());
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("there is no such directory");
        assertThat(refused.out()).isEmpty();
    }

    @Test
    void nagiosExitsAsPluginsDo() throws IOException {
        assertThat(offline(CONFLICT, "--format", "nagios").code().number()).isEqualTo(2);
        assertThat(offline(CLEAN, "--format", "nagios").code().number()).isZero();
        String lowOnly = "agents: {one: {connection: {url: 'http://one:7001'}}}\n";
        assertThat(offline(lowOnly, "--format", "nagios").code().number()).isEqualTo(1);
        assertThat(session.run("scan", "--format", "nagios", "--nonsense")
                        .code()
                        .number())
                .isEqualTo(3);
    }

    @Test
    void aSkippedCheckGivesNoResult() throws IOException {
        JsonNode report = new JsonMapper()
                .readTree(offline(CONFLICT, "--format", "json", "--skip", "port-conflict")
                        .out());

        assertThat(report.at("/issues").size()).isZero();
        assertThat(report.at("/checks").toString())
                .doesNotContain("port-conflict")
                .contains("missing-url");
    }

    @Test
    void storedSnapshotsOfSeveralHostsAreJudgedWithoutLooking() throws IOException {
        String yaml = """
            hosts: {web-1: {address: 192.0.2.1}, web-2: {address: 192.0.2.2}}
            agents:
              one: {host: web-1, connection: {url: 'http://192.0.2.1:7001'}, actions: {a: {endpoint: /a}}}
              two: {host: web-2, connection: {url: 'http://192.0.2.2:7001'}, actions: {a: {endpoint: /a}}}
            """;
        Files.writeString(registry, yaml);
        Path first = snapshot("web-1", "id-1", "2026-03-01T11:59:00Z", 7001);
        Path second = snapshot("web-2", "id-2", "2026-03-01T11:59:00Z", 7001);
        String[] scan = {"scan", "--registry", registry.toString(), "--only", "port-conflict,port-not-listening"};

        assertThat(run(scan, "--from-snapshot", first.toString(), second.toString())
                        .code())
                .isEqualTo(ExitCode.OK);
        Run without = run(scan, "--from-snapshot", first.toString());
        assertThat(without.code()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(without.out()).contains("web-2");

        Path silent = snapshot("web-2", "id-2", "2026-03-01T11:59:30Z", 7002);
        Run newest = run(scan, "--from-snapshot", first.toString(), second.toString(), silent.toString());
        assertThat(newest.out()).contains("port-not-listening-7001@web-2");

        Path old = snapshot("web-2", "id-2", "2026-03-01T11:00:00Z", 7001);
        assertThat(run(scan, "--from-snapshot", first.toString(), old.toString())
                        .code())
                .isEqualTo(ExitCode.INCOMPLETE);
        assertThat(run(scan, "--max-age", "2h", "--from-snapshot", first.toString(), old.toString())
                        .code())
                .isEqualTo(ExitCode.OK);

        Path namesake = snapshot("web-1", "id-3", "2026-03-01T11:59:00Z", 7001);
        Run refused = run(scan, "--from-snapshot", first.toString(), namesake.toString());
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("both called web-1");
    }

    private Path snapshot(String host, String id, String taken, int port) throws IOException {
        Path file = Files.createTempFile(directory, "snapshot", ".json");
        Files.writeString(file, """
            {"schema": 1, "host": {"id": "%s", "name": "%s"}, "taken": "%s", "observer": "panoptes",
             "sources": {"sockets": {"state": "complete"}, "owners": {"state": "complete"}},
             "processes": [], "units": [], "probes": [],
             "listeners": [{"protocol": "tcp", "address": "0.0.0.0", "port": %d, "dual_stack": false, "inode": 1,
                            "uid": 0, "owners": []}]}
            """.formatted(id, host, taken, port));
        return file;
    }

    private Run run(String[] before, String... options) {
        String[] arguments = new String[before.length + options.length];
        System.arraycopy(before, 0, arguments, 0, before.length);
        System.arraycopy(options, 0, arguments, before.length, options.length);
        return session.run(arguments);
    }

    private Run offline(String yaml, String... options) throws IOException {
        Files.writeString(registry, yaml);
        String[] arguments = new String[options.length + 4];
        arguments[0] = "scan";
        arguments[1] = "--offline";
        arguments[2] = "--registry";
        arguments[3] = registry.toString();
        System.arraycopy(options, 0, arguments, 4, options.length);
        return session.run(arguments);
    }

    private void assertRefused(String message, String... options) throws IOException {
        Run run = offline(CLEAN, options);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().toLowerCase(java.util.Locale.ROOT)).contains(message.toLowerCase(java.util.Locale.ROOT));
        assertThat(run.err()).doesNotContain("Exception").doesNotContain("\tat ");
    }

    private static String lastLine(Run run) {
        return run.out().lines().reduce("", (before, line) -> line);
    }
}
