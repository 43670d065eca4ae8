package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.core.yaml.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unit files from text to {@link UnitFile}, with the deployed prefix that they imply. */
class UnitFilesTest {
    @TempDir
    private Path directory;

    private Path root;
    private final List<Problem> problems = new ArrayList<>();

    @BeforeEach
    void create() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
    }

    private void file(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    private List<UnitFile> read() throws IOException, InterruptedException {
        ScannedTree tree = ScannedTree.at(root);
        List<ParsedUnit> parsed = new UnitFileReader(tree).parse(DeclarationFiles.in(tree), problems);
        DeployedPaths paths = switch (DeployedPrefix.of(tree, parsed)) {
            case DeployedPrefix.Answer.Known(List<String> prefixes) -> new TreePaths(tree, prefixes, "");
            case DeployedPrefix.Answer.Unclear(String reason) -> new TreePaths(tree, List.of(), reason);
        };
        return new UnitFileResolver(tree, paths).resolve(parsed);
    }

    private UnitFile unit(String text) throws IOException, InterruptedException {
        file("units/hermes.service", text);
        return read().getFirst();
    }

    @Test
    void reads_an_ordinary_unit() throws IOException, InterruptedException {
        UnitFile unit = unit("""
            # Notifications
            [Unit]
            Description=Hermes
            After=network.target

            [Service]
            Type=simple
            WorkingDirectory=/opt/fleet/agents/hermes
            Environment=PORT=8014 "GREETING=hello world"
            Environment='API_KEY=abc'
            ExecStart=/usr/bin/python3 -m uvicorn hermes:app --host 0.0.0.0 --port 8014
            Restart=always

            [Install]
            WantedBy=multi-user.target
            """);

        assertThat(unit.rootPath()).isEqualTo("units/hermes.service");
        assertThat(unit.name()).isEqualTo("hermes.service");
        assertThat(unit.workingDirectory()).isEqualTo("/opt/fleet/agents/hermes");
        assertThat(unit.workingDirectoryLine()).isEqualTo(8);
        assertThat(unit.environment())
                .containsEntry("PORT", "8014")
                .containsEntry("GREETING", "hello world")
                .containsEntry("API_KEY", "abc");
        assertThat(unit.start()).isNotNull();
        assertThat(unit.start().runner()).isEqualTo("uvicorn");
        assertThat(unit.start().module()).isEqualTo("hermes:app");
        assertThat(unit.start().port()).isEqualTo(new PortValue.Known(8014, null));
        assertThat(unit.start().line()).isEqualTo(11);
        assertThat(unit.start().text()).doesNotContain("abc");
        assertThat(unit.digest()).hasSize(64);
        assertThat(unit.details().installable()).isTrue();
        assertThat(unit.details().job()).isFalse();
        assertThat(problems).isEmpty();
    }

    @Test
    void joins_continued_lines_and_leaves_comments_among_them_out() throws IOException, InterruptedException {
        UnitFile unit = unit("[Service]\r\nExecStart=/usr/bin/uvicorn \\\r\n  # the app\r\n  ; more\r\n  a:app \\\r\n"
                + "  --port 8014\r\nWorkingDirectory = -/srv/x \r\n");

        assertThat(unit.start().module()).isEqualTo("a:app");
        assertThat(unit.start().port()).isEqualTo(new PortValue.Known(8014, null));
        assertThat(unit.start().line()).isEqualTo(2);
        assertThat(unit.workingDirectory()).isEqualTo("/srv/x");
        assertThat(unit.workingDirectoryLine()).isEqualTo(7);
    }

    @Test
    void an_empty_assignment_resets_a_list_and_the_last_command_counts() throws IOException, InterruptedException {
        UnitFile unit = unit("""
            [Service]
            Type=oneshot
            Environment=A=1
            Environment=
            Environment=B=2
            ExecStart=/bin/one
            ExecStart=
            ExecStart=/usr/bin/python3 two.py ; /usr/bin/python3 three.py
            """);

        assertThat(unit.environment()).containsOnlyKeys("B");
        assertThat(unit.start().module()).isEqualTo("three.py");
        assertThat(unit.details().job()).isTrue();
        assertThat(unit.details().installable()).isFalse();
    }

    @Test
    void prefixes_of_the_command_are_not_part_of_it() throws IOException, InterruptedException {
        assertThat(unit("[Service]\nExecStart=-+/usr/bin/python3 x.py\n")
                        .start()
                        .module())
                .isEqualTo("x.py");
        assertThat(unit("[Service]\nExecStart=@/usr/bin/python3 worker x.py\n")
                        .start()
                        .module())
                .isEqualTo("x.py");
        assertThat(unit("[Service]\nExecStart=!!/usr/bin/python3 'my file.py'\n")
                        .start()
                        .module())
                .isEqualTo("my file.py");
    }

    @Test
    void variables_come_from_the_environment() throws IOException, InterruptedException {
        assertThat(unit("[Service]\nEnvironment=PORT=8014\nExecStart=/usr/bin/uvicorn a:app --port ${PORT}\n")
                        .start()
                        .port())
                .isEqualTo(new PortValue.Known(8014, "PORT"));
        assertThat(unit("[Service]\nEnvironment=\"OPTIONS=--port 8014\"\nExecStart=/usr/bin/uvicorn a:app $OPTIONS\n")
                        .start()
                        .port())
                .isEqualTo(new PortValue.Known(8014, null));
        assertThat(unit("[Service]\nExecStart=/usr/bin/uvicorn a:app $OPTIONS\n")
                        .start()
                        .port())
                .isEqualTo(new PortValue.Known(8000, "UVICORN_PORT"));
        assertThat(unit("[Service]\nEnvironment=P=9\nExecStart=/bin/sh -c 'P=8014; uvicorn a:app --port $$P'\n")
                        .start()
                        .port())
                .isEqualTo(new PortValue.Known(8014, "P"));
    }

    @Test
    void environment_files_below_the_root_are_read() throws IOException, InterruptedException {
        file("agents/hermes/hermes.py", "");
        file("config/hermes.env", "# port\nPORT=\"8015\"\n; x\nSECRET=abc\nBAD LINE\n");
        UnitFile unit = unit("""
            [Service]
            WorkingDirectory=/opt/fleet/agents/hermes
            Environment=PORT=8014
            EnvironmentFile=-/opt/fleet/config/hermes.env
            ExecStart=/usr/bin/python3 hermes.py
            """);

        assertThat(unit.environment()).containsEntry("PORT", "8015").containsEntry("SECRET", "abc");
        assertThat(unit.details().environmentUnknown()).isNull();
    }

    @Test
    void an_environment_file_of_its_own_that_is_not_there_leaves_variables_open()
            throws IOException, InterruptedException {
        file("agents/hermes/hermes.py", "");
        String service = "[Service]\nWorkingDirectory=/opt/fleet/agents/hermes\nExecStart=/usr/bin/python3 hermes.py\n";
        file("units/a.service", service + "EnvironmentFile=/etc/default/a\nEnvironmentFile=/opt/fleet/.env\n");
        file("units/b.service", service + "EnvironmentFile=-/opt/fleet/.env\n");

        List<UnitFile> units = read();

        assertThat(units.get(0).details().environmentUnknown()).contains("/etc/default/a");
        assertThat(units.get(1).details().environmentUnknown()).isNull();
    }

    @Test
    void specifiers_of_the_name_are_replaced_and_a_templates_instance_is_left_open()
            throws IOException, InterruptedException {
        file("units/agent@.service", """
            [Service]
            WorkingDirectory=/opt/fleet/agents/%i
            ExecStart=/usr/bin/uvicorn %p:app --port 80%i
            """);
        Files.createSymbolicLink(root.resolve("units/agent@14.service"), Path.of("agent@.service"));

        List<UnitFile> units = read();

        assertThat(units).extracting(UnitFile::name).containsExactly("agent@.service", "agent@14.service");
        assertThat(units.get(0).template()).isTrue();
        assertThat(units.get(0).workingDirectory()).isEqualTo("/opt/fleet/agents/%i");
        assertThat(units.get(0).start().module()).isEqualTo("agent:app");
        assertThat(units.get(0).start().port()).isInstanceOf(PortValue.Unresolved.class);
        assertThat(units.get(1).template()).isFalse();
        assertThat(units.get(1).workingDirectory()).isEqualTo("/opt/fleet/agents/14");
        assertThat(units.get(1).start().port()).isEqualTo(new PortValue.Known(8014, null));
    }

    @Test
    void a_link_to_another_unit_is_an_alias() throws IOException, InterruptedException {
        file("units/hermes.service", "[Service]\nExecStart=/bin/x\n[Install]\nAlias=notify.service\n");
        Files.createSymbolicLink(root.resolve("units/mercury.service"), Path.of("hermes.service"));

        assertThat(read())
                .singleElement()
                .satisfies(unit ->
                        assertThat(unit.details().aliases()).containsExactly("mercury.service", "notify.service"));
    }

    @Test
    void drop_ins_beside_the_unit_apply_in_order_of_their_names() throws IOException, InterruptedException {
        file("units/hermes.service", "[Service]\nEnvironment=A=1\nExecStart=/usr/bin/uvicorn a:app --port 8014\n");
        file("units/hermes.service.d/20.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/uvicorn a:app --port 8016\n");
        file("units/hermes.service.d/10.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/uvicorn a:app --port 8015\n");
        file("other/hermes.service.d/30.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/uvicorn a:app --port 8017\n");

        UnitFile unit = read().getFirst();

        assertThat(unit.start().port()).isEqualTo(new PortValue.Known(8016, null));
        assertThat(unit.startPath()).isEqualTo("units/hermes.service.d/20.conf");
        assertThat(unit.details().dropIns())
                .containsExactly("units/hermes.service.d/10.conf", "units/hermes.service.d/20.conf");
        assertThat(unit.environment()).containsEntry("A", "1");
    }

    @Test
    void knows_what_a_timer_or_socket_starts() throws IOException, InterruptedException {
        file("units/backup.service", "[Service]\nExecStart=/bin/x\n");
        file("units/backup.timer", "[Timer]\nOnCalendar=daily\n");
        file("units/report.service", "[Service]\nExecStart=/bin/x\n");
        file("units/weekly.timer", "[Timer]\nUnit=report.service\n");

        assertThat(read()).extracting(unit -> unit.details().trigger()).containsExactly("backup.timer", "weekly.timer");
    }

    @Test
    void other_files_with_the_suffix_are_no_units() throws IOException, InterruptedException {
        file("dbus/org.example.service", "[D-BUS Service]\nName=org.example\nExec=/bin/x\n");
        file("avahi/http.service", "<?xml version=\"1.0\"?><service-group/>");
        file("units/empty.service", "");

        assertThat(read()).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void says_which_file_it_could_not_read() throws IOException, InterruptedException {
        file("units/a.service", "[Service]\nExecStart=/bin/x\n");
        file("units/huge.service", "[Service]\n" + "#".repeat(1024 * 1024));
        Files.write(root.resolve("units/binary.service"), new byte[] {'[', 0, 1, 2});
        Files.createDirectories(root.resolve("units/folder.service"));

        assertThat(read()).extracting(UnitFile::name).containsExactly("a.service");
        assertThat(problems).extracting(Problem::file).containsExactly("units/binary.service", "units/huge.service");
    }

    @Test
    void byte_order_mark_and_invalid_utf_8_survive() throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("units"));
        byte[] text = "\uFEFF[Service]\nDescription=caf\u00e9\nExecStart=/usr/bin/python3 x.py\n"
                .getBytes(StandardCharsets.UTF_8);
        text[3 + "[Service]\nDescription=caf".length()] = (byte) 0xff;
        Files.write(root.resolve("units/a.service"), text);

        assertThat(read())
                .singleElement()
                .satisfies(unit -> assertThat(unit.start()).isNotNull());
    }

    @Test
    void survives_anything_quickly() {
        String[] pieces = {
            "[Service]",
            "[",
            "]",
            "=",
            "ExecStart=",
            "Environment=",
            "EnvironmentFile=",
            "WorkingDirectory=",
            "\\",
            "\n",
            "\r\n",
            "\"",
            "'",
            "%i",
            "%",
            "%%",
            "$PORT",
            "${",
            "}",
            "\\x41",
            "\\x",
            " ",
            "-",
            "@",
            ";",
            "#",
            "/opt/fleet/agents/a",
            "/usr/bin/python3",
            "a.py",
            "--port",
            "8014",
            "PORT=8014",
            "é",
            "\uFFFD",
            "Type=oneshot",
            "//..//",
            "/"
        };
        Random random = new Random(7);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (int round = 0; round < 50; round++) {
                for (int file = 0; file < 10; file++) {
                    StringBuilder text = new StringBuilder("[Service]\nType=simple\n");
                    for (int i = random.nextInt(60); i >= 0; i--) {
                        text.append(pieces[random.nextInt(pieces.length)]);
                    }
                    file("units/" + file + (file % 2 == 0 ? "@" : "") + ".service", text.toString());
                }
                assertThat(read()).hasSize(10);
            }
            for (String piece : pieces) {
                String many = piece.repeat(200_000 / Math.max(1, piece.length()));
                file(
                        "units/0@.service",
                        "[Service]\nExecStart=" + many + "\nEnvironment=" + many.substring(0, many.length() / 2));
                read();
                file("units/0@.service", many);
                read();
            }
        });
    }
}
