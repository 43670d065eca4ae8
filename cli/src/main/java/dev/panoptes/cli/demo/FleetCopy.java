package dev.panoptes.cli.demo;

import dev.panoptes.cli.child.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fleet to run: the example itself, or a copy with one more fault, which goes with {@link #close}. */
public final class FleetCopy implements AutoCloseable {
    private final Path root;
    private final boolean temporary;

    private FleetCopy(Path root, boolean temporary) {
        this.root = root;
        this.temporary = temporary;
    }

    /** @param fault null: none is added, and the fleet runs where it lies */
    public static FleetCopy of(Path fleet, @Nullable DemoFault fault) throws IOException {
        if (fault == null) {
            return new FleetCopy(fleet, false);
        }
        FleetCopy copy = new FleetCopy(Files.createTempDirectory("panoptes-demo-"), true);
        try {
            copyTree(fleet, copy.root);
            fault.plant(copy.root);
            return copy;
        } catch (IOException e) {
            copy.close();
            throw e;
        }
    }

    public Path root() {
        return root;
    }

    /** Copies folders and files; what lies in the way is an error. */
    public static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (!temporary) {
            return;
        }
        new TemporaryFolder(root).close();
    }
}
