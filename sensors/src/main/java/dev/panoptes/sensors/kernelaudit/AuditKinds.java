package dev.panoptes.sensors.kernelaudit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The categories and types of the Elastic Common Schema for audit events. Pure. */
final class AuditKinds {
    private static final List<String> INFO = List.of("info");

    private AuditKinds() {}

    /** {@code event.category} and {@code event.type}. */
    record Kind(List<String> categories, List<String> types) {}

    static Kind of(@Nullable String call, String type) {
        return call != null ? call(call) : record(type);
    }

    private static Kind call(String call) {
        return switch (call) {
            case "execve", "execveat", "fork", "vfork", "clone", "clone3" -> kind("process", "start");
            case "exit", "exit_group", "kill", "tkill", "tgkill" -> kind("process", "end");
            case "ptrace", "process_vm_writev", "process_vm_readv", "prctl", "memfd_create" ->
                kind("process", "access");
            case "setuid",
                    "setgid",
                    "setreuid",
                    "setregid",
                    "setresuid",
                    "setresgid",
                    "setfsuid",
                    "setfsgid",
                    "setuid32",
                    "setgid32",
                    "setreuid32",
                    "setregid32",
                    "setresuid32",
                    "setresgid32",
                    "setns",
                    "unshare",
                    "capset" -> kind("process", "change");
            case "connect", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg" -> kind("network", "connection");
            case "accept", "accept4", "bind", "listen", "socket", "socketcall" -> kind("network", "start");
            case "open", "openat", "openat2", "read", "readlink", "stat", "access" -> kind("file", "access");
            case "creat", "mknod", "mknodat", "mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat" ->
                kind("file", "creation");
            case "unlink", "unlinkat", "rmdir" -> kind("file", "deletion");
            case "rename",
                    "renameat",
                    "renameat2",
                    "truncate",
                    "ftruncate",
                    "write",
                    "chmod",
                    "fchmod",
                    "fchmodat",
                    "fchmodat2",
                    "chown",
                    "fchown",
                    "lchown",
                    "fchownat",
                    "setxattr",
                    "lsetxattr",
                    "fsetxattr",
                    "removexattr",
                    "lremovexattr",
                    "fremovexattr",
                    "utimensat" -> kind("file", "change");
            case "init_module", "finit_module", "delete_module" -> kind("driver", "start");
            case "mount",
                    "umount2",
                    "pivot_root",
                    "sethostname",
                    "setdomainname",
                    "adjtimex",
                    "settimeofday",
                    "clock_settime",
                    "swapon",
                    "swapoff",
                    "bpf" -> kind("configuration", "change");
            default -> kind("host", "info");
        };
    }

    private static Kind record(String type) {
        return switch (type) {
            case "USER_AUTH", "USER_ACCT", "CRED_ACQ", "CRED_REFR", "USER_LOGIN" -> kind("authentication", "start");
            case "CRED_DISP", "USER_LOGOUT" -> kind("authentication", "end");
            case "USER_START", "LOGIN" -> kind("session", "start");
            case "USER_END" -> kind("session", "end");
            case "ADD_USER" -> new Kind(List.of("iam"), List.of("user", "creation"));
            case "DEL_USER" -> new Kind(List.of("iam"), List.of("user", "deletion"));
            case "USER_MGMT", "USER_CHAUTHTOK", "ACCT_LOCK", "ACCT_UNLOCK" ->
                new Kind(List.of("iam"), List.of("user", "change"));
            case "ADD_GROUP" -> new Kind(List.of("iam"), List.of("group", "creation"));
            case "DEL_GROUP" -> new Kind(List.of("iam"), List.of("group", "deletion"));
            case "GRP_MGMT", "GRP_CHAUTHTOK", "CHGRP_ID" -> new Kind(List.of("iam"), List.of("group", "change"));
            case "USER_CMD", "SERVICE_START" -> kind("process", "start");
            case "SERVICE_STOP", "ANOM_ABEND" -> kind("process", "end");
            case "CONFIG_CHANGE",
                    "USYS_CONFIG",
                    "NETFILTER_CFG",
                    "FEATURE_CHANGE",
                    "MAC_STATUS",
                    "MAC_POLICY_LOAD",
                    "MAC_CONFIG_CHANGE",
                    "BPF",
                    "DAEMON_CONFIG" -> kind("configuration", "change");
            case "KERN_MODULE" -> kind("driver", "start");
            case "NETFILTER_PKT" -> kind("network", "info");
            case "AVC", "USER_AVC", "SELINUX_ERR", "APPARMOR_DENIED", "SECCOMP" -> kind("host", "denied");
            default -> new Kind(List.of("host"), INFO);
        };
    }

    private static Kind kind(String category, String type) {
        return new Kind(List.of(category), List.of(type));
    }
}
