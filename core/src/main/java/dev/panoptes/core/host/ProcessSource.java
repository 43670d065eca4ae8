package dev.panoptes.core.host;

import dev.panoptes.core.host.CgroupParser.Group;
import dev.panoptes.core.host.ProcStatParser.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads what {@code /proc/PID} tells about one process (proc(5)). */
final class ProcessSource implements ProcessReader {
    private static final int SHORT_FILE = 16_384;
    private static final int LONGEST_COMMAND = 65_536;
    private static final String DELETED = " (deleted)";

    private final HostFiles files;
    private final ScriptSource scripts;
    private final @Nullable String ownNamespace;
    private final @Nullable Object ownRoot = ownRoot();
    /** By the text of the file: the processes of one unit share it. */
    private final Map<String, Group> groups = new ConcurrentHashMap<>();

    ProcessSource(HostFiles files) {
        this.files = files;
        this.scripts = new ScriptSource(files);
        this.ownNamespace = namespace(files.isLive() ? "self" : "1");
    }

    @Override
    public OptionalLong startTicks(int pid) {
        return stat(pid).map(stat -> OptionalLong.of(stat.startTicks())).orElseGet(OptionalLong::empty);
    }

    @Override
    public Optional<HostProcess> read(int pid) {
        Optional<Stat> stat = stat(pid);
        if (stat.isEmpty()) {
            return Optional.empty();
        }
        String exeText = link(pid, "exe");
        boolean deleted = exeText != null && exeText.endsWith(DELETED);
        String exe = exeText == null || !deleted ? exeText : exeText.substring(0, exeText.length() - DELETED.length());
        String cwd = link(pid, "cwd");
        List<String> command = command(pid);
        Group group = group(pid);
        String apart = apart(pid, group);
        Script script = ScriptParser.parse(exe, command, cwd);
        ScriptSource.Resolved resolved = apart == null ? scripts.resolve(script) : scripts.asWritten(script);
        return Optional.of(new HostProcess(
                pid,
                stat.get().startTicks(),
                stat.get().parentPid(),
                uid(pid),
                exe,
                deleted,
                cwd,
                command,
                resolved.script(),
                resolved.real(),
                group.unit(),
                group.container(),
                apart,
                null));
    }

    private Optional<Stat> stat(int pid) {
        try {
            return ProcStatParser.parse(files.readText("/proc/" + pid + "/stat", SHORT_FILE));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private int uid(int pid) {
        try {
            OptionalInt uid = ProcStatusParser.effectiveUid(files.readText("/proc/" + pid + "/status", SHORT_FILE));
            return uid.orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }

    private List<String> command(int pid) {
        try {
            return CommandLineParser.parse(files.read("/proc/" + pid + "/cmdline", LONGEST_COMMAND));
        } catch (IOException e) {
            return List.of();
        }
    }

    private Group group(int pid) {
        try {
            return groups.computeIfAbsent(files.readText("/proc/" + pid + "/cgroup", SHORT_FILE), CgroupParser::parse);
        } catch (IOException e) {
            return new Group(null, null);
        }
    }

    private @Nullable String link(int pid, String name) {
        try {
            return files.readLink("/proc/" + pid + "/" + name);
        } catch (IOException e) {
            return null;
        }
    }

    private @Nullable String namespace(String pid) {
        try {
            return files.readLink("/proc/" + pid + "/ns/net");
        } catch (IOException e) {
            return null;
        }
    }

    private @Nullable String apart(int pid, Group group) {
        String container = group.container();
        if (container != null) {
            return "it runs in container " + container.substring(0, Math.min(12, container.length()));
        }
        if (hasOtherRoot(pid)) {
            return "it runs in another root directory";
        }
        String namespace = namespace(Integer.toString(pid));
        return namespace == null || ownNamespace == null || namespace.equals(ownNamespace)
                ? null
                : "it runs in another network namespace";
    }

    /** A container whose group has no telling name still has a root of its own; the link alone reads {@code /} there. */
    private boolean hasOtherRoot(int pid) {
        if (!files.isLive()) {
            String root = link(pid, "root");
            return root != null && !root.equals("/");
        }
        try {
            return ownRoot != null && !ownRoot.equals(key("/proc/" + pid + "/root/"));
        } catch (IOException e) {
            // Not ours to look at: then its paths are read as they are.
            return false;
        }
    }

    private static @Nullable Object key(String directory) throws IOException {
        return Files.readAttributes(Path.of(directory), BasicFileAttributes.class)
                .fileKey();
    }

    private static @Nullable Object ownRoot() {
        try {
            return key("/");
        } catch (IOException e) {
            return null;
        }
    }
}
