package dev.panoptes.sensors.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree is looked at again and again; each look tells what has changed, and nothing else. */
class PersistenceWatchTest {
    private static final Instant NOW = Instant.parse("2026-03-01T06:00:00Z");

    @TempDir
    Path root;

    private final Map<String, String> positions = new HashMap<>();
    private final List<Event> told = new ArrayList<>();

    private final EventSink sink = new EventSink() {
        @Override
        public void event(Event.Builder event) {
            told.add(event.build());
        }

        @Override
        public void lost(Loss reason, String provider, long count) {
            throw new AssertionError("nothing is lost here");
        }

        @Override
        public void malformed(String provider, long count) {
            throw new AssertionError("nothing is malformed here");
        }

        @Override
        public void position(String source, String position) {
            positions.put(source, position);
        }

        @Override
        public void flush() {}
    };

    @BeforeEach
    void aHost() throws IOException {
        write("/etc/passwd", "root:x:0:0::/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/bash\n");
        Files.createDirectories(root.resolve("home/anna"));
        Files.createDirectories(root.resolve("usr/lib"));
        Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
    }

    private Path write(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Path program(String path) throws IOException {
        Path file = write(path, "#!/bin/sh\ntrue\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    /** One look of a run of its own, over what earlier runs kept. @return action, kind, name */
    private List<String> look() throws InterruptedException {
        told.clear();
        Surroundings surroundings = new Surroundings(
                new Host(root),
                new Privileges(0, 0, false),
                InstantSource.fixed(NOW),
                ZoneOffset.UTC,
                Settings.none(),
                source -> Optional.ofNullable(positions.get(source)),
                null,
                true);
        new PersistenceWatch(surroundings, sink).collect(new Cycle(1, NOW));
        return told.stream()
                .map(event -> event.action() + " " + event.text("persistence.kind") + " "
                        + event.text("persistence.path")
                        + (event.text("persistence.line") == null ? "" : ":" + event.text("persistence.line")))
                .toList();
    }

    private Event only() {
        assertThat(told).hasSize(1);
        return told.getFirst();
    }

    @Test
    void theFirstLookIsTheInventoryAndTheNextIsSilent() throws IOException, InterruptedException {
        write("/etc/crontab", "SHELL=/bin/sh\n17 * * * * root cd / && run-parts /etc/cron.hourly\n");
        assertThat(look()).containsExactly("present cron_system /etc/crontab:2");
        Event event = only();
        assertThat(event.text("persistence.user")).isEqualTo("root");
        assertThat(event.text("persistence.schedule")).isEqualTo("17 * * * *");
        assertThat(event.text("persistence.runs")).isEqualTo("cd / && run-parts /etc/cron.hourly");
        assertThat(event.values("threat.technique.id")).containsExactly("T1053.003");
        assertThat(look()).isEmpty();
    }

    @Test
    void aLineMoreIsCreatedAndALineThatMovedIsNothing() throws IOException, InterruptedException {
        write("/var/spool/cron/crontabs/anna", "0 1 * * * /usr/bin/backup\n");
        look();
        write("/var/spool/cron/crontabs/anna", "# mine\n@reboot /tmp/x\n0 1 * * * /usr/bin/backup\n");
        assertThat(look()).containsExactly("created cron_user /var/spool/cron/crontabs/anna:2");
        assertThat(only().text("persistence.user")).isEqualTo("anna");
        write("/var/spool/cron/crontabs/anna", "@daily /tmp/x\n0 1 * * * /usr/bin/backup\n");
        assertThat(look()).containsExactly("modified cron_user /var/spool/cron/crontabs/anna:1");
        assertThat(only().text("persistence.previous.schedule")).isEqualTo("@reboot");
        write("/var/spool/cron/crontabs/anna", "0 1 * * * /usr/bin/backup\n");
        assertThat(look()).containsExactly("removed cron_user /var/spool/cron/crontabs/anna:1");
    }

    @Test
    void whatNothingRunsIsNoEntryOrIsDisabled() throws IOException, InterruptedException {
        write("/etc/cron.d/with.dot", "* * * * * root true\n");
        write("/etc/cron.daily/job.sh", "#!/bin/sh\n");
        write("/etc/sudoers.d/old~", "anna ALL=(ALL) ALL\n");
        write("/etc/sudoers.d/anna.conf", "anna ALL=(ALL) ALL\n");
        write("/etc/systemd/system/x.service.bak", "[Service]\nExecStart=/x\n");
        write("/etc/systemd/system/idle.service", "[Service]\nExecStart=/x\n[Install]\nWantedBy=multi-user.target\n");
        assertThat(look()).containsExactly("present systemd_service /etc/systemd/system/idle.service");
        assertThat(only().value("persistence.enabled")).contains(false);
        Path wants = root.resolve("etc/systemd/system/multi-user.target.wants");
        Files.createDirectories(wants);
        Files.createSymbolicLink(wants.resolve("idle.service"), Path.of("/etc/systemd/system/idle.service"));
        assertThat(look()).containsExactly("modified systemd_service /etc/systemd/system/idle.service");
        assertThat(only().value("persistence.enabled")).contains(true);
    }

    @Test
    void aPathHasOneSpellingAndItsPackage() throws IOException, InterruptedException {
        String unit = "[Service]\nExecStart=/usr/sbin/cron -f\n";
        write("/usr/lib/systemd/system/cron.service", unit);
        write("/etc/cron.d/e2scrub_all", "30 3 * * 0 root test -e /run/x\n");
        write(
                "/var/lib/dpkg/status",
                "Package: cron\n"
                        + "Version: 3.0\n"
                        + "Conffiles:\n"
                        + " /etc/cron.d/e2scrub_all 00000000000000000000000000000000\n\n");
        write("/var/lib/dpkg/info/cron.md5sums", md5(unit) + "  lib/systemd/system/cron.service\n");
        assertThat(look())
                .containsExactlyInAnyOrder(
                        "present systemd_service /usr/lib/systemd/system/cron.service",
                        "present cron_d /etc/cron.d/e2scrub_all:1");
        Event service = told.stream()
                .filter(event -> "systemd_service".equals(event.text("persistence.kind")))
                .findFirst()
                .orElseThrow();
        assertThat(service.text("package.name")).isEqualTo("cron");
        assertThat(service.text("package.version")).isEqualTo("3.0");
        assertThat(service.value("package.verified")).contains(true);
        Event table = told.stream()
                .filter(event -> "cron_d".equals(event.text("persistence.kind")))
                .findFirst()
                .orElseThrow();
        assertThat(table.value("package.verified")).contains(false);
    }

    private static String md5(String text) {
        try {
            return java.util.HexFormat.of()
                    .formatHex(java.security.MessageDigest.getInstance("MD5")
                            .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ways that are known to be used, each written into the tree, and the kind by which it is told. */
    @Test
    void knownWaysAreFoundByKindAndPath() throws IOException, InterruptedException {
        look();
        write("/etc/cron.d/job", "* * * * * root /tmp/x\n");
        program("/etc/cron.hourly/job");
        write("/etc/anacrontab", "1 5 cron.daily run-parts /etc/cron.daily\n");
        write(
                "/var/spool/cron/atjobs/a0001",
                "#!/bin/sh\n# atrun uid=1000 gid=1000\ncd /tmp || {\n\t exit 1\n}\n/tmp/x\n");
        write("/etc/systemd/system/x.timer", "[Timer]\nOnCalendar=hourly\n");
        write("/etc/systemd/system/x.socket", "[Socket]\nListenStream=1234\n");
        write("/etc/systemd/system/x.path", "[Path]\nPathExists=/tmp/y\n");
        write("/etc/systemd/system/ssh.service.d/override.conf", "[Service]\nExecStartPre=/tmp/x\n");
        write("/home/anna/.config/systemd/user/y.service", "[Service]\nExecStart=/tmp/x\n");
        program("/etc/systemd/system-generators/gen");
        program("/etc/rc.local");
        program("/etc/init.d/x");
        write("/etc/inittab", "id:2:initdefault:\n1:2345:respawn:/tmp/x\n");
        write("/etc/profile.d/x.sh", "/tmp/x\n");
        write("/home/anna/.bashrc", "/tmp/x\n");
        write("/root/.ssh/authorized_keys", "command=\"/tmp/x\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB a@b\n");
        write("/home/anna/.ssh/rc", "/tmp/x\n");
        write("/home/anna/.ssh/config", "Host *\n  ProxyCommand /tmp/x %h\n");
        write("/etc/ssh/sshd_config.d/x.conf", "AuthorizedKeysCommand /tmp/x\n");
        write("/etc/sudoers.d/x", "anna ALL=(ALL) NOPASSWD: ALL\n");
        write("/etc/doas.conf", "permit nopass anna\n");
        write("/etc/pam.d/sshd", "auth sufficient pam_exec.so /tmp/x\n");
        write("/usr/lib/x86_64-linux-gnu/security/pam_x.so", "x");
        write("/etc/ld.so.preload", "/tmp/x.so\n");
        write("/etc/ld.so.conf.d/x.conf", "/tmp/lib\n");
        write("/etc/udev/rules.d/99-x.rules", "ACTION==\"add\", RUN+=\"/tmp/x\"\n");
        program("/etc/update-motd.d/99-x");
        write("/etc/xdg/autostart/x.desktop", "[Desktop Entry]\nExec=/tmp/x\n");
        write("/etc/apt/apt.conf.d/99x", "APT::Update::Pre-Invoke {\"/tmp/x\";};\n");
        write("/etc/dpkg/dpkg.cfg.d/x", "post-invoke=/tmp/x\n");
        Files.createDirectories(root.resolve("home/anna/code/.git/hooks"));
        program("/home/anna/code/.git/hooks/pre-commit");
        write("/home/anna/code/.git/hooks/post-commit.sample", "x");
        write("/home/anna/.gitconfig", "[core]\n\tfsmonitor = /tmp/x\n[alias]\n\tst = !/tmp/x\n\tco = checkout\n");
        program("/etc/NetworkManager/dispatcher.d/x");
        program("/etc/network/if-up.d/x");
        write("/etc/network/interfaces", "iface eth0 inet dhcp\n  post-up /tmp/x\n");
        write("/etc/dhcp/dhclient-exit-hooks.d/x", "/tmp/x\n");
        write("/usr/share/dbus-1/system-services/x.service", "[D-BUS Service]\nName=x\nExec=/tmp/x\n");
        write("/etc/polkit-1/rules.d/x.rules", "polkit.addRule(function(){return 'yes'});\n");
        write("/etc/modules-load.d/x.conf", "x\n");
        write("/etc/modprobe.d/x.conf", "install usb-storage /tmp/x\n");
        program("/etc/initramfs-tools/hooks/x");
        write("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"init=/tmp/x\"\n");
        write("/etc/cloud/cloud.cfg.d/x.cfg", "runcmd: [/tmp/x]\n");
        write("/var/lib/docker/containers/abc/hostconfig.json", "{\"RestartPolicy\":{\"Name\":\"always\"}}");
        write("/usr/lib/python3/dist-packages/x.pth", "import os\n");
        write("/etc/environment", "LD_PRELOAD=/tmp/x.so\n");
        write("/etc/logrotate.d/x", "/var/log/x {\n postrotate\n /tmp/x\n endscript\n}\n");
        write("/etc/rsyslog.d/x.conf", "action(type=\"omprog\" binary=\"/tmp/x\")\n");
        write("/etc/snmp/snmpd.conf", "extend x /tmp/x\n");
        write("/home/anna/.forward", "\"|/tmp/x\"\n");
        write(
                "/etc/passwd",
                "root:x:0:0::/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/bash\ntoor::0:0::/root:/bin/sh\n");
        Path suid = program("/usr/bin/rootshell");
        Files.setAttribute(suid, "unix:mode", 04755);
        List<String> found = look();
        assertThat(found).allMatch(each -> each.startsWith("created "));
        assertThat(told.stream().map(event -> event.text("persistence.kind")).distinct())
                .containsExactlyInAnyOrder(
                        "cron_d",
                        "cron_periodic",
                        "anacron",
                        "at_job",
                        "systemd_timer",
                        "systemd_socket",
                        "systemd_path",
                        "systemd_drop_in",
                        "systemd_service",
                        "systemd_generator",
                        "rc_local",
                        "init_script",
                        "inittab",
                        "shell_profile",
                        "ssh_authorized_key",
                        "ssh_rc",
                        "ssh_config",
                        "sshd_config",
                        "sudoers",
                        "doas",
                        "pam_stack",
                        "pam_module",
                        "ld_preload",
                        "ld_config",
                        "udev_rule",
                        "motd",
                        "xdg_autostart",
                        "apt_hook",
                        "dpkg_hook",
                        "git_hook",
                        "git_config",
                        "networkmanager_dispatcher",
                        "ifupdown_script",
                        "dhclient_hook",
                        "dbus_service",
                        "polkit_rule",
                        "kernel_module",
                        "modprobe_command",
                        "initramfs_hook",
                        "grub",
                        "cloud_init",
                        "docker_container",
                        "python_site",
                        "environment",
                        "logrotate_script",
                        "rsyslog_program",
                        "snmpd_extend",
                        "mail_alias",
                        "user_account",
                        "suid_file");
        assertThat(told).allMatch(event -> !event.values("threat.technique.id").isEmpty());
        assertThat(look()).isEmpty();
    }

    @Test
    void xinetdRunsWhatIsNotDisabled() throws IOException, InterruptedException {
        write("/etc/xinetd.conf", "defaults\n{\n  disabled = c d\n}\nservice z\n{\n  server = /tmp/z\n}\n");
        write(
                "/etc/xinetd.d/a",
                "service a\n{\n  disable = yes\n  server = /tmp/a\n}\nservice b {\n server=/tmp/b\n}\n");
        write("/etc/xinetd.d/c", "service c\n{\n  server = /tmp/c\n  disable = no\n}\n");
        look();

        assertThat(told.stream().map(event -> event.text("persistence.runs") + " " + event.text("persistence.enabled")))
                .containsExactlyInAnyOrder("/tmp/z true", "/tmp/a false", "/tmp/b true", "/tmp/c false");
    }

    @Test
    void whoIsAskedForAccountsAndPermission() throws IOException, InterruptedException {
        write(
                "/etc/sudo.conf",
                "# Plugin x y.so\n"
                        + "Plugin sudoers_policy /tmp/evil.so arg\n"
                        + "Path askpass /tmp/ask\n"
                        + "Set probe_interfaces false\n");
        write("/etc/nsswitch.conf", "# x\npasswd:  files evil\n\nhosts: files dns\n");
        write("/usr/lib/x86_64-linux-gnu/libnss_evil.so.2", "x");
        write("/usr/lib/x86_64-linux-gnu/libnss_evil.so", "x");
        look();

        assertThat(told.stream().map(event -> event.text("persistence.kind") + " " + event.text("persistence.runs")))
                .containsExactlyInAnyOrder(
                        "sudo_plugin /tmp/evil.so arg",
                        "sudo_plugin /tmp/ask",
                        "nss_module files evil",
                        "nss_module files dns",
                        "nss_module /usr/lib/x86_64-linux-gnu/libnss_evil.so.2");
    }

    @Test
    void onlyWhatIsReadAtALoginIsItsStart() throws IOException, InterruptedException {
        write("/home/anna/.config/plasma-workspace/env/x.sh", "/tmp/x\n");
        write("/home/anna/.config/plasma-workspace/env/x.txt", "/tmp/x\n");
        write("/home/anna/.config/plasma-workspace/shutdown/y.sh", "/tmp/x\n");
        write("/etc/profile.d/a.sh", "x\n");
        write("/etc/profile.d/b.csh", "x\n");
        write("/etc/profile.d/sh.local", "x\n");
        write("/etc/profile.d/README", "x\n");

        assertThat(look())
                .containsExactlyInAnyOrder(
                        "present x_session /home/anna/.config/plasma-workspace/env/x.sh",
                        "present x_session /home/anna/.config/plasma-workspace/shutdown/y.sh",
                        "present shell_profile /etc/profile.d/a.sh",
                        "present shell_profile /etc/profile.d/b.csh",
                        "present shell_profile /etc/profile.d/sh.local");
    }

    @Test
    void rsyslogRunsProgramsInBothForms() throws IOException, InterruptedException {
        write(
                "/etc/rsyslog.d/x.conf",
                "action(type=\"omprog\" binary=\"/tmp/a b\")\n*.* ^/tmp/c;RSYSLOG_TraditionalFileFormat\n"
                        + ":msg, contains, \"x ^ y\" ^/tmp/d\n& ^/tmp/e\n:msg, contains, \"a ^/tmp/f\" /var/log/x\n");
        look();

        assertThat(told.stream().map(event -> event.text("persistence.runs")))
                .containsExactlyInAnyOrder("/tmp/a b", "/tmp/c", "/tmp/d", "/tmp/e");
    }

    /** What other services run when something happens, and what only looks like it. */
    @Test
    void servicesRunProgramsToo() throws IOException, InterruptedException {
        write("/etc/passwd", "root:x:0:0::/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/bash\n");
        look();
        write(
                "/etc/inetd.conf",
                "echo stream tcp nowait root internal\n4444 stream tcp nowait root /bin/sh sh -i\n# x\n");
        write("/etc/xinetd.d/x", "service x\n{\n  server = /tmp/x\n}\n");
        write("/etc/supervisor/conf.d/x.conf", "[program:x]\ncommand=/tmp/s\n");
        program("/etc/sv/x/run");
        write("/var/spool/incron/anna", "/tmp IN_CREATE /tmp/i $@\n");
        write("/etc/audit/plugins.d/x.conf", "active = yes\npath = /tmp/a\n");
        write("/etc/sysctl.d/x.conf", "kernel.core_pattern = |/tmp/c %p\nkernel.modprobe=/tmp/m\nkernel.panic=1\n");
        write("/etc/sysctl.d/y.conf", "kernel.core_pattern = core.%p\n");
        program("/etc/ppp/ip-up.d/x");
        write("/etc/openvpn/x.conf", "remote h\nup /tmp/o\n");
        write("/etc/acpi/events/x", "event=button/power\naction=/tmp/b\n");
        write("/home/anna/.vim/plugin/x.vim", "call system('/tmp/v')\n");
        write("/var/www/html/.user.ini", "auto_prepend_file=/tmp/p.php\n");
        write("/var/www/html/.htaccess", "php_value auto_prepend_file /tmp/h.php\nDirectoryIndex index.php\n");
        write(
                "/etc/passwd",
                "root:x:0:0::/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/bash\nnews:x:9:9::/:/bin/sh\n"
                        + "mail:x:8:8::/:/bin/sh\neve:$6$a$b:1002:1002::/:/bin/sh\n");
        write("/etc/shadow", "root:$6$a$b:1::::::\nanna:$6$a$b:1::::::\nnews:$6$a$b:1::::::\nmail:*:1::::::\n");

        look();
        assertThat(told.stream().map(event -> event.text("persistence.kind") + " " + event.text("persistence.runs")))
                .containsExactlyInAnyOrder(
                        "inetd_service /bin/sh sh -i",
                        "inetd_service /tmp/x",
                        "supervised_program /tmp/s",
                        "supervised_program /etc/sv/x/run",
                        "incron_table /tmp/i $@",
                        "audit_plugin /tmp/a",
                        "kernel_helper /tmp/c %p",
                        "kernel_helper /tmp/m",
                        "link_script /etc/ppp/ip-up.d/x",
                        "link_script /tmp/o",
                        "acpi_action /tmp/b",
                        "editor_config /home/anna/.vim/plugin/x.vim",
                        "web_module /tmp/p.php",
                        "web_module /tmp/h.php",
                        "user_account /bin/sh",
                        "user_account /bin/sh");
        assertThat(told.stream()
                        .filter(event -> "user_account".equals(event.text("persistence.kind")))
                        .map(event -> event.text("persistence.name")))
                .containsExactly("news is the system's and has a password", "eve has its password in passwd");
    }
}
