package dev.panoptes.sensors.persistence;

import dev.panoptes.core.host.ExtendedAttributes;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Files that give whoever runs them more than they have: by the bits of their mode, and by capabilities(7). */
final class PrivilegedFiles {
    private static final List<String> ROOTS = List.of(
            "/usr",
            "/bin",
            "/sbin",
            "/lib",
            "/lib64",
            "/opt",
            "/home",
            "/root",
            "/srv",
            "/var",
            "/tmp",
            "/etc",
            "/dev/shm");
    private static final Set<String> LEFT_OUT =
            Set.of("/var/lib/docker", "/var/lib/containers", "/var/lib/containerd", "/var/lib/lxc", "/var/lib/kubelet");
    private static final String SUID = "suid_file";
    private static final String CAPABILITY = "file_capability";
    private static final int SET_USER = 04000;
    private static final int SET_GROUP = 02000;
    private static final int EXECUTE = 0111;
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;

    private @Nullable Tree walked;
    private List<Entry> found = List.of();

    void suid(Tree tree, Consumer<Entry> into) {
        look(tree).stream().filter(entry -> entry.kind().equals(SUID)).forEach(into);
    }

    void capabilities(Tree tree, Consumer<Entry> into) {
        look(tree).stream().filter(entry -> entry.kind().equals(CAPABILITY)).forEach(into);
    }

    /** One walk for both kinds. */
    private List<Entry> look(Tree tree) {
        if (walked != tree) {
            List<Entry> entries = new ArrayList<>();
            try (ExtendedAttributes attributes = new ExtendedAttributes()) {
                walk(tree, (path, file, mode) -> visit(tree, path, file, mode, attributes, entries));
            }
            found = List.copyOf(entries);
            walked = tree;
        }
        return found;
    }

    private static void visit(
            Tree tree, String path, Path file, int mode, ExtendedAttributes attributes, List<Entry> entries) {
        if ((mode & EXECUTE) == 0) {
            return;
        }
        if ((mode & (SET_USER | SET_GROUP)) != 0) {
            String owner = tree.owner(path);
            String content = Integer.toOctalString(mode) + " " + owner + " " + tree.digest(path);
            entries.add(Entry.ofFile(SUID, FilePlaces.name(path), path, Entry.sha256(content))
                    .runs(path)
                    .user((mode & SET_USER) != 0 ? owner : null));
        }
        byte[] value = attributes.value(file, "security.capability");
        if (value != null) {
            String name = FilePlaces.name(path) + " " + HexFormat.of().formatHex(value);
            entries.add(
                    Entry.ofFile(CAPABILITY, name, path, Entry.sha256(value)).runs(path));
        }
    }

    /** What to do with a file. */
    private interface Visit {
        void file(String path, Path file, int mode);
    }

    private static void walk(Tree tree, Visit visit) {
        for (String root : ROOTS) {
            Path start = tree.locate(root);
            if (start != null && !tree.isLink(root) && Files.isDirectory(start)) {
                walk(start, root, visit);
            }
        }
    }

    private static void walk(Path start, String root, Visit visit) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(start)) {
            for (Path entry : entries) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                String path = root + "/" + entry.getFileName();
                // The mode tells the type too (inode(7)): one value for each of a million files.
                int mode = Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS) instanceof Integer known
                        ? known
                        : 0;
                if ((mode & TYPE) == DIRECTORY) {
                    if (!LEFT_OUT.contains(path)) {
                        walk(entry, path, visit);
                    }
                } else if ((mode & TYPE) == REGULAR) {
                    visit.file(path, entry, mode);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It went away while it was walked, or may not be read.
            return;
        }
    }
}
