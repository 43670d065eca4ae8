package dev.panoptes.sensors.kernelaudit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.Replayed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditFeedTest {
    private static final String EXEC = """
        type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=2686 pid=3538 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="cat" exe="/bin/cat" subj=unconfined_u:unconfined_r:unconfined_t:s0 key="ssh config"\u001dARCH=x86_64 SYSCALL=execve AUID="alice" UID="mallory"
        type=EXECVE msg=audit(1364481363.243:24287): argc=3 a0="cat" a1=2F746D702F612062 a2="--"
        type=CWD msg=audit(1364481363.243:24287):  cwd="/home/alice"
        type=PATH msg=audit(1364481363.243:24287): item=0 name="/bin/cat" inode=409248 dev=fd:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL
        type=PATH msg=audit(1364481363.243:24287): item=1 name=(null) inode=7 dev=fd:00 mode=0100644 ouid=4294967295 ogid=0 rdev=00:00
        type=PROCTITLE msg=audit(1364481363.243:24287): proctitle=636174002F746D702F612062002D2D
        type=EOE msg=audit(1364481363.243:24287):\s
        """;

    private static Replayed replay(String text) {
        return Replayed.of("kernel_audit", new AuditFeed(AuditTables.load()), text);
    }

    @Test
    void joinsTheRecordsOfASerial() {
        Replayed replayed = replay(EXEC);

        assertThat(replayed.result().line()).isEqualTo("replayed 7 records, 1 events, 0 malformed, 0 lost");
        Event event = replayed.events().getFirst();
        assertThat(event.text("@timestamp")).isEqualTo("2013-03-28T14:36:03.243Z");
        assertThat(event.values("auditd.record_types"))
                .containsExactly("SYSCALL", "EXECVE", "CWD", "PATH", "PATH", "PROCTITLE");
        assertThat(event.text("auditd.syscall")).isEqualTo("execve");
        assertThat(event.text("auditd.arch")).isEqualTo("x86_64");
        assertThat(event.text("auditd.key")).isEqualTo("ssh config");
        assertThat(event.text("auditd.result")).isEqualTo("success");
        assertThat(event.text("event.outcome")).isEqualTo("success");
        assertThat(event.values("process.args")).containsExactly("cat", "/tmp/a b", "--");
        assertThat(event.text("process.title")).isEqualTo("cat /tmp/a b --");
        assertThat(event.text("process.working_directory")).isEqualTo("/home/alice");
        assertThat(event.number("process.parent.pid")).isEqualTo(2686);
        assertThat(event.text("user.id")).isEqualTo("0");
        assertThat(event.text("user.audit.id")).isEqualTo("1000");
        assertThat(event.text("user.audit.name")).isEqualTo("alice");
        assertThat(event.values("auditd.paths"))
                .element(1)
                .isEqualTo(Map.of(
                        "item", 1L, "inode", 7L, "dev", "fd:00", "mode", "0100644", "ogid", "0", "rdev", "00:00"));
    }

    @Test
    void countsExactlyWhatIsMissing() {
        assertThat(serials(49, 59)).isEqualTo(9);
        assertThat(serials(4294967295L, 0)).isZero();
        assertThat(serials(4294967294L, 2)).isEqualTo(3);
        assertThat(serials(100, 7, 8)).isZero();
        assertThat(serials(49, 51, 50, 52)).isZero();
        assertThat(serials(50, 49, 51)).isZero();
        assertThat(serials(0, 4294967295L, 1)).isZero();
        assertThat(serials(10, 20, 15, 21)).isEqualTo(8);
    }

    @Test
    void takesALateRecordForNoRestart() {
        StringBuilder text = new StringBuilder();
        for (int serial = 1000; serial < 1400; serial++) {
            text.append("type=USER_START msg=audit(1364481363.%03d:%d): pid=1\n".formatted(serial - 1000, serial));
        }
        text.append("type=PROCTITLE msg=audit(1364481363.000:1000): proctitle=\"late\"\n");
        text.append("type=USER_START msg=audit(1364481363.400:1400): pid=1\n");
        text.append("type=USER_START msg=audit(1364481390.400:5): pid=1\n"); // this is one
        text.append("type=USER_START msg=audit(1364481390.500:8): pid=1\n");

        assertThat(replay(text.toString()).result().line())
                .isEqualTo("replayed 404 records, 404 events, 0 malformed, 2 lost");
    }

    private static long serials(long... serials) {
        StringBuilder text = new StringBuilder();
        for (long serial : serials) {
            text.append("type=USER_START msg=audit(1364481363.243:")
                    .append(serial)
                    .append("): pid=1 res=success\n");
        }
        Replayed replayed = replay(text.toString());
        assertThat(replayed.events()).hasSize(serials.length);
        return replayed.lost();
    }

    @Test
    void readsWhatAProgramSays() {
        Replayed replayed = replay("""
            type=USER_CMD msg=audit(1500000000.001:7): pid=9 uid=1000 auid=1000 ses=4294967295 msg='cwd="/home/a" cmd=6C73202D6C terminal=pts/0 res=failed'
            type=USER_LOGIN msg=audit(1500000000.002:8): pid=10 uid=0 auid=4294967295 ses=-1 msg='op=login acct=28756E6B6E6F776E29 exe="/usr/sbin/sshd" hostname=? addr=192.0.2.7 terminal=ssh res=failed'
            type=USER_AUTH msg=audit(1500000000.003:9): user pid=3 uid=0 auid=4294967295 msg='PAM: authentication acct=root : exe="/bin/su" (hostname=h, addr=?, terminal=pts/1 res=success)'
            """);

        assertThat(replayed.texts("process.command_line")).containsExactly("ls -l", "-", "-");
        assertThat(replayed.texts("auditd.result")).containsExactly("fail", "fail", "success");
        assertThat(replayed.texts("source.ip")).containsExactly("-", "192.0.2.7", "-");
        assertThat(replayed.texts("source.domain")).containsExactly("-", "-", "h");
        assertThat(replayed.texts("user.target.name")).containsExactly("-", "(unknown)", "root");
        assertThat(replayed.texts("user.audit.id")).containsExactly("1000", "-", "-");
        assertThat(replayed.texts("auditd.session")).containsExactly("-", "-", "-");
        assertThat(replayed.texts("event.action")).containsExactly("user_cmd", "user_login", "user_auth");
    }

    @Test
    void decodesSocketAddresses() {
        Replayed replayed = replay("""
            type=SOCKADDR msg=audit(1.1:1): saddr=02000016C000020A0000000000000000
            type=SOCKADDR msg=audit(1.1:2): saddr=0A0001BB0000000020010DB800000000000000000000000100000000
            type=SOCKADDR msg=audit(1.1:3): saddr=01002F6465762F6C6F6700
            """);

        assertThat(replayed.texts("auditd.socket"))
                .containsExactly(
                        "{family=ipv4, address=192.0.2.10, port=22}",
                        "{family=ipv6, address=2001:db8::1, port=443}",
                        "{family=unix, path=/dev/log}");
    }

    @Test
    void namesCallsByArchitecture() {
        String line = "type=SYSCALL msg=audit(1.1:%d): arch=%s syscall=%s success=no exit=-13 pid=1\n";
        Replayed replayed = replay(line.formatted(1, "c000003e", "2")
                + line.formatted(2, "40000003", "11")
                + line.formatted(3, "c00000b7", "221")
                + line.formatted(4, "40000028", "11")
                + line.formatted(5, "c000003e", "99999")
                + line.formatted(6, "c00000f3", "56")
                + line.formatted(7, "c00000f3", "259")
                + line.formatted(8, "c00000f3", "38")
                + line.formatted(9, "c0000102", "221")
                + line.formatted(10, "80000016", "362")
                + line.formatted(11, "c0000015", "362")
                + line.formatted(12, "80000015", "11")
                + line.formatted(13, "40000008", "4011"));

        assertThat(replayed.texts("auditd.syscall"))
                .isEqualTo(List.of(
                        "open",
                        "execve",
                        "execve",
                        "execve",
                        "99999",
                        "openat",
                        "riscv_flush_icache",
                        "38",
                        "execve",
                        "connect",
                        "execveat",
                        "execve",
                        "4011"));
    }

    @Test
    void theUserOfACryptoSessionIsNoSavedId() {
        Replayed replayed = replay("""
            type=CRYPTO_SESSION msg=audit(1.1:1): pid=7 uid=0 auid=1000 ses=9 msg='op=start spid=8 suid=74 res=success'
            type=CRYPTO_KEY_USER msg=audit(1.1:2): pid=7 uid=0 msg='op=destroy spid=8 suid=4294967295 res=success'
            """);

        assertThat(replayed.texts("user.saved.id")).containsOnly("-");
        assertThat(replayed.texts("auditd.data.suid")).containsExactly("74", "-");
    }

    @Test
    void joinsLongArgumentsAndSeveralKeys() {
        Replayed replayed = replay("""
            type=EXECVE msg=audit(1.1:1): argc=2 a0="x" a1_len=6 a1[0]=6162
            type=EXECVE msg=audit(1.1:1): a1[1]=2063
            type=CONFIG_CHANGE msg=audit(1.1:2): auid=0 op=add_rule key=6B3101 6B32 key=6B3101016B32 res=1
            """);

        assertThat(replayed.events().getFirst().values("process.args")).containsExactly("x", "ab c");
        assertThat(replayed.events().get(1).values("auditd.key")).containsExactly("k1", "k2");
    }

    @Test
    void countsWhatCannotBeRead() {
        Replayed replayed = replay("type=SYSCALL msg=audit(1.1:x): a\nnonsense\ntype=A msg=audit(1.1:99999999999): \n");

        assertThat(replayed.result().line()).isEqualTo("replayed 3 records, 0 events, 3 malformed, 0 lost");
    }
}
