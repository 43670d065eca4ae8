package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.commands.Command;
import dev.panoptes.cli.commands.Commands;
import dev.panoptes.cli.shell.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;

final class ProgramTest {
    @TempDir
    private Path directory;

    @Test
    void withoutArgumentsItExplainsItselfInOneScreen() throws IOException {
        Run run = new Session(directory).run();

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out().lines().count()).isLessThanOrEqualTo(40);
        for (Command command : Commands.all()) {
            assertThat(run.out()).contains("  " + command.name() + " ").contains(command.summary());
        }
        Golden.check("overview.0.txt", run.out());
        assertThat(new Session(directory).run("--help").out()).isEqualTo(run.out());
    }

    @Test
    void theHelpOfEveryCommandIsAsReviewed() throws IOException {
        for (Command command : Commands.all()) {
            Run run = new Session(directory).run(command.name(), "--help");

            assertThat(run.code()).isEqualTo(ExitCode.OK);
            assertThat(run.err()).isEmpty();
            Golden.check("help-" + command.name() + ".0.txt", run.out());
            assertThat(new Session(directory).run("help", command.name()).out()).isEqualTo(run.out());
        }
    }

    @Test
    void anUnknownCommandIsRefusedWithTheNearestOne() {
        Run run = new Session(directory).run("scna");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("there is no command scna").contains("Did you mean: panoptes scan");
        assertThat(new Session(directory).run("--offline").err()).contains("Options follow the command");
    }

    @Test
    void aDefectIsOneLineAndATraceOnlyOnRequest() {
        Run quiet = defect("0");
        assertThat(quiet.code()).isEqualTo(ExitCode.USAGE);
        assertThat(quiet.out()).isEmpty();
        assertThat(quiet.err())
                .contains("this is a defect: IllegalStateException: broken")
                .doesNotContain("\tat ");

        assertThat(defect("1").err()).contains("\tat ");
    }

    @Test
    void explainKnowsChecksAndIssues() {
        Session session = new Session(directory);

        assertThat(session.run("explain").out()).contains("port-conflict").contains("probe");
        String page = session.run("explain", "port-conflict").out();
        assertThat(page).contains("port-conflict");
        assertThat(session.run("explain", "port-conflict-8020").out()).isEqualTo(page);
        Run run = session.run("explain", "port-conflikt");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("panoptes explain port-conflict");
    }

    @Test
    void diffTellsNewResolvedAndUnchanged() throws IOException {
        Session session = new Session(directory);
        Path before = report(session, "before", "one", "two");
        Path after = report(session, "after", "one", "two", "three");

        assertThat(session.run("diff", before.toString(), before.toString()).code())
                .isEqualTo(ExitCode.OK);
        Run worse = session.run("diff", before.toString(), after.toString());
        assertThat(worse.out()).endsWith("1 new, 0 resolved, 2 unchanged\n");
        assertThat(worse.code()).isEqualTo(ExitCode.OK);
        assertThat(session.run("diff", before.toString(), after.toString(), "--fail-on", "low")
                        .code())
                .isEqualTo(ExitCode.FAILED);
        assertThat(session.run("diff", after.toString(), before.toString()).out())
                .endsWith("0 new, 1 resolved, 2 unchanged\n");
        assertThat(session.run("explain", "no-actions-three", "--report", after.toString())
                        .out())
                .contains("no-actions-three")
                .contains("agent-registry.yaml");
        assertThat(session.run(
                                "diff",
                                before.toString(),
                                directory.resolve("none").toString())
                        .code())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void validateJudgesTheRegistryAlone() throws IOException {
        Path registry = directory.resolve("agent-registry.yaml");
        Files.writeString(
                registry, "agents: {one: {connection: {url: 'http://one:7001'}, actions: {a: {endpoint: /a}}}}\n");
        assertThat(new Session(directory).run("validate", registry.toString()).code())
                .isEqualTo(ExitCode.OK);

        Files.writeString(registry, "agents: {one: {}}\n");
        Run run = new Session(directory).run("validate", registry.toString());
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains("missing-url-one");
    }

    @Test
    void completionScriptsHoldCommandsAndOptions() {
        Session session = new Session(directory);

        for (String shell : List.of("bash", "zsh", "fish")) {
            assertThat(session.run("completion", shell).out())
                    .contains("explain")
                    .contains("allow-unknown")
                    .contains("prometheus");
        }
        assertThat(session.run("completion", "csh").code()).isEqualTo(ExitCode.USAGE);
    }

    /** The script in a real bash: what it offers for each of these lines. */
    @Test
    void bashOffersCommandsOptionsAndTheirWords() throws IOException, InterruptedException {
        String script = new Session(directory).run("completion", "bash").out();
        Path test = Files.writeString(directory.resolve("complete.sh"), script + """

            compopt() { :; }
            offers() {
                COMP_LINE="$*"; COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
                _complete_panoptes
                echo "${COMPREPLY[*]}"
            }
            offers panoptes sta
            offers panoptes tokens re
            offers panoptes tokens create --role o
            offers panoptes observe --every 60s --token
            offers panoptes completion z
            """);
        Process bash = new ProcessBuilder("bash", "--norc", test.toString()).start();
        bash.getOutputStream().close();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(bash.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bash.waitFor()).isZero();
        assertThat(err).isEmpty();
        assertThat(out.lines()).containsExactly("status", "revoke", "operator observer", "--token-file", "zsh");
    }

    @Test
    void fishOffersTheWordsOfACommand() {
        assertThat(new Session(directory).run("completion", "fish").out())
                .contains("__fish_seen_subcommand_from tokens; and not __fish_seen_subcommand_from list create revoke'"
                        + " -a 'list create revoke'")
                .contains("-n '__fish_seen_subcommand_from restore' -F\n");
    }

    private Path report(Session session, String name, String... agents) throws IOException {
        StringBuilder yaml = new StringBuilder("agents:\n");
        for (int i = 0; i < agents.length; i++) {
            yaml.append("  ").append(agents[i]).append(": {connection: {url: 'http://a:" + (7001 + i) + "'}}\n");
        }
        Path registry = directory.resolve("agent-registry.yaml");
        Files.writeString(registry, yaml);
        Path report = directory.resolve(name + ".json");
        Run run = session.run(
                "scan",
                "--offline",
                "--registry",
                registry.toString(),
                "--format",
                "json",
                "--output",
                report.toString());
        assertThat(run.code()).isEqualTo(ExitCode.OK);
        return report;
    }

    private Run defect(String debug) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Session session = new Session(directory);
        if (debug.equals("1")) {
            session.variable("PANOPTES_DEBUG", debug);
        }
        ExitCode code = new Program(session.shell(out, err), List.of(new Broken())).run("broken");
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static final class Broken implements Command {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public String summary() {
            return "throws";
        }

        @Override
        public Action prepare(CommandSpec spec) {
            return shell -> {
                throw new IllegalStateException("broken");
            };
        }
    }
}
