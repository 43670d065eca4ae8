package dev.panoptes.core.host;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files of one host, named by their absolute path there. Below a captured root every link is followed as that host would:
 * an absolute target starts at the root again, and none leads out of it.
 */
public final class HostFiles {
    private static final int MOST_LINKS = 40;
    private static final int FIRST_BUFFER = 4_096;

    private final Path root;
    private final boolean live;

    /** @param root {@code /} for this machine, else the directory of a captured tree */
    public HostFiles(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.live = this.root.getParent() == null;
    }

    /** True where the root is this machine's own. */
    public boolean isLive() {
        return live;
    }

    /**
     * The file on this machine that a path of the host names, links followed.
     *
     * @throws IOException where there is none, or it cannot be named on this machine
     */
    public Path locate(String absolute) throws IOException {
        try {
            if (live) {
                return Path.of(absolute);
            }
            Deque<String> rest = new ArrayDeque<>(components(absolute));
            Path at = root;
            int links = 0;
            while (!rest.isEmpty()) {
                String component = rest.removeFirst();
                if (component.equals("..")) {
                    Path parent = at.getParent();
                    at = at.equals(root) || parent == null ? root : parent;
                    continue;
                }
                Path next = at.resolve(component);
                if (!Files.isSymbolicLink(next)) {
                    at = next;
                    continue;
                }
                if (++links > MOST_LINKS) {
                    throw new FileSystemLoopException(absolute);
                }
                String target = Files.readSymbolicLink(next).toString();
                if (target.startsWith("/")) {
                    at = root;
                }
                List<String> hops = components(target);
                for (int i = hops.size() - 1; i >= 0; i--) {
                    rest.addFirst(hops.get(i));
                }
            }
            return at;
        } catch (InvalidPathException e) {
            throw new NoSuchFileException(absolute, null, "not a path of this machine: " + e.getReason());
        }
    }

    private static List<String> components(String path) {
        return Arrays.stream(path.split("/"))
                .filter(component -> !component.isEmpty() && !component.equals("."))
                .toList();
    }

    /** At most {@code limit} bytes of a regular file; the sizes that /proc tells mean nothing, so it reads to the end. */
    public byte[] read(String absolute, int limit) throws IOException {
        Path file = locate(absolute);
        // A FIFO or device would block or never end; the kernel's own files under /proc/PID are neither.
        boolean kernels = live && absolute.startsWith("/proc/");
        if (!kernels && !Files.isRegularFile(file)) {
            throw new NoSuchFileException(absolute, null, "not a regular file");
        }
        // Plain reads: channels and readNBytes ask for size and position first, which doubles the calls.
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            byte[] buffer = new byte[Math.min(limit, FIRST_BUFFER)];
            int filled = 0;
            int read;
            while (filled < limit && (read = in.read(buffer, filled, buffer.length - filled)) > 0) {
                filled += read;
                if (filled == buffer.length && filled < limit) {
                    buffer = Arrays.copyOf(buffer, Math.min(limit, 4 * buffer.length));
                }
            }
            return Arrays.copyOf(buffer, filled);
        }
    }

    /** The same as text; bytes that are not UTF-8 become U+FFFD. */
    public String readText(String absolute, int limit) throws IOException {
        return new String(read(absolute, limit), StandardCharsets.UTF_8);
    }

    /** The text of a link; its last component is not followed. */
    public String readLink(String absolute) throws IOException {
        int slash = absolute.lastIndexOf('/');
        String above = slash == 0 ? "/" : absolute.substring(0, slash);
        Path directory = live ? Path.of(above) : locate(above);
        return Files.readSymbolicLink(directory.resolve(absolute.substring(slash + 1)))
                .toString();
    }

    /** Names in a directory, in no order. */
    public List<String> list(String absolute) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(locate(absolute))) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /** The path on the host with every link resolved; null where there is no such file. */
    public @Nullable String real(String absolute) {
        try {
            Path real = locate(absolute).toRealPath();
            return live ? real.toString() : "/" + root.toRealPath().relativize(real);
        } catch (IOException e) {
            return null;
        }
    }

    /** True for a regular file, links followed. */
    public boolean isFile(String absolute) {
        try {
            return Files.isRegularFile(locate(absolute));
        } catch (IOException e) {
            return false;
        }
    }
}
