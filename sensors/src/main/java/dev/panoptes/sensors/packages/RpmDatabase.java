package dev.panoptes.sensors.packages;

import dev.panoptes.core.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The database of rpm(8) as it is kept since 4.16: the table {@code Packages} of {@code rpmdb.sqlite}. The older ones, of
 * Berkeley DB and ndb, are not read: where a host has only such a one no file has an owner here.
 */
final class RpmDatabase {
    private static final List<String> PLACES =
            List.of("/usr/lib/sysimage/rpm/rpmdb.sqlite", "/var/lib/rpm/rpmdb.sqlite");

    private final HostFiles files;
    private final UnaryOperator<String> spell;

    RpmDatabase(HostFiles files, UnaryOperator<String> spell) {
        this.files = files;
        this.spell = spell;
    }

    /** @param algorithm as Java names it @param digest in hexadecimal; null where the package does not say */
    record Owned(
            String name,
            String version,
            String algorithm,
            @Nullable String digest) {}

    /** Those of the paths that a package owns. */
    Map<String, Owned> owners(Set<String> wanted) throws IOException, InterruptedException {
        Map<String, Owned> owned = new HashMap<>();
        for (String place : PLACES) {
            if (files.isFile(place)) {
                Path database = files.locate(place);
                if (Files.size(database) > 0) {
                    try (SqliteTable table = SqliteTable.open(database)) {
                        table.rows("Packages", columns -> take(RpmHeader.of(columns.octets(1)), wanted, owned));
                    }
                    return owned;
                }
            }
        }
        return owned;
    }

    private void take(RpmHeader header, Set<String> wanted, Map<String, Owned> owned) throws IOException {
        for (RpmHeader.OwnedFile file : header.files()) {
            String path = spell.apply(file.path());
            if (wanted.contains(path)) {
                String algorithm = header.algorithm();
                owned.put(
                        path,
                        new Owned(
                                header.name(),
                                header.version(),
                                algorithm,
                                file.digest().isEmpty() || algorithm.isEmpty() ? null : file.digest()));
            }
        }
    }
}
