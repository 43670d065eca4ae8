package dev.panoptes.sensors.kernelaudit;

/**
 * The usual names of fields and types of records, so that each line does not make them anew: a text that is always the same also
 * knows its hash. Immutable.
 */
final class AuditNames {
    private static final int PLACES = 1024;
    private static final String[] KNOWN = table("""
            SYSCALL PATH CWD EXECVE PROCTITLE EOE SOCKADDR SECCOMP URINGOP AVC USER_AVC LOGIN USER_AUTH USER_ACCT USER_START
            USER_END USER_LOGIN USER_LOGOUT USER_CMD USER_ERR USER_CHAUTHTOK CRED_ACQ CRED_DISP CRED_REFR SERVICE_START
            SERVICE_STOP CONFIG_CHANGE BPRM_FCAPS CAPSET MMAP OBJ_PID SOCKETCALL NETFILTER_CFG ANOM_ABEND ANOM_PROMISCUOUS
            BPF CRYPTO_KEY_USER CRYPTO_SESSION SYSTEM_BOOT SYSTEM_RUNLEVEL DAEMON_START DAEMON_END KERN_MODULE FANOTIFY
            arch syscall per success exit a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 items ppid pid auid uid gid euid suid fsuid egid sgid
            fsgid tty ses comm exe subj key cwd item name inode dev mode ouid ogid rdev obj nametype objtype cap_fp cap_fi
            cap_fe cap_fver cap_frootid argc proctitle saddr msg op acct hostname addr terminal res result grantors id unit
            tpid sig family entries table old-auid old-ses tty scontext tcontext tclass permissive dev ino path lport laddr
            code compat ip fd flags opid oauid ouid oses ocomm uring_op old_pp old_pi old_pe new_pp new_pi new_pe pp pi pe
            ARCH SYSCALL AUID UID GID EUID SUID FSUID EGID SGID FSGID OUID OGID SADDR ID
            """);

    private AuditNames() {}

    /** The part of a text, as one that is kept where it is a usual one. */
    static String of(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        for (int place = place(hash); ; place = place + 1 & PLACES - 1) {
            String known = KNOWN[place];
            if (known == null) {
                return text.substring(from, to);
            }
            if (known.length() == to - from && text.startsWith(known, from)) {
                return known;
            }
        }
    }

    private static int place(int hash) {
        return (hash ^ hash >>> 10 ^ hash >>> 20) & PLACES - 1;
    }

    private static String[] table(String names) {
        String[] table = new String[PLACES];
        for (String name : names.strip().split("\\s+")) {
            int place = place(name.hashCode());
            while (table[place] != null && !table[place].equals(name)) {
                place = place + 1 & PLACES - 1;
            }
            table[place] = name.intern();
        }
        return table;
    }
}
