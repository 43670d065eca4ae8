package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitIgnoredSettingCheckTest {
    private final UnitIgnoredSettingCheck check = new UnitIgnoredSettingCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    @Test
    void misspeltSettingsAreToldWithWhatWasMeant() throws InterruptedException {
        assertThat(told("[Service]", "ExecStart=/bin/true", "EnviromentFile=/etc/a.env"))
                .containsExactly(
                        "u/a.service: systemd ignores EnviromentFile= in [Service], EnvironmentFile= is meant");
        assertThat(told("[Service]", "Execstart=/bin/true"))
                .containsExactly("u/a.service: systemd ignores Execstart= in [Service], ExecStart= is meant");
        assertThat(told("[Service]", "Exec-Start=/bin/true", "WorkingDir=/srv", "WorkingDirectry=/srv"))
                .containsExactly(
                        "u/a.service: systemd ignores Exec-Start= in [Service], ExecStart= is meant, and 1 more");
        assertThat(told("[Unit]", "Decription=x", "[Service]", "ExecStart=/bin/true"))
                .hasSize(1);
    }

    @Test
    void misspeltSectionsAndThoseOfOtherUnitsAreTold() throws InterruptedException {
        assertThat(told("[Service]", "ExecStart=/bin/true", "[Instal]", "WantedBy=multi-user.target"))
                .containsExactly("u/a.service: systemd ignores [Instal], [Install] is meant");
        assertThat(told("[Unit]", "Description=x", "[Services]", "ExecStart=/bin/true"))
                .containsExactly("u/a.service: systemd ignores [Services], [Service] is meant");
        assertThat(told("[service]", "ExecStart=/bin/true"))
                .containsExactly("u/a.service: systemd ignores [service], [Service] is meant");
        assertThat(told("[Service]", "ExecStart=/bin/true", "[Timer]", "OnCalendar=daily"))
                .containsExactly("u/a.service: systemd ignores [Timer], a .timer unit of its own is meant");
    }

    @Test
    void aSettingInAnotherSectionThanItsOwnIsTold() throws InterruptedException {
        assertThat(told("[Service]", "ExecStart=/bin/true", "After=network.target"))
                .containsExactly("u/a.service: systemd ignores After= in [Service], After= in [Unit] is meant");
        assertThat(told("[Unit]", "WantedBy=multi-user.target", "[Service]", "ExecStart=/bin/true"))
                .containsExactly("u/a.service: systemd ignores WantedBy= in [Unit], WantedBy= in [Install] is meant");
        // Older names that systemd still takes there.
        assertThat(told("[Service]", "ExecStart=/bin/true", "StartLimitInterval=5", "StartLimitBurst=3"))
                .isEmpty();
    }

    @Test
    void whatIsOfOtherProgramsOrNearToNothingIsNotSaid() throws InterruptedException {
        assertThat(told(
                        "[Unit]",
                        "X-Enviroment=1",
                        "[Service]",
                        "ExecStart=/bin/true",
                        "SomethingOfALaterVersion=yes",
                        "# EnviromentFile=/x",
                        "[X-Instal]",
                        "A=b"))
                .isEmpty();
        assertThat(told("[D-BUS Service]", "Name=org.example", "Exec=/usr/bin/x", "User=root"))
                .isEmpty();
        assertThat(told("<?xml version='1.0'?>", "<service-group><name>x</name></service-group>"))
                .isEmpty();
        assertThat(tree.verdicts(check)).containsExactly("pass u/a.service");
    }

    @Test
    void timersSocketsAndDropInsAreReadAsWell() throws InterruptedException {
        tree.file("u/a.service", "[Service]", "ExecStart=/bin/true")
                .file("u/a.timer", "[Timer]", "OnCalender=daily")
                .file("u/a.service.d/more.conf", "[Service]", "Enviroment=A=b")
                .file("u/b.socket", "[Socket]", "ListenStream=80", "[Install]", "WantedBy=sockets.target");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail u/a.service.d/more.conf [u/a.service.d/more.conf]",
                        "fail u/a.timer [u/a.timer]",
                        "pass u/a.service",
                        "pass u/b.socket");
    }

    private List<String> told(String... lines) throws InterruptedException {
        tree.file("u/a.service", lines);
        return tree.accusations().stream()
                .filter(line -> line.startsWith("unit-ignored-setting: "))
                .map(line -> line.substring("unit-ignored-setting: ".length()))
                .toList();
    }
}
