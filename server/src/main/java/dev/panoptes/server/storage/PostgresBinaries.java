package dev.panoptes.server.storage;

import dev.panoptes.server.life.CannotStart;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of the embedded PostgreSQL, unpacked once below the data directory. They belong to the user that runs the
 * server and are read-only for the one that runs the database.
 */
final class PostgresBinaries {
    /** Of the programs that the build ships; a test compares it with what they say. */
    static final String VERSION = "18.6";

    static final int MAJOR = 18;

    private static final String UNFINISHED = "programs.new-";

    private PostgresBinaries() {}

    /** @return the directory that holds {@code bin}, {@code lib} and {@code share} */
    static Path unpack(Path home) throws CannotStart {
        Path target = home.resolve("programs-" + VERSION);
        if (Files.isDirectory(target)) {
            return target;
        }
        Path unfinished = home.resolve(UNFINISHED + ProcessHandle.current().pid());
        try {
            deleteAbandoned(home);
            Files.createDirectories(unfinished);
            try (InputStream archive = archive()) {
                TarArchive.extract(new XZInputStream(new BufferedInputStream(archive, 1 << 16)), unfinished);
            }
            // One flush of the file system instead of a thousand of files: after the rename all must be there.
            Programs.run("sync", "-f", unfinished.toString());
            try {
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (!Files.isDirectory(target)) {
                    throw e;
                }
                // Somebody else was faster, and theirs is the same.
                delete(unfinished);
            }
            DataDirectory.sync(home);
            return target;
        } catch (IOException e) {
            throw new CannotStart("PostgreSQL could not be unpacked to " + target + ": " + DataDirectory.reason(e), e);
        }
    }

    /** What a start that was killed half-way left behind. */
    private static void deleteAbandoned(Path home) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(home, UNFINISHED + "*")) {
            for (Path each : all) {
                String pid = each.getFileName().toString().substring(UNFINISHED.length());
                if (!pid.matches("\\d{1,10}")
                        || ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    delete(each);
                }
            }
        }
    }

    private static InputStream archive() throws IOException, CannotStart {
        String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String name = architecture.equals("aarch64") ? "postgres-linux-arm_64.txz" : "postgres-linux-x86_64.txz";
        InputStream archive = PostgresBinaries.class.getResourceAsStream("/" + name);
        if (archive == null) {
            throw new CannotStart("this build has no embedded PostgreSQL for " + architecture
                    + "; set DATABASE_URL to a PostgreSQL server, 15 or newer");
        }
        return archive;
    }

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
