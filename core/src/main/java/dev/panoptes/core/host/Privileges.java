package dev.panoptes.core.host;

import java.io.IOException;

/**
 * What the kernel allows this process (capabilities(7)).
 *
 * @param uid effective user; -1 where it cannot be read
 * @param effective bit set of effective capabilities
 * @param ownNamespace true in a user namespace other than the machine's first, where capabilities do not reach the kernel's
 *     own things such as audit
 * @param ownProcesses true in a pid namespace other than the machine's first: processes outside are not seen
 * @param ownNetwork true in a network namespace that is known to be another than the machine's first, where neither audit
 *     records nor process events arrive
 */
public record Privileges(int uid, long effective, boolean ownNamespace, boolean ownProcesses, boolean ownNetwork) {
    /** Capabilities by their kernel numbers. */
    public enum Capability {
        DAC_OVERRIDE(1),
        DAC_READ_SEARCH(2),
        NET_BIND_SERVICE(10),
        NET_ADMIN(12),
        NET_RAW(13),
        SYS_PTRACE(19),
        SYS_ADMIN(21),
        SYSLOG(34),
        AUDIT_READ(37);

        private final int number;

        Capability(int number) {
            this.number = number;
        }

        /** As systemd and setcap write it: {@code CAP_AUDIT_READ}. */
        public String text() {
            return "CAP_" + name();
        }
    }

    private static final int MOST = 65_536;
    private static final String EFFECTIVE = "CapEff:";
    /** The number of the first pid namespace is fixed (PROC_PID_INIT_INO, include/linux/proc_ns.h). */
    private static final String FIRST_PROCESSES = "pid:[4026531836]";

    /** In the machine's first namespaces. */
    public Privileges(int uid, long effective, boolean ownNamespace) {
        this(uid, effective, ownNamespace, false, false);
    }

    /** Those of the process that asks. */
    public static Privileges current() {
        HostFiles files = Host.live().files();
        try {
            String status = files.readText("/proc/self/status", MOST);
            String map = files.readText("/proc/self/uid_map", MOST).strip();
            return new Privileges(
                    ProcStatusParser.effectiveUid(status).orElse(-1),
                    capabilities(status),
                    !map.matches("0\\s+0\\s+4294967295"),
                    !files.readLink("/proc/self/ns/pid").equals(FIRST_PROCESSES),
                    NetworkNamespace.isAnother());
        } catch (IOException e) {
            // No /proc: nothing can be read of others either.
            return new Privileges(-1, 0, false);
        }
    }

    /** Whether every file can be read. */
    public boolean readsAll() {
        return has(Capability.DAC_READ_SEARCH) || has(Capability.DAC_OVERRIDE);
    }

    public boolean has(Capability capability) {
        return (effective >>> capability.number & 1) == 1;
    }

    private static long capabilities(String status) {
        int at = status.indexOf('\n' + EFFECTIVE);
        if (at < 0) {
            return 0;
        }
        int from = at + 1 + EFFECTIVE.length();
        int end = status.indexOf('\n', from);
        try {
            return Long.parseUnsignedLong(
                    status.substring(from, end < 0 ? status.length() : end).strip(), 16);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
