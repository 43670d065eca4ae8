package dev.panoptes.sensors.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.Replayed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole lines as the distributions' own loggers write them, from the sources of OpenSSH, Linux-PAM, sudo, shadow and busybox. */
class DistributionsTest {
    /** The line, then action, outcome, user, target, source, port. A line without a second part tells nothing. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
        2026-03-01T06:00:00.123456+01:00 deb13 sshd-session[811]: Accepted publickey for anna from 192.0.2.7 port 50514 ssh2: ED25519 SHA256:abc | login success anna - 192.0.2.7 50514
        2026-03-01T06:00:00.123456+01:00 deb13 sshd-session[811]: Failed password for invalid user oracle from 192.0.2.7 port 50514 ssh2 | login_failed failure oracle - 192.0.2.7 50514
        2026-03-01T06:00:00.123456+01:00 deb13 sshd-session[811]: Connection closed by authenticating user root 192.0.2.7 port 50514 [preauth] | connection_refused failure root - 192.0.2.7 50514
        2026-03-01T06:00:00.123456+01:00 deb13 sshd-session[811]: Connection reset by 192.0.2.7 port 50514 [preauth] | connection_refused failure - - 192.0.2.7 50514
        2026-03-01T06:00:00.123456+01:00 deb13 sshd-session[811]: Disconnected from user anna 2001:db8::7 port 50514 | logout success anna - 2001:db8::7 50514
        2026-03-01T06:00:00.123456+01:00 deb13 sshd[700]: Timeout before authentication for connection from 192.0.2.7 to 192.0.2.1, pid = 811 | connection_refused failure - - 192.0.2.7 -
        2026-03-01T06:00:00.123456+01:00 deb13 sshd[700]: drop connection #0 from [192.0.2.7]:50514 on [192.0.2.1]:22 penalty: failed authentication | connection_refused failure - - 192.0.2.7 50514
        2026-03-01T06:00:00.123456+01:00 deb13 sshd[700]: drop connection #11 from [2001:db8::7]:50514 on [2001:db8::1]:22 past MaxStartups | connection_refused failure - - 2001:db8::7 50514
        2026-03-01T06:00:00.123456+01:00 deb13 sshd[700]: srclimit_penalise: ipv4: new 192.0.2.7/32 deferred penalty of 5 seconds for penalty: failed authentication |
        2026-03-01T06:00:00.123456+01:00 deb13 sshd[700]: Server listening on 0.0.0.0 port 22. |
        2026-03-01T06:00:00.123456+01:00 deb13 sshd-auth[812]: Disconnecting invalid user guest 192.0.2.7 port 50514: Too many authentication failures [preauth] | connection_refused failure guest - 192.0.2.7 50514
        2026-03-01T06:00:00.123456+01:00 deb13 sudo:     anna : a password is required ; TTY=pts/0 ; PWD=/home/anna ; USER=root ; COMMAND=/usr/bin/apt update | privilege_refused failure anna root - -
        2026-03-01T06:00:00.123456+01:00 deb13 sudo: pam_unix(sudo:session): session opened for user root(uid=0) by anna(uid=1000) | session_opened success root - - -
        2026-03-01T06:00:00.123456+01:00 deb13 sudo: pam_unix(sudo:auth): auth could not identify password for [anna] | login_failed failure anna - - -
        2026-03-01T06:00:00.123456+01:00 deb13 su[900]: (to root) anna on pts/1 | privilege_used success anna root - -
        2026-03-01T06:00:00.123456+01:00 deb13 su[900]: FAILED SU (to root) anna on pts/1 | privilege_refused failure anna root - -
        Mar  1 06:00:00 ubuntu sshd[811]: Invalid user test from 198.51.100.9 port 4711 | login_failed failure test - 198.51.100.9 4711
        Mar  1 06:00:00 ubuntu sshd[811]: error: kex_exchange_identification: read: Connection reset by peer | connection_refused failure - - - -
        Mar  1 06:00:00 ubuntu sshd[811]: error: maximum authentication attempts exceeded for root from 198.51.100.9 port 4711 ssh2 [preauth] | login_failed failure root - 198.51.100.9 4711
        Mar  1 06:00:00 ubuntu sshd[811]: User www-data not allowed because account is locked | login_failed failure www-data - - -
        Mar  1 06:00:00 ubuntu sshd[811]: User bob from 198.51.100.9 not allowed because none of user's groups are listed in AllowGroups | login_failed failure bob - 198.51.100.9 -
        Mar  1 06:00:00 ubuntu sshd[811]: ssh_dispatch_run_fatal: Connection from 198.51.100.9 port 4711: message authentication code incorrect [preauth] | connection_refused failure - - 198.51.100.9 4711
        Mar  1 06:00:00 ubuntu sshd[811]: fatal: Access denied for user bob by PAM account configuration [preauth] | login_failed failure bob - - -
        Mar  1 06:00:00 ubuntu sshd[811]: userauth_pubkey: signature algorithm ssh-rsa not in PubkeyAcceptedAlgorithms [preauth] |
        Mar  1 06:00:00 ubuntu systemd-logind[500]: New session 12 of user anna. | session_opened success anna - - -
        Mar  1 06:00:00 ubuntu passwd[77]: pam_unix(passwd:chauthtok): password changed for anna | password_changed success anna anna - -
        Mar  1 06:00:00 ubuntu usermod[77]: add 'anna' to group 'docker' | group_changed success - anna - -
        Mar  1 06:00:00 rhel9 sshd[811]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.5  user=root | login_failed failure root - 203.0.113.5 -
        Mar  1 06:00:00 rhel9 sshd[811]: pam_succeed_if(sshd:auth): requirement "uid >= 1000" not met by user "root" | login_failed failure root - - -
        Mar  1 06:00:00 rhel9 sshd[811]: pam_faillock(sshd:auth): Consecutive login failures for user bob account temporarily locked | login_failed failure bob - - -
        Mar  1 06:00:00 rhel9 sshd[811]: pam_sss(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.5 user=bob | login_failed failure bob - 203.0.113.5 -
        Mar  1 06:00:00 rhel9 sshd[811]: pam_access(sshd:account): access denied for user `bob' from `203.0.113.5' | login_failed failure bob - 203.0.113.5 -
        Mar  1 06:00:00 rhel9 sshd[811]: Accepted gssapi-with-mic for bob from 203.0.113.5 port 40000 ssh2: bob@EXAMPLE.COM | login success bob - 203.0.113.5 40000
        Mar  1 06:00:00 rhel9 sshd[811]: pam_unix(sshd:account): account bob has expired (account expired) | login_failed failure bob - - -
        Mar  1 06:00:00 rhel9 su[900]: pam_unix(su-l:session): session opened for user root(uid=0) by bob(uid=1000) | session_opened success root - - -
        Mar  1 06:00:00 rhel9 sudo[901]:     bob : command not allowed ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/cat /etc/shadow | privilege_refused failure bob root - -
        Mar  1 06:00:00 rhel9 useradd[902]: new user: name=eve, UID=1002, GID=1002, home=/home/eve, shell=/bin/bash, from=/dev/pts/0 | user_created success eve eve - -
        Mar  1 06:00:00 alpine auth.info sshd-session[811]: Accepted password for root from 192.0.2.33 port 2222 ssh2 | login success root - 192.0.2.33 2222
        Mar  1 06:00:00 alpine auth.info login[300]: root login on 'ttyS0' | login success root - - -
        Mar  1 06:00:00 alpine auth.warn login[300]: invalid password for 'root' on 'ttyS0' | login_failed failure root - - -
        Mar  1 06:00:00 alpine auth.notice su: - pts/0 guest:root | privilege_refused failure guest root - -
        Mar  1 06:00:00 alpine auth.notice doas: command not permitted for guest: sh | privilege_refused failure guest - - -
        Mar  1 06:00:00 alpine auth.info doas: guest ran command apk add nmap as root from /home/guest | privilege_used success guest root - -
        Mar  1 06:00:00 alpine authpriv.info dropbear[44]: Pubkey auth succeeded for 'root' with ssh-ed25519 key SHA256:abc from 192.0.2.33:2222 | login success root - 192.0.2.33 2222
        2026-03-01T06:00:00.123456+00:00 suse sshd[811]: error: PAM: Authentication failure for root from 192.0.2.44 | login_failed failure root - 192.0.2.44 -
        2026-03-01T06:00:00.123456+00:00 suse sshd[811]: error: PAM: User account has expired for bob from 192.0.2.44 | login_failed failure bob - 192.0.2.44 -
        2026-03-01T06:00:00.123456+00:00 suse sshd[811]: Accepted keyboard-interactive/pam for bob from 192.0.2.44 port 60000 ssh2 | login success bob - 192.0.2.44 60000
        2026-03-01T06:00:00.123456+00:00 suse sshd[811]: Failed keyboard-interactive/pam for invalid user nobody2 from 192.0.2.44 port 60000 ssh2 | login_failed failure nobody2 - 192.0.2.44 60000
        2026-03-01T06:00:00.123456+00:00 suse su: pam_unix(su:auth): authentication failure; logname=bob uid=1000 euid=0 tty=/dev/pts/0 ruser=bob rhost=  user=root | login_failed failure bob root - -
        2026-03-01T06:00:00.123456+00:00 suse pkexec[5]: bob: Executing command [USER=root] [TTY=unknown] [CWD=/home/bob] [COMMAND=/usr/sbin/yast2] | privilege_used success bob root - -
        <86>1 2026-03-01T06:00:00.123456Z arch sshd-session 811 - - Received disconnect from 192.0.2.55 port 1234:11: disconnected by user | logout success - - 192.0.2.55 1234
        <85>1 2026-03-01T06:00:00.123456Z arch sudo 811 - - anna : TTY=pts/1 ; PWD=/home/anna ; USER=root ; COMMAND=/usr/bin/pacman -Syu | privilege_used success anna root - -
        """)
    void linesOfTheDistributions(String line, String expected) {
        Replayed read = Replayed.of("auth", new AuthFeed(), line + "\n");
        assertThat(read.result().malformed()).isZero();
        if (expected == null) {
            assertThat(read.events()).isEmpty();
            return;
        }
        Event event = read.events().getFirst();
        assertThat(String.join(
                        " ",
                        event.text("event.action"),
                        event.text("event.outcome"),
                        text(event, "user.name"),
                        text(event, "user.target.name"),
                        event.text("source.ip") == null ? text(event, "source.domain") : event.text("source.ip"),
                        text(event, "source.port")))
                .isEqualTo(expected);
        assertThat(event.timestamp()).isNotNull();
        assertThat(text(event, "host.name")).isIn("deb13", "ubuntu", "rhel9", "alpine", "suse", "arch");
    }

    private static String text(Event event, String path) {
        String text = event.text(path);
        return text == null ? "-" : text;
    }
}
