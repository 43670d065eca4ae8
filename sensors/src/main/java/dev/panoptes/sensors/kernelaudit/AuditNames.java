package dev.panoptes.sensors.kernelaudit;

import dev.panoptes.core.event.EventPath;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of fields and types of records, with what is done with a field of that name: looked up once a field, in place of
 * a text of its own, its hash and a search by text for each question. Immutable.
 */
final class AuditNames {
    /** What is done with a field wherever nothing else is said of its record. */
    enum Kind {
        /** An id of a user or group, of which some numbers say that there is none. */
        ID,
        /** A number of the process. */
        NUMBER,
        /** A text of the process. */
        TEXT,
        SESSION,
        KEY,
        SUBJECT,
        OBJECT,
        CLASS,
        PERMISSIVE,
        RESULT,
        ADDRESS,
        HOST,
        ACCOUNT,
        /** Any other whose number may say that there is none. */
        IDENTITY,
        /** Any other that is written in hexadecimal where its text is not trusted. */
        ENCODED,
        OTHER
    }

    /**
     * One name.
     *
     * @param path of the event's field, one of {@link #PATHS}; -1 where it has none of its own
     * @param number below {@link #USUAL}, of a usual name; -1 for any other
     */
    record Name(String text, Kind kind, int path, int number) {
        boolean is(Name other) {
            return number >= 0 ? number == other.number : other.number < 0 && text.equals(other.text);
        }
    }

    /** Fields of the event that have one name in the records, in no particular order. */
    static final EventPath[] PATHS = paths(
            "user.id",
            "user.effective.id",
            "user.saved.id",
            "user.filesystem.id",
            "user.audit.id",
            "user.group.id",
            "user.group.effective.id",
            "user.group.saved.id",
            "user.group.filesystem.id",
            "user.name",
            "user.effective.name",
            "user.saved.name",
            "user.filesystem.name",
            "user.audit.name",
            "user.group.name",
            "user.group.effective.name",
            "user.group.saved.name",
            "user.group.filesystem.name",
            "process.pid",
            "process.parent.pid",
            "process.name",
            "process.executable",
            "process.working_directory",
            "process.command_line",
            "process.title",
            "source.ip",
            "source.domain",
            "user.target.name");

    static final int TITLE = 24;
    static final int ADDRESS = 25;
    static final int DOMAIN = 26;
    static final int TARGET = 27;
    /** No more names than this are usual: as many bits as two longs have. */
    static final int USUAL = 256;

    private static final Map<String, Integer> IDS =
            Map.of("uid", 0, "euid", 1, "suid", 2, "fsuid", 3, "auid", 4, "gid", 5, "egid", 6, "sgid", 7, "fsgid", 8);
    /** What auditd adds (log_format = ENRICHED). */
    private static final Map<String, Integer> NAMES = Map.of(
            "UID", 9, "EUID", 10, "SUID", 11, "FSUID", 12, "AUID", 13, "GID", 14, "EGID", 15, "SGID", 16, "FSGID", 17);

    private static final Map<String, Integer> NUMBERS = Map.of("pid", 18, "ppid", 19);
    private static final Map<String, Integer> TEXTS = Map.of("comm", 20, "exe", 21, "cwd", 22, "cmd", 23);

    /** Fields that the kernel or audit's library writes in hexadecimal where it does not trust their text. */
    private static final Set<String> ENCODED = Set.of(
            "comm",
            "exe",
            "cwd",
            "name",
            "path",
            "acct",
            "cmd",
            "proctitle",
            "data",
            "file",
            "watch",
            "dir",
            "vm",
            "ocomm",
            "device",
            "cgroup",
            "sw",
            "root_dir",
            "old-chardev",
            "new-chardev",
            "old-disk",
            "new-disk",
            "old-fs",
            "new-fs",
            "old-net",
            "new-net",
            "old-rng",
            "new-rng",
            "invalid_context",
            "dev",
            "profile",
            "info",
            "target",
            "unit",
            "grp",
            "new_group",
            "hostname");

    private static final int PLACES = 1024;
    private static final Name[] KNOWN = table("""
            SYSCALL PATH CWD EXECVE PROCTITLE EOE SOCKADDR SECCOMP URINGOP AVC USER_AVC LOGIN USER_AUTH USER_ACCT USER_START
            USER_END USER_LOGIN USER_LOGOUT USER_CMD USER_ERR USER_CHAUTHTOK CRED_ACQ CRED_DISP CRED_REFR SERVICE_START
            SERVICE_STOP CONFIG_CHANGE BPRM_FCAPS CAPSET MMAP OBJ_PID SOCKETCALL NETFILTER_CFG ANOM_ABEND ANOM_PROMISCUOUS
            BPF CRYPTO_KEY_USER CRYPTO_SESSION SYSTEM_BOOT SYSTEM_RUNLEVEL DAEMON_START DAEMON_END KERN_MODULE FANOTIFY
            arch syscall per success exit a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 items ppid pid auid uid gid euid suid fsuid egid sgid
            fsgid tty ses comm exe subj key cwd item name inode dev mode ouid ogid rdev obj nametype objtype cap_fp cap_fi
            cap_fe cap_fver cap_frootid argc proctitle saddr msg op acct hostname addr terminal res result grantors id unit
            tpid sig family entries table old-auid old-ses tty scontext tcontext tclass permissive dev ino path lport laddr
            code compat ip fd flags opid oauid ouid oses ocomm uring_op old_pp old_pi old_pe new_pp new_pi new_pe pp pi pe
            cmd ARCH AUID UID GID EUID SUID FSUID EGID SGID FSGID OUID OGID SADDR ID
            """);

    private AuditNames() {}

    /** The name that a part of a text is. */
    static Name of(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return of(text, from, to, hash);
    }

    /** The same where the hash is known already, which is that of the part as a text. */
    static Name of(String text, int from, int to, int hash) {
        for (int place = place(hash); ; place = place + 1 & PLACES - 1) {
            Name known = KNOWN[place];
            if (known == null) {
                return named(text.substring(from, to), -1);
            }
            if (known.text.length() == to - from && text.startsWith(known.text, from)) {
                return known;
            }
        }
    }

    static Name of(String text) {
        return of(text, 0, text.length());
    }

    private static Name named(String text, int number) {
        Integer path = IDS.get(text);
        if (path != null) {
            return new Name(text, Kind.ID, path, number);
        }
        path = NUMBERS.get(text);
        if (path != null) {
            return new Name(text, Kind.NUMBER, path, number);
        }
        path = TEXTS.get(text);
        if (path != null) {
            return new Name(text, Kind.TEXT, path, number);
        }
        return new Name(text, kind(text), path(NAMES.get(text)), number);
    }

    private static EventPath[] paths(String... texts) {
        EventPath[] paths = new EventPath[texts.length];
        for (int i = 0; i < texts.length; i++) {
            paths[i] = EventPath.of(texts[i]);
        }
        return paths;
    }

    private static int path(@Nullable Integer path) {
        return path == null ? -1 : path;
    }

    private static Kind kind(String text) {
        return switch (text) {
            case "ses" -> Kind.SESSION;
            case "key" -> Kind.KEY;
            case "subj", "scontext" -> Kind.SUBJECT;
            case "obj", "tcontext" -> Kind.OBJECT;
            case "tclass" -> Kind.CLASS;
            case "permissive" -> Kind.PERMISSIVE;
            case "success", "res", "result" -> Kind.RESULT;
            case "addr" -> Kind.ADDRESS;
            case "hostname" -> Kind.HOST;
            case "acct" -> Kind.ACCOUNT;
            default -> {
                if (text.endsWith("uid") || text.endsWith("gid") || text.endsWith("ses")) {
                    yield Kind.IDENTITY;
                }
                yield ENCODED.contains(text) ? Kind.ENCODED : Kind.OTHER;
            }
        };
    }

    private static int place(int hash) {
        return (hash ^ hash >>> 10 ^ hash >>> 20) & PLACES - 1;
    }

    private static Name[] table(String names) {
        Name[] table = new Name[PLACES];
        int number = 0;
        for (String name : names.strip().split("\\s+")) {
            int place = place(name.hashCode());
            while (table[place] != null && !table[place].text.equals(name)) {
                place = place + 1 & PLACES - 1;
            }
            if (table[place] == null) {
                table[place] = named(name.intern(), number++);
            }
        }
        if (number > USUAL) {
            throw new IllegalStateException(number + " usual names");
        }
        return table;
    }
}
