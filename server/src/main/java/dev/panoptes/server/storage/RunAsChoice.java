package dev.panoptes.server.storage;

import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Decides as whom the embedded PostgreSQL runs. It changes no mode of a directory that it did not make. */
final class RunAsChoice {
    /** Whom to drop to, best first. */
    private static final List<String> UNPRIVILEGED = List.of("panoptes", "postgres", "nobody");

    private static final int ROOT = 0;
    /** What Java calls a user whom the machine does not know. */
    private static final String NAMELESS = "?";

    private RunAsChoice() {}

    private record Account(String name, int uid, int gid) {}

    static RunAs of(Path home) throws CannotStart {
        try {
            int uid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            int gid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
            String self = System.getProperty("user.name", "");
            if (uid != ROOT && !self.isEmpty() && !self.equals(NAMELESS)) {
                return new RunAs.Same(uid, gid, self);
            }
            List<Account> accounts = accounts();
            for (String name : uid == ROOT ? UNPRIVILEGED : List.<String>of()) {
                Optional<Account> account = accounts.stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst();
                if (account.isPresent() && reaches(account.get(), home)) {
                    return new RunAs.Other(account.get().uid(), account.get().gid(), name);
                }
            }
            int overflow = overflowUid();
            return accounts.stream()
                    .filter(each -> each.uid() == overflow)
                    .findFirst()
                    .map(each -> new RunAs.Namespace(uid, gid, each.name()))
                    .orElseThrow(() -> nobodyFor(uid, home, overflow));
        } catch (IOException e) {
            throw new CannotStart("no user could be chosen for PostgreSQL: " + DataDirectory.reason(e), e);
        }
    }

    private static CannotStart nobodyFor(int uid, Path home, int overflow) {
        String why = uid == ROOT
                ? "PostgreSQL does not run as root, and none of " + UNPRIVILEGED + " can reach " + home
                : "PostgreSQL does not run as a user without a name, and uid " + uid + " has none";
        return new CannotStart(why + "; uid " + overflow
                + " has no name in /etc/passwd that could stand in. Choose another --data-dir or set DATABASE_URL");
    }

    /** In one read: a file below /proc/sys gives nothing to a second one (proc_sys(5)), and readString() begins with a byte. */
    private static int overflowUid() throws IOException {
        byte[] number = new byte[32];
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys/kernel/overflowuid"))) {
            int read = in.read(number);
            return Integer.parseInt(new String(number, 0, Math.max(read, 0), StandardCharsets.US_ASCII).strip());
        }
    }

    private static List<Account> accounts() throws IOException {
        return Files.readAllLines(Path.of("/etc/passwd")).stream()
                .map(line -> line.split(":", -1))
                .filter(fields ->
                        fields.length >= 7 && fields[2].matches("\\d{1,10}") && fields[3].matches("\\d{1,10}"))
                .map(fields -> new Account(fields[0], (int) Long.parseLong(fields[2]), (int) Long.parseLong(fields[3])))
                .toList();
    }

    /** True where the modes let this user walk down to the directory. Access lists are not asked: then it says no. */
    private static boolean reaches(Account account, Path directory) throws IOException {
        for (Path each = directory; each != null; each = each.getParent()) {
            int mode = (int) Files.getAttribute(each, "unix:mode");
            boolean may = Files.getAttribute(each, "unix:uid").equals(account.uid())
                    ? (mode & 0100) != 0
                    : Files.getAttribute(each, "unix:gid").equals(account.gid())
                            ? (mode & 0010) != 0
                            : (mode & 0001) != 0;
            if (!may) {
                return false;
            }
        }
        return true;
    }
}
