package dev.panoptes.sensors.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.Replayed;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthFeedTest {
    /** Message, then what is told of it: action, outcome, user, target, source, port. A line without a second part tells nothing. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
        sshd[1]: Accepted password for alice from 192.0.2.1 port 22 ssh2 | login success alice - 192.0.2.1 22
        sshd[1]: Accepted publickey for alice from 2001:db8::1 port 5 ssh2: RSA SHA256:abc | login success alice - 2001:db8::1 5
        sshd-session[1]: Accepted keyboard-interactive/pam for bob from ::ffff:192.0.2.1 port 22 ssh2 | login success bob - 192.0.2.1 22
        sshd[1]: Failed password for root from 192.0.2.1 port 22 ssh2 | login_failed failure root - 192.0.2.1 22
        sshd[1]: Failed password for invalid user x from 192.0.2.9 port 1 ssh2 from 192.0.2.1 port 22 ssh2 | login_failed failure x from 192.0.2.9 port 1 ssh2 - 192.0.2.1 22
        sshd[1]: Failed none for invalid user  from 192.0.2.1 port 22 ssh2 | login_failed failure - - 192.0.2.1 22
        sshd[1]: Failed publickey for git from 192.0.2.1 port 22 ssh2: RSA-CERT ID evil from 9.9.9.9 port 1 ssh2 (serial 0) CA RSA SHA256:x | login_failed failure git - 192.0.2.1 22
        sshd[1]: Invalid user admin from 192.0.2.1 | login_failed failure admin - 192.0.2.1 -
        sshd[1]: Invalid user  from 192.0.2.1 port 7 | login_failed failure - - 192.0.2.1 7
        sshd[1]: input_userauth_request: invalid user admin [preauth] |
        sshd[1]: User root from 192.0.2.1 not allowed because not listed in AllowUsers | login_failed failure root - 192.0.2.1 -
        sshd[1]: ROOT LOGIN REFUSED FROM 192.0.2.1 port 3 | login_failed failure root - 192.0.2.1 3
        sshd[1]: error: maximum authentication attempts exceeded for invalid user a b from 192.0.2.1 port 3 ssh2 [preauth] | login_failed failure a b - 192.0.2.1 3
        sshd[1]: error: PAM: Authentication failure for illegal user x from host.example | login_failed failure x - host.example -
        sshd[1]: PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=root | login_failed failure root - 192.0.2.1 -
        sshd[1]: PAM service(sshd) ignoring max retries; 3 > 3 |
        sshd[1]: Did not receive identification string from 192.0.2.1 port 5 | connection_refused failure - - 192.0.2.1 5
        sshd[1]: Did not receive identification string from 192.0.2.1 | connection_refused failure - - 192.0.2.1 -
        sshd[1]: Bad protocol version identification 'GET / HTTP/1.1' from 192.0.2.1 port 5 | connection_refused failure - - 192.0.2.1 5
        sshd[1]: error: kex_exchange_identification: Connection closed by remote host | connection_refused failure - - - -
        sshd[1]: banner exchange: Connection from 192.0.2.1 port 5: invalid format | connection_refused failure - - 192.0.2.1 5
        sshd[1]: Unable to negotiate with 192.0.2.1 port 5: no matching host key type found. Their offer: ssh-dss [preauth] | connection_refused failure - - 192.0.2.1 5
        sshd[1]: fatal: Unable to negotiate with 192.0.2.1: no matching cipher found. | connection_refused failure - - 192.0.2.1 -
        sshd[1]: refused connect from host.example (192.0.2.1) | connection_refused failure - - 192.0.2.1 -
        sshd[1]: fatal: Timeout before authentication for 192.0.2.1 port 5 | connection_refused failure - - 192.0.2.1 5
        sshd[1]: Connection closed by 192.0.2.1 [preauth] | connection_refused failure - - 192.0.2.1 -
        sshd[1]: Connection closed by invalid user a b 192.0.2.1 port 5 [preauth] | connection_refused failure a b - 192.0.2.1 5
        sshd[1]: Connection reset by authenticating user root 192.0.2.1 port 5 [preauth] | connection_refused failure root - 192.0.2.1 5
        sshd[1]: Connection reset by 192.0.2.1 port 5 | connection_refused failure - - 192.0.2.1 5
        sshd[1]: Connection closed by 192.0.2.1 | logout success - - 192.0.2.1 -
        sshd[1]: Connection closed by user alice 192.0.2.1 port 5 | logout success alice - 192.0.2.1 5
        sshd[1]: Disconnected from 192.0.2.1 port 5 | logout success - - 192.0.2.1 5
        sshd[1]: ssh_dispatch_run_fatal: Connection from user a b 192.0.2.1 port 5: Broken pipe | logout success a b - 192.0.2.1 5
        sshd[1]: ssh_dispatch_run_fatal: Connection to invalid user x 192.0.2.1 port 5: Broken pipe | connection_refused failure x - 192.0.2.1 5
        sshd[1]: ssh_dispatch_run_fatal: Connection from 192.0.2.1 port 5: bad client public DH value [preauth] | connection_refused failure - - 192.0.2.1 5
        sshd[1]: Received disconnect from 192.0.2.1: 11: Bye Bye [preauth] | connection_refused failure - - 192.0.2.1 -
        sshd[1]: Received disconnect from 192.0.2.1 port 5:11: disconnected by user | logout success - - 192.0.2.1 5
        sshd[1]: error: Received disconnect from 192.0.2.1: 3: com.jcraft.jsch.JSchException: Auth fail | connection_refused failure - - 192.0.2.1 -
        sshd[1]: Disconnected from user alice 192.0.2.1 port 5 | logout success alice - 192.0.2.1 5
        sshd[1]: Disconnecting authenticating user root 192.0.2.1 port 5: Too many authentication failures [preauth] | connection_refused failure root - 192.0.2.1 5
        sshd[1]: drop connection #10 from [192.0.2.1]:55 on [192.0.2.2]:22 past MaxStartups | connection_refused failure - - 192.0.2.1 55
        sshd[1]: Postponed publickey for root from 192.0.2.1 port 5 ssh2 [preauth] |
        sshd[1]: reverse mapping checking getaddrinfo for x.example [192.0.2.1] failed - POSSIBLE BREAK-IN ATTEMPT! |
        sshd[1]: [ID 800047 auth.info] Accepted password for root from 192.0.2.1 port 2 ssh2 | login success root - 192.0.2.1 2
        sshd[1]: Accepted key ED25519 SHA256:abc found at /home/a/.ssh/authorized_keys:1 | key_accepted success - - - -
        sshd[1]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=root | login_failed failure root - 192.0.2.1 -
        sshd(pam_unix)[1]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=host.example | login_failed failure - - host.example -
        sshd(pam_unix)[1]: check pass; user unknown | login_failed failure - - - -
        sshd[1]: (pam_unix) session opened for user root by (uid=0) | session_opened success root - - -
        sshd[1]: pam_unix(sshd:session): session opened for user alice(uid=1000) by root(uid=0) | session_opened success alice - - -
        CRON[1]: pam_unix(cron:session): session closed for user root | session_closed success root - - -
        sshd[1]: pam_succeed_if(sshd:auth): requirement "uid >= 1000" not met by user "root" | login_failed failure root - - -
        gdm-password][1]: pam_succeed_if(gdm-password:auth): requirement "user ingroup nopasswdlogin" not met by user "bob" |
        sshd[1]: pam_succeed_if(sshd:account): requirement "service notin sudo:su" not met by user "bob" |
        sshd[1]: pam_sss(sshd:auth): received for user bob: 7 (Authentication failure) | login_failed failure bob - - -
        su: pam_unix(su-l:auth): authentication failure; logname=alice uid=1000 euid=0 tty=/dev/pts/0 ruser=alice rhost=  user=root | login_failed failure alice root - -
        su(pam_unix)[1]: session opened for user cyrus by (uid=0) | session_opened success cyrus - - -
        sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/echo ; USER=x | privilege_used success alice root - -
        sudo[7]:    alice : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls | privilege_refused failure alice root - -
        sudo: alice : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls | privilege_refused failure alice root - -
        sudo: alice : TTY=pts/0 ; PWD=/tmp/a ; b ; USER=root ; ENV=A=1 ; COMMAND=/bin/ls | privilege_used success alice root - -
        sudo: alice : command not allowed ; TTY=pts/0 ; PWD=/tmp/a ; b ; USER=root ; COMMAND=/bin/ls | privilege_refused failure alice root - -
        su[1]: pam_wheel(su:auth): Access denied to 'alice' for 'root' | login_failed failure alice root - -
        unix_chkpwd[1]: password check failed for user (root) | login_failed failure root - - -
        sshd[1]: scanned from 192.0.2.1 with SSH-1.0-SSH_Version_Mapper.  Don't panic. | connection_refused failure - - 192.0.2.1 -
        login[1]: invalid password for 'UNKNOWN' on 'ttyS0' | login_failed failure - - - -
        su[1]: Successful su for root by alice | privilege_used success alice root - -
        su[1]: FAILED su for root by alice | privilege_refused failure alice root - -
        su[1]: + /dev/pts/0 alice:root | privilege_used success alice root - -
        su[1]: - pts/0 www-data-root | privilege_refused failure www-data root - -
        su[1]: (to root) alice on pts/1 | privilege_used success alice root - -
        su: FAILED SU (to root) alice on pts/1 | privilege_refused failure alice root - -
        doas: alice ran command ls -l as root from /home/alice | privilege_used success alice root - -
        pkexec[1]: alice: Executing command [USER=root] [TTY=/dev/pts/0] [CWD=/] [COMMAND=/bin/ls] | privilege_used success alice root - -
        useradd[1]: new user: name=bob, UID=1001, GID=1001, home=/home/bob, shell=/bin/bash, from=/dev/pts/0 | user_created success bob bob - -
        useradd[1]: add 'bob' to group 'sudo' | group_changed success - bob - -
        groupadd[1]: group added to /etc/group: name=docker, GID=999 | group_created success - - - -
        userdel[1]: delete user 'bob' | user_deleted success bob bob - -
        userdel[1]: removed group 'bob' owned by 'bob' | group_deleted success - - - -
        usermod[1]: change user 'bob' shell from '/bin/sh' to '/bin/bash' | user_changed success bob bob - -
        passwd[1]: pam_unix(passwd:chauthtok): password changed for bob | password_changed success bob bob - -
        gpasswd[1]: user bob added by root to group docker | group_changed success root bob - -
        login[1]: FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure | login_failed failure root - - -
        login[1]: ROOT LOGIN  on '/dev/tty1' | login success root - - -
        login[1]: LOGIN ON tty1 BY alice | login success alice - - -
        systemd-logind[1]: New session 5 of user bob. | session_opened success bob - - -
        systemd-logind[1]: Session 5 logged out. Waiting for processes to exit. | logout success - - - -
        dropbear[1]: Password auth succeeded for 'root' from 192.0.2.1:4242 | login success root - 192.0.2.1 4242
        dropbear[1]: Bad password attempt for 'root' from 192.0.2.1:4242 | login_failed failure root - 192.0.2.1 4242
        dropbear[1]: Login attempt for nonexistent user from 2001:db8::1:4242 | login_failed failure - - 2001:db8::1 4242
        dropbear[1]: Exit before auth from <192.0.2.1:4242>: (user 'root', 0 fails): Exited normally | connection_refused failure root - 192.0.2.1 4242
        dropbear[1]: Exit (root) from <192.0.2.1:4242>: Disconnect received | logout success root - 192.0.2.1 4242
        CRON[1]: (root) CMD (run-parts /etc/cron.hourly) | job_run success root - - -
        crond[1]: USER root pid   7 cmd run-parts /etc/periodic/15min | job_run success root - - -
        crond[1]: USER root pid 7 cmd |
        crontab[1]: (bob) REPLACE (root) | job_changed success bob root - -
        crontab[1]: (bob) DELETE (bob) | job_removed success bob bob - -
        crontab[1]: (bob) LIST (bob) |
        evil[1]: (bob) REPLACE (root) |
        evil: sshd[1]: Accepted password for root from 192.0.2.1 port 22 ssh2 |
        """)
    void readsWhatProgramsSay(String message, String expected) {
        Replayed replayed = replay("Nov  9 01:02:03 host " + message + "\n");

        assertThat(replayed.result().malformed()).isZero();
        List<String> told = new ArrayList<>();
        for (Event event : replayed.events()) {
            told.add(String.join(
                    " ",
                    word(event, "event.action"),
                    word(event, "event.outcome"),
                    word(event, "user.name"),
                    word(event, "user.target.name"),
                    event.text("source.ip") == null ? word(event, "source.domain") : word(event, "source.ip"),
                    word(event, "source.port")));
        }
        assertThat(told).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    private static String word(Event event, String path) {
        String text = event.text(path);
        return text == null ? "-" : text;
    }

    private static Replayed replay(String text) {
        return Replayed.of("auth", new AuthFeed(), text.getBytes(StandardCharsets.UTF_8), ZoneOffset.UTC, 2023);
    }

    @Test
    void countsRepetitions() {
        Replayed replayed = replay("""
            Nov  9 01:02:03 host sshd[1]: message repeated 3 times: [ Failed password for root from 192.0.2.1 port 22 ssh2]
            Nov  9 01:02:04 host last message repeated 2 times
            """);

        assertThat(replayed.texts("event.count")).containsExactly("3", "2");
        assertThat(replayed.texts("user.name")).containsExactly("root", "root");
        assertThat(replayed.texts("log.offset")).containsExactly("0", "112");
    }

    @Test
    void raisesTheYearOnlyFromDecemberToJanuary() {
        String line = "%s 01:02:03 host sshd[1]: Invalid user a from 192.0.2.1\n";
        Replayed replayed = replay(line.formatted("Dec 30")
                + line.formatted("Jan  1")
                + line.formatted("Dec 31")
                + line.formatted("Jan  2")
                + line.formatted("Mar  3")
                + line.formatted("Feb  3"));

        assertThat(replayed.texts("@timestamp"))
                .extracting(text -> text.substring(0, 10))
                .containsExactly("2023-12-30", "2024-01-01", "2023-12-31", "2024-01-02", "2024-03-03", "2024-02-03");
    }

    /** Alpine's syslogd is busybox's. */
    @Test
    void readsThePriorityThatBusyboxWrites() {
        Replayed replayed = Replayed.of(
                "auth",
                new AuthFeed(),
                ("Nov  9 01:02:03 alpine auth.info sshd[7]: Accepted password for a from 192.0.2.1 port 1 ssh2\n"
                                + "Nov  9 01:02:04 alpine authpriv.warn dropbear[8]: Bad password attempt for 'b' from"
                                + " 192.0.2.1:5\n"
                                + "Nov  9 01:02:05 auth.err sshd[9]: Failed password for c from 192.0.2.1 port 1 ssh2\n")
                        .getBytes(StandardCharsets.UTF_8),
                ZoneOffset.UTC,
                2023);

        assertThat(replayed.texts("user.name")).containsExactly("a", "b", "c");
        assertThat(replayed.texts("host.name")).containsExactly("alpine", "alpine", "-");
        assertThat(replayed.texts("process.pid")).containsExactly("7", "8", "9");
    }

    @Test
    void readsStampsOfEveryKind() {
        String message = "Accepted password for a from 192.0.2.1 port 1 ssh2\n";
        Replayed replayed = Replayed.of(
                "auth",
                new AuthFeed(),
                ("2023-11-09T01:02:03.123456+02:00 host sshd[1]: " + message
                                + "<38>1 2023-11-09T01:02:03Z host sshd 7 - [a@1 b=\"x\\\"]\"] \ufeff" + message
                                + "<38>Nov  9 01:02:03 host sshd[1]: " + message
                                + "2023-11-09 01:02:03 host sshd[1]: " + message
                                + "Thu Nov  9 01:02:03 2023 authpriv.info sshd[1]: " + message)
                        .getBytes(StandardCharsets.UTF_8),
                ZoneId.of("America/New_York"),
                2023);

        assertThat(replayed.texts("@timestamp"))
                .containsExactly(
                        "2023-11-08T23:02:03.123456Z",
                        "2023-11-09T01:02:03Z",
                        "2023-11-09T06:02:03Z",
                        "2023-11-09T06:02:03Z",
                        "2023-11-09T06:02:03Z");
        assertThat(replayed.texts("process.pid")).containsExactly("1", "7", "1", "1", "1");
    }

    @Test
    void believesOnlyWhomTheJournalKnows() {
        String entry = """
            {"__REALTIME_TIMESTAMP":"1700000000000001","_HOSTNAME":"h","SYSLOG_IDENTIFIER":"sshd","_PID":"9","MESSAGE":"Accepted password for root from 192.0.2.1 port 1 ssh2"%s}
            """;
        Replayed replayed = replay(entry.formatted(",\"_UID\":\"0\",\"_COMM\":\"sshd\"")
                + entry.formatted(",\"_UID\":\"1000\",\"_COMM\":\"logger\"")
                + entry.formatted(",\"_UID\":\"0\",\"_COMM\":\"logger\"")
                + entry.formatted(",\"_UID\":\"1000\"")
                + entry.formatted("")
                + "{\"MESSAGE\":[73,110],\n");

        assertThat(replayed.texts("@timestamp")).hasSize(2).containsOnly("2023-11-14T22:13:20.000001Z");
        assertThat(replayed.result().malformed()).isOne();
    }

    /** The name that an entry gives its author is the author's to choose; a copy of logger may be called sshd. */
    @Test
    void believesOfUsersOnlyWhatProgramsOfTheSystemSay() {
        String failed = "Failed password for root from 192.0.2.1 port 1 ssh2";
        String gone = "Disconnected from user alice 192.0.2.1 port 1";
        String sudo = "alice : PWD=/ ; USER=root ; COMMAND=/usr/bin/id";

        assertThat(by("sshd", failed, "1000", "sshd", "/home/alice/sshd")).isEmpty();
        assertThat(by("sshd", failed, "1000", "sshd", "/tmp/s")).isEmpty();
        assertThat(by("sshd", failed, "1000", "sshd", "")).isEmpty();
        assertThat(by("sshd", failed, "1000", "sshd", "/usr/sbin/sshd")).isEmpty();
        assertThat(by("sshd", failed, "1000", "sshd", "/usr/bin/sleep")).isEmpty();
        assertThat(by("sshd", failed, "0", "app", "/opt/app/bin/app")).isEmpty();
        assertThat(by("sshd", failed, "0", "python3.11", "/usr/bin/python3.11")).isEmpty();
        assertThat(by("sshd", failed, "0", "sshd", "/usr/sbin/sshd (deleted)")).containsExactly("login_failed");
        assertThat(by("sshd-session", failed, "0", "sshd-session", "/usr/lib/openssh/sshd-session"))
                .containsExactly("login_failed");
        assertThat(by("sshd", gone, "1000", "sshd", "/usr/sbin/sshd")).containsExactly("logout");
        assertThat(by("sshd", gone, "1000", "sshd", "")).containsExactly("logout");
        assertThat(by("sshd", gone, "1000", "sshd", "/home/alice/sshd")).isEmpty();
        assertThat(by("sudo", sudo, "1000", "sudo", "/usr/bin/sudo")).containsExactly("privilege_used");
        assertThat(by("sudo", sudo, "1000", "sudo", "/home/alice/sudo")).isEmpty();
        assertThat(by("sudo", sudo, "1000", "sudo", "")).isEmpty();
        String refused = "alice : user NOT in sudoers ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id";
        assertThat(by("sudo", refused, "1000", "", "")).containsExactly("privilege_refused");
        assertThat(by("sudo", refused, "1001", "", "")).as("of another").isEmpty();
        assertThat(by("sudo", refused, "1000", "logger", "")).isEmpty();
        assertThat(by("sudo", refused, "1000", "sudo", "/home/alice/sudo")).isEmpty();
    }

    private List<String> by(String tag, String message, String uid, String command, String executable) {
        String entry = """
            {"__REALTIME_TIMESTAMP":"1700000000000001","SYSLOG_IDENTIFIER":"%s","MESSAGE":"%s","_UID":"%s"%s%s}
            """.formatted(
                        tag,
                        message,
                        uid,
                        command.isEmpty() ? "" : ",\"_COMM\":\"" + command + "\"",
                        executable.isEmpty() ? "" : ",\"_EXE\":\"" + executable + "\"");
        return Replayed.of("auth", new AuthFeed(id -> id == 1000 ? "alice" : "bob"), entry)
                .texts("event.action");
    }

    @Test
    void tellsWhatTheJournalDroppedOfUnitsThatPeopleLogInBy() {
        String entry = """
            {"__REALTIME_TIMESTAMP":"1700000000000001","SYSLOG_IDENTIFIER":"systemd-journald","MESSAGE":"Suppressed 7 messages from %s","MESSAGE_ID":"a596d6fe7bfa4994828e72309e95d61e","N_DROPPED":"%s","_TRANSPORT":"%s","_UID":"0","_COMM":"systemd-journal"}
            """;
        assertThat(replay(entry.formatted("ssh.service", "7", "driver"))
                        .result()
                        .lost())
                .isEqualTo(7);
        assertThat(replay(entry.formatted("/system.slice/ssh.service", "7", "driver"))
                        .result()
                        .lost())
                .isEqualTo(7);
        assertThat(replay(entry.formatted("nginx.service", "7", "driver")
                                + entry.formatted("ssh.service", "x", "driver")
                                + entry.formatted("ssh.service", "7", "syslog"))
                        .result()
                        .lost())
                .isZero();
    }

    @Test
    void readsTheExportFormat() {
        String message = "Invalid user a\nFailed password for root from 198.51.100.1 port 1 ssh2 from 192.0.2.1 port 5";
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        Replayed replayed = replay("__CURSOR=s=1\n__REALTIME_TIMESTAMP=1700000000000000\n_HOSTNAME=h\n"
                + "SYSLOG_IDENTIFIER=sshd\n_PID=4\nMESSAGE\n" + (char) bytes.length + "\0\0\0\0\0\0\0" + message
                + "\n\n__CURSOR=s=2\nMESSAGE=x\n\n");

        assertThat(replayed.result().line()).isEqualTo("replayed 2 records, 1 events, 0 malformed, 0 lost");
        assertThat(replayed.texts("source.ip")).containsExactly("192.0.2.1");
    }

    @Test
    void readsTheFileThatSudoWrites() {
        Replayed replayed = replay("""
            Dec 31 23:59:59 : anna : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id
            Jan  1 00:00:01 : anna : command not allowed ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/vi
            Jan  1 00:00:01 2026 : bob : HOST=web : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh -c a : b
            Jan  1 00:00:01 2026 : bob : HOST=web ; COMMAND=/bin/sh
            Feb 31 00:00:01 2026 : bob : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh
            """);

        assertThat(replayed.texts("@timestamp"))
                .containsExactly("2023-12-31T23:59:59Z", "2024-01-01T00:00:01Z", "2026-01-01T00:00:01Z");
        assertThat(replayed.texts("event.action"))
                .containsExactly("privilege_used", "privilege_refused", "privilege_used");
        assertThat(replayed.texts("auth.command")).containsExactly("/usr/bin/id", "/usr/bin/vi", "/bin/sh -c a : b");
        assertThat(replayed.result().malformed()).isEqualTo(1);
    }

    @Test
    void readsWhatModulesRefuse() {
        Replayed replayed = replay("""
            2023-11-09T01:02:03Z h sshd[1]: pam_krb5[1]: authentication fails for 'a b' (a@EXAMPLE.COM): Authentication failure (Preauthentication failed)
            2023-11-09T01:02:03Z h sshd[1]: pam_winbind(sshd:auth): request wbcLogonUser failed: WBC_ERR_AUTH_ERROR, PAM error: PAM_AUTH_ERR (7), NTSTATUS: NT_STATUS_LOGON_FAILURE
            2023-11-09T01:02:03Z h login[1]: pam_securetty(login:auth): access denied: tty 'tty9' is not secure !
            2023-11-09T01:02:03Z h CROND[1]: (bob) FAILED to authorize user with PAM (User account has expired)
            2023-11-09T01:02:03Z h CROND[1]: (bob) CMDOUT (true)
            2023-11-09T01:02:03Z h sshd-session[1]: error: Certificate invalid: expired
            """);

        assertThat(replayed.texts("event.action")).hasSize(5).containsOnly("login_failed");
        assertThat(replayed.texts("user.name")).containsExactly("a b", "-", "-", "bob", "-");
    }

    @Test
    void leavesOutPortsAndTerminalsThatAreNone() {
        Replayed replayed = replay("""
            2023-11-09T01:02:03Z h sshd[1]: Connection closed by UNKNOWN port 65535 [preauth]
            2023-11-09T01:02:03Z h login[1]: FAILED LOGIN 2 FROM (null) FOR bob, Authentication failure
            2023-11-09T01:02:03Z h sshd[1]: Timeout, client not responding from user bob 192.0.2.1 port 65535
            """);

        assertThat(replayed.texts("source.port")).containsExactly("-", "-", "65535");
        assertThat(replayed.texts("auth.tty")).containsOnly("-");
        assertThat(replayed.texts("event.action")).containsExactly("connection_refused", "login_failed", "logout");
    }
}
