package dev.panoptes.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From systemctl, played by a real script, to units. */
class SystemdTest {
    private static final Path FIXTURES = Path.of("src/test/fixtures/systemd").toAbsolutePath();
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private Exec script(String body) throws IOException {
        Path script = directory.resolve("systemctl");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Exec(Map.of(Exec.Tool.SYSTEMCTL, List.of(directory.resolve("none"), script)));
    }

    private static String capture(String name) throws IOException {
        return Files.readString(FIXTURES.resolve(name));
    }

    @Test
    void parses_every_unit_once() throws IOException {
        List<HostUnit> units = SystemdShowParser.parse(capture("show-252.txt"));

        assertThat(units)
                .extracting(HostUnit::name)
                .containsExactly(
                        "hermes.service",
                        "atlas.service",
                        "varys.service",
                        "chronos.service",
                        "aegis.service",
                        "backup.service",
                        "nobody.service");
        assertThat(units.get(0))
                .isEqualTo(new HostUnit(
                        "hermes.service",
                        List.of("hermes.service", "notify.service"),
                        "loaded",
                        "active",
                        "running",
                        "enabled",
                        "simple",
                        0,
                        812,
                        21_483_921,
                        "success",
                        List.of(),
                        List.of("multi-user.target"),
                        "/opt/fleet/agents/hermes",
                        "/etc/systemd/system/hermes.service",
                        List.of(),
                        List.of(),
                        false,
                        null));
        assertThat(units.get(1).workingDirectory()).isEqualTo("/opt/fleet/agents/atlas");
        assertThat(units.get(3).restarts()).isEqualTo(1342);
        assertThat(units.get(5).triggeredBy()).containsExactly("backup.timer");
        assertThat(units.get(6).loadState()).isEqualTo("not-found");
    }

    @Test
    void takes_what_an_old_systemd_leaves_out_as_unknown() throws IOException {
        assertThat(SystemdShowParser.parse(capture("show-219.txt")))
                .singleElement()
                .satisfies(unit -> {
                    assertThat(unit.restarts()).isZero();
                    assertThat(unit.activeState()).isEqualTo("active");
                    assertThat(unit.triggeredBy()).isEmpty();
                });
    }

    @Test
    void parses_anything_without_failing() {
        assertThat(SystemdShowParser.parse("")).isEmpty();
        assertThat(SystemdShowParser.parse("Id=\n\n=x\nnothing\n")).isEmpty();
        assertThat(SystemdShowParser.parse("Id=a.service\nNRestarts=999999999999\nMainPID=-3\nNames=\n"))
                .singleElement()
                .satisfies(unit -> {
                    assertThat(unit.restarts()).isEqualTo(Integer.MAX_VALUE);
                    assertThat(unit.mainPid()).isZero();
                });
        Random random = new Random(3);
        String alphabet = "Id=NRestart\n =.service0123456789\u0000é";
        for (int round = 0; round < 5_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(200); i >= 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(SystemdShowParser.parse(text.toString())).isNotNull();
        }
    }

    @Test
    void asks_once_for_all_units_and_by_name() throws IOException, InterruptedException {
        Path asked = directory.resolve("asked");
        Exec exec = script("printf '%s\\n' \"$@\" > " + asked + "; cat " + FIXTURES.resolve("show-252.txt"));

        Units units = new SystemdSource(new HostFiles(Path.of("/")), exec)
                .ask(List.of("hermes.service", "x@.service", "--help", "a b.service", "x@1.service"));

        assertThat(units).isInstanceOfSatisfying(Units.Seen.class, seen -> {
            assertThat(seen.units()).hasSize(7);
            assertThat(seen.uptimeMicros()).isPresent();
            assertThat(seen.units().getFirst().fragmentDigest()).isNull();
        });
        assertThat(Files.readAllLines(asked))
                .startsWith("show", "--all", "--no-pager")
                .contains("--", "*.service", "hermes.service", "x@1.service")
                .doesNotContain("x@.service", "--help", "a b.service");
    }

    @Test
    void digests_the_installed_file() throws IOException, InterruptedException {
        Path unit = Files.writeString(directory.resolve("a.service"), "[Service]\n");
        Exec exec = script("printf 'Id=a.service\\nFragmentPath=" + unit + "\\n'");

        Units units = new SystemdSource(new HostFiles(Path.of("/")), exec).ask(List.of());

        assertThat(units)
                .isInstanceOfSatisfying(
                        Units.Seen.class,
                        seen -> assertThat(seen.units().getFirst().fragmentDigest())
                                .isEqualTo("40d8baaabac85ad8ac5a2ec40dd065b4ea0fb47c25ce3ddad4c290d22503c90f")
                                .hasSize(64));
    }

    @Test
    void says_why_it_saw_nothing() throws IOException, InterruptedException {
        HostFiles files = new HostFiles(Path.of("/"));

        assertThat(new SystemdSource(files, script("echo 'Failed to connect to bus: Permission denied' >&2; exit 1"))
                        .ask(List.of()))
                .isEqualTo(new Units.Denied("systemctl ended with 1: Failed to connect to bus: Permission denied"));
        assertThat(new SystemdSource(files, new Exec(Map.of(Exec.Tool.SYSTEMCTL, List.of()))).ask(List.of()))
                .isInstanceOf(Units.Denied.class);
    }

    @Test
    void a_host_without_systemd_has_no_units_and_a_captured_tree_tells_no_states()
            throws IOException, InterruptedException {
        assertThat(new Host(directory).units(List.of())).isInstanceOf(Units.Absent.class);

        Files.createDirectories(directory.resolve("run/systemd/system"));
        assertThat(new Host(directory).units(List.of())).isInstanceOf(Units.Denied.class);
    }

    @Test
    void ends_a_program_at_its_deadline_with_its_children() throws IOException, InterruptedException {
        Path pids = directory.resolve("pids");
        Exec exec = script("sleep 600 & echo $! > " + pids + "; echo $$ >> " + pids + "; wait");

        Exec.Outcome outcome = exec.run(Exec.Tool.SYSTEMCTL, List.of(), Duration.ofMillis(500), 1000);

        assertThat(outcome).isInstanceOf(Exec.Outcome.TimedOut.class);
        for (String pid : Files.readAllLines(pids)) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(process -> {
                process.onExit().join();
                assertThat(process.isAlive()).isFalse();
            });
        }
    }

    @Test
    void ends_a_program_that_says_too_much() throws IOException, InterruptedException {
        assertThat(script("yes").run(Exec.Tool.SYSTEMCTL, List.of(), DEADLINE, 100_000))
                .isInstanceOf(Exec.Outcome.TooMuch.class);
    }

    @Test
    void gives_a_program_no_input_and_no_environment_of_ours() throws IOException, InterruptedException {
        assertThat(script("cat; env | sort; pwd; exit 3").run(Exec.Tool.SYSTEMCTL, List.of(), DEADLINE, 100_000))
                .isInstanceOfSatisfying(Exec.Outcome.Ended.class, ended -> {
                    assertThat(ended.exitCode()).isEqualTo(3);
                    assertThat(ended.output())
                            .contains("LC_ALL=C.UTF-8")
                            .doesNotContain("HOME=")
                            .endsWith("/\n");
                });
    }

    @Test
    void ends_a_program_when_interrupted() throws IOException {
        Exec exec = script("sleep 600");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> exec.run(Exec.Tool.SYSTEMCTL, List.of(), DEADLINE, 1000))
                .isInstanceOf(InterruptedException.class);
    }
}
