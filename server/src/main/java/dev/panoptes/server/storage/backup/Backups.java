package dev.panoptes.server.storage.backup;

import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.DataDirectory;
import dev.panoptes.server.storage.DatabaseAddress;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes backups and restores them. */
public final class Backups {
    /** Below the data directory: what was made by itself before a migration. */
    public static final String DIRECTORY = "backups";

    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String PREFIX = "before-migration-";
    private static final String SUFFIX = ".tar.gz";

    private Backups() {}

    /** What was made or restored. @param bytes size of the file */
    public record Done(Manifest manifest, long bytes) {}

    /**
     * Writes a backup. It is there under its name when it is whole, or not at all.
     *
     * @throws BackupRefused where the file exists or cannot be written, or the database cannot be read
     */
    public static Done write(DatabaseAddress address, Path file, Contents contents) throws BackupRefused {
        try (ArchiveWriter archive = ArchiveWriter.create(file, contents.created())) {
            Manifest manifest = new Dump(address, archive).write(contents);
            return new Done(manifest, archive.finish(manifest));
        } catch (FileAlreadyExistsException e) {
            throw new BackupRefused(file + " exists, and a backup overwrites nothing; choose another name", e);
        } catch (IOException e) {
            throw new BackupRefused("the backup " + file + " cannot be written: " + reason(e), e);
        } catch (SQLException e) {
            throw new BackupRefused("the database cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a backup to its end and compares every checksum.
     *
     * @throws BackupRefused where it is not whole, or not what was written
     */
    public static Manifest verify(Path file) throws BackupRefused {
        try (ArchiveReader archive = ArchiveReader.open(file)) {
            return archive.verify();
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw new BackupRefused("the backup " + file + " cannot be read: " + reason(e), e);
        } catch (EOFException e) {
            throw new BackupRefused(file + " is torn: it ends before its end; take another backup", e);
        } catch (IOException e) {
            throw new BackupRefused(
                    file + " is no whole backup, or was changed since: " + reason(e) + "; take another backup", e);
        }
    }

    /**
     * Fills an empty database from a backup that was verified.
     *
     * @throws BackupRefused and the database stays as it was
     */
    public static Done restore(DatabaseAddress address, Path file, Manifest manifest) throws BackupRefused {
        try {
            new DatabaseRefill(address, file, manifest).run();
            return new Done(manifest, Files.size(file));
        } catch (IOException e) {
            throw new BackupRefused("the backup " + file + " cannot be restored: " + reason(e), e);
        } catch (SQLException e) {
            throw new BackupRefused("the database refuses the backup: " + e.getMessage(), e);
        }
    }

    /**
     * Makes a backup before a migration, and forgets the oldest of those that were made so.
     *
     * @param keep how many stay
     * @throws CannotStart when it fails; then nothing is migrated
     */
    public static void beforeMigration(
            DataDirectory directory, DatabaseAddress address, int from, int to, Contents contents, int keep)
            throws CannotStart {
        Path backups = directory.path().resolve(DIRECTORY);
        Path file = backups.resolve(PREFIX + TIME.format(contents.created()) + "-from-" + from + "-to-" + to + SUFFIX);
        try {
            if (!Files.isDirectory(backups)) {
                Files.createDirectory(
                        backups, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Done done = write(address, file, contents);
            LOG.atInfo()
                    .addKeyValue("file", file)
                    .addKeyValue("bytes", done.bytes())
                    .addKeyValue("rows", done.manifest().rows())
                    .log("backup made before the migration");
            deleteOldest(backups, keep);
        } catch (BackupRefused e) {
            throw new CannotStart("nothing was migrated, for no backup could be made before: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CannotStart("nothing was migrated, for no backup could be made before: " + reason(e), e);
        }
    }

    private static void deleteOldest(Path backups, int keep) throws IOException {
        try (Stream<Path> all = Files.list(backups)) {
            // Their names begin with the time, and so sort by it.
            List<Path> ours = all.filter(each -> each.getFileName().toString().startsWith(PREFIX)
                            && each.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
            for (Path each : ours.subList(0, Math.max(0, ours.size() - keep))) {
                Files.delete(each);
            }
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException system when system.getReason() != null -> String.valueOf(system.getReason());
            default -> String.valueOf(e.getMessage());
        };
    }
}
