package dev.panoptes.sensors.auth;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who an entry of the journal is by, and what is believed of it. Whoever may write to the journal may call himself sshd; the
 * fields that begin with an underscore are journald's own and say who it was. Pure.
 */
final class JournalAuthor {
    /** What an author is believed. */
    enum Believed {
        ALL,
        /** That a user has left, which accuses nobody. */
        LEAVING,
        /** That its own user was refused a privilege: whoever forges that accuses himself. */
        OWN_REFUSAL,
        NOTHING
    }

    /** Programs that pass on whatever their caller wants to have said. */
    private static final Set<String> MOUTHPIECES = Set.of(
            "logger",
            "systemd-cat",
            "bash",
            "sh",
            "dash",
            "zsh",
            "ksh",
            "busybox",
            "python",
            "python3",
            "perl",
            "ruby",
            "node",
            "php",
            "nc",
            "ncat",
            "socat");

    /** Where nobody but root puts programs; the last one has the setuid programs of NixOS. */
    private static final List<String> SYSTEM = List.of(
            "/usr/",
            "/bin/",
            "/sbin/",
            "/lib/",
            "/lib64/",
            "/opt/",
            "/nix/store/",
            "/gnu/store/",
            "/snap/",
            "/run/wrappers/");

    /** Programs under whose name root's other daemons say nothing either. */
    private static final Set<String> OWN_NAME = Set.of(
            "sshd",
            "sshd-session",
            "sshd-auth",
            "sudo",
            "su",
            "doas",
            "pkexec",
            "polkitd",
            "systemd-logind",
            "useradd",
            "usermod",
            "userdel",
            "groupadd",
            "groupmod",
            "groupdel",
            "unix_chkpwd");

    /** Programs that users ask for privileges. */
    private static final Set<String> ASKED = Set.of("sudo", "su", "doas", "pkexec");

    private static final String DELETED = " (deleted)";

    private JournalAuthor() {}

    /**
     * @param program whom the entry calls its author; null where it calls nobody
     * @param journal the fields of the entry
     */
    static Believed of(@Nullable String program, Map<String, String> journal) {
        String command = journal.get("_COMM");
        String executable = executable(journal.get("_EXE"));
        String uid = journal.get("_UID");
        String name = executable == null ? command : executable.substring(executable.lastIndexOf('/') + 1);
        if (isMouthpiece(name) || isMouthpiece(command)) {
            return Believed.NOTHING;
        }
        if (uid == null || uid.equals("0")) {
            return executable != null
                            && program != null
                            && name != null
                            && OWN_NAME.contains(program)
                            && !isSame(program, name)
                    ? Believed.NOTHING
                    : Believed.ALL;
        }
        if (program != null
                && executable == null
                && ASKED.contains(program)
                && (name == null || isSame(program, name))) {
            return Believed.OWN_REFUSAL; // it refuses and is gone before journald has looked at it
        }
        if (program == null || name == null || !isSame(program, name)) {
            return Believed.NOTHING;
        }
        boolean system = executable != null && SYSTEM.stream().anyMatch(executable::startsWith);
        if (program.startsWith("sshd")) {
            // Who logs in is told by root's part of sshd. The part that has become the user tells that he goes, and is
            // often gone before journald has looked at its executable. The name alone is the user's to choose.
            return executable == null || system ? Believed.LEAVING : Believed.NOTHING;
        }
        return system ? Believed.ALL : Believed.NOTHING;
    }

    private static @Nullable String executable(@Nullable String path) {
        if (path == null || path.isEmpty()) {
            return null;
        }
        return path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
    }

    private static boolean isMouthpiece(@Nullable String name) {
        if (name == null) {
            return false;
        }
        int end = name.length();
        while (end > 1 && (name.charAt(end - 1) == '.' || Character.isDigit(name.charAt(end - 1)))) {
            end--;
        }
        return MOUTHPIECES.contains(name) || MOUTHPIECES.contains(name.substring(0, end));
    }

    private static boolean isSame(String program, String name) {
        String wanted = program.toLowerCase(Locale.ROOT);
        String actual = name.toLowerCase(Locale.ROOT);
        return actual.startsWith(wanted) || wanted.startsWith(actual);
    }
}
