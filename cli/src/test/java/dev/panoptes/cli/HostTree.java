package dev.panoptes.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Writes the root tree of a host that sensors read: processes under {@code /proc} and files, as its kernel would show them. */
final class HostTree {
    private static final Set<String> SUPERUSER_PROGRAMS = Set.of(
            ("adduser aide apparmor_parser aa-status aa-teardown auditctl augenrules ausearch blkid chpasswd chroot depmod "
                            + "dmidecode fdisk groupadd hwclock insmod invoke-rc.d iptables iptables-save ldconfig logrotate lsmod lvcreate "
                            + "lvextend lvremove mkfs.ext4 modprobe nft nginx parted pvcreate resize2fs restorecon rmmod semanage service "
                            + "setcap setenforce setsebool sshd swapoff swapon sysctl tcpdump ufw update-grub update-initramfs useradd "
                            + "userdel usermod vgextend vgremove visudo")
                    .split(" "));
    private static final Map<String, String> PROGRAMS = Map.of(
            "sh", "/usr/bin/dash",
            "python3", "/usr/bin/python3.11",
            "nc", "/usr/bin/nc.openbsd",
            "vi", "/usr/bin/vim.basic",
            "vim", "/usr/bin/vim.basic",
            "awk", "/usr/bin/mawk",
            "java", "/usr/lib/jvm/java-21-openjdk-amd64/bin/java",
            "runc", "/usr/bin/runc");

    private final Path root;

    HostTree(Path root) throws IOException {
        this.root = root;
        file("/proc/stat", "cpu  0 0 0 0 0 0 0 0 0 0\nbtime 1772352000\n");
        file("/proc/uptime", "9000.00 9000.00\n");
    }

    HostTree file(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    /** The file that a name as called would be on Debian. */
    static String program(String called) {
        String name = called.startsWith("-") ? called.substring(1) : called;
        if (name.startsWith("./")) {
            return "/home/deploy/app" + name.substring(1);
        }
        if (name.startsWith("/")) {
            String base = name.substring(name.lastIndexOf('/') + 1);
            boolean usual = name.startsWith("/bin/") || name.startsWith("/usr/bin/");
            return usual && PROGRAMS.containsKey(base) ? PROGRAMS.get(base) : name;
        }
        if (name.contains("/")) {
            return "/home/deploy/app/" + name;
        }
        return PROGRAMS.getOrDefault(name, (SUPERUSER_PROGRAMS.contains(name) ? "/usr/sbin/" : "/usr/bin/") + name);
    }

    /** @param arguments the first is the program as called */
    HostTree process(int pid, int parent, String executable, List<String> arguments, int uid) throws IOException {
        String name = arguments.getFirst().startsWith("/usr/bin/p")
                        && arguments.size() > 1
                        && arguments.get(1).startsWith("/")
                ? arguments.get(1)
                : executable;
        String comm = name.substring(name.lastIndexOf('/') + 1);
        String directory = "/proc/" + pid + "/";
        file(
                directory + "stat",
                pid + " (" + comm.substring(0, Math.min(15, comm.length())) + ") S " + parent + " " + pid + " " + pid
                        + " 0 -1 4194560 1 0 0 0 3 4 0 0 20 0 1 0 " + (500 + pid) + " 10000 25 18446744073709551615\n");
        file(
                directory + "status",
                "Name:\t" + comm + "\nUid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid + "\nCapEff:\t"
                        + (uid == 0 ? "000001ffffffffff" : "0000000000000000") + "\n");
        file(directory + "cmdline", String.join("\0", arguments) + "\0");
        Files.createSymbolicLink(root.resolve("proc/" + pid + "/exe"), Path.of(executable));
        return this;
    }

    /** Removes what lies under {@code /proc}, whose links lead out of the tree. */
    static void unlink(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve("proc"))) {
            for (Path link : all.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    /** The records that the kernel's audit writes of one start of a program. */
    static String auditRecords(int serial, int parent, String executable, List<String> arguments, int uid) {
        String stamp = "msg=audit(" + (1_772_357_000L + serial) + ".123:" + serial + "):";
        StringBuilder text = new StringBuilder("type=SYSCALL " + stamp
                + " arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=" + parent + " pid="
                + serial
                + " auid=1000 uid=" + uid + " gid=" + uid + " euid=" + uid + " suid=" + uid + " fsuid=" + uid + " egid="
                + uid + " sgid=" + uid + " fsgid=" + uid + " tty=pts0 ses=3 comm=\"x\" exe=" + quoted(executable)
                + " key=(null)\ntype=EXECVE " + stamp + " argc=" + arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            text.append(" a").append(i).append('=').append(quoted(arguments.get(i)));
        }
        return text + "\ntype=CWD " + stamp + " cwd=\"/root\"\ntype=EOE " + stamp + " \n";
    }

    /** As audit writes text: in quotes where it is plain, else in hexadecimal. */
    static String quoted(String text) {
        boolean plain = text.chars().allMatch(c -> c > 32 && c < 127 && c != '"');
        return plain
                ? '"' + text + '"'
                : HexFormat.of().withUpperCase().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
