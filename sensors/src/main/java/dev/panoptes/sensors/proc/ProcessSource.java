package dev.panoptes.sensors.proc;

import dev.panoptes.core.host.HostFiles;
import dev.panoptes.core.issue.CommandMask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads processes from {@code /proc} of a host. */
final class ProcessSource {
    private static final int SHORT = 4_096;
    private static final int STATUS = 16_384;
    private static final int COMMAND = 1 << 18;
    private static final String DELETED = " (deleted)";
    private static final List<String> NAMESPACES = List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts");

    private final HostFiles files;

    ProcessSource(HostFiles files) {
        this.files = files;
    }

    /** Every process that is there, by pid. */
    Map<Integer, ProcessImage> all() throws IOException, InterruptedException {
        Map<Integer, ProcessImage> all = new TreeMap<>();
        for (String name : files.list("/proc")) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (isPid(name)) {
                ProcessImage image = read(Integer.parseInt(name));
                if (image != null) {
                    all.put(image.pid(), image);
                }
            }
        }
        return all;
    }

    private static boolean isPid(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return !name.isEmpty() && name.length() < 10;
    }

    /** Null where there is none, or not even its stat line can be read. */
    @Nullable
    ProcessImage read(int pid) {
        String directory = "/proc/" + pid;
        String statText = text(directory + "/stat", SHORT);
        StatParser.Stat stat = statText == null ? null : StatParser.parse(statText);
        if (stat == null) {
            return null;
        }
        String statusText = text(directory + "/status", STATUS);
        StatusParser.Status status = StatusParser.parse(statusText == null ? "" : statusText);
        String cgroup = text(directory + "/cgroup", STATUS);
        CgroupParser.Group group = CgroupParser.parse(cgroup == null ? "" : cgroup);
        String exe = link(directory + "/exe");
        boolean deleted = exe != null && exe.endsWith(DELETED);
        return new ProcessImage(
                pid,
                stat.parentPid(),
                stat.name(),
                stat.state(),
                stat.startTicks(),
                stat.cpuTicks(),
                stat.residentPages(),
                exe == null ? null : deleted ? exe.substring(0, exe.length() - DELETED.length()) : exe,
                deleted,
                CommandMask.secrets(arguments(directory)),
                link(directory + "/cwd"),
                status.uid(),
                status.realUid(),
                status.capabilities(),
                namespaces(directory),
                group.service(),
                group.container());
    }

    /** Split at NUL, empty ones kept; the last NUL ends the last one. */
    private List<String> arguments(String directory) {
        byte[] bytes;
        try {
            bytes = files.read(directory + "/cmdline", COMMAND);
        } catch (IOException e) {
            return List.of();
        }
        List<String> arguments = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                arguments.add(new String(bytes, from, i - from, StandardCharsets.UTF_8));
                from = i + 1;
            }
        }
        if (from < bytes.length) {
            arguments.add(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
        }
        return arguments;
    }

    private Map<String, Long> namespaces(String directory) {
        Map<String, Long> found = new LinkedHashMap<>();
        for (String name : NAMESPACES) {
            String target = link(directory + "/ns/" + name);
            int open = target == null ? -1 : target.indexOf('[');
            if (target != null && open > 0 && target.endsWith("]")) {
                try {
                    found.put(name, Long.parseLong(target.substring(open + 1, target.length() - 1)));
                } catch (NumberFormatException e) {
                    continue; // no inode
                }
            }
        }
        return found;
    }

    private @Nullable String text(String path, int limit) {
        try {
            return files.readText(path, limit);
        } catch (IOException e) {
            return null; // it is gone, or hidden
        }
    }

    private @Nullable String link(String path) {
        try {
            return files.readLink(path);
        } catch (IOException e) {
            return null; // it is gone, hidden, or a kernel thread's
        }
    }
}
