package dev.panoptes.code;

import dev.panoptes.code.syntax.SourceText;
import dev.panoptes.core.PrivateFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was read of source files between scans, one file per scanned root, never in the scanned tree. Entries are found by
 * the digest of a file's content and count for one version of the readers only; damaged ones are ignored. A cache that cannot be
 * used, because its folder belongs to somebody else or others may write to it, costs time and nothing else: it is left alone.
 */
public final class FactCache {
    private static final String NAME = "panoptes";

    private final @Nullable Path folder;

    private FactCache(@Nullable Path folder) {
        this.folder = folder;
    }

    /** Keeps nothing. */
    public static FactCache none() {
        return new FactCache(null);
    }

    /** Keeps its files in this folder, which is made when something is to be kept. */
    public static FactCache in(Path folder) {
        return new FactCache(folder);
    }

    /** {@code ${XDG_CACHE_HOME:-~/.cache}/panoptes}; keeps nothing where neither variable is an absolute path. */
    public static FactCache ofUser(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (cache.startsWith("/")) {
            return in(Path.of(cache, NAME));
        }
        return home.startsWith("/") ? in(Path.of(home, ".cache", NAME)) : none();
    }

    FactStore open(Path root) {
        Path file = file("code-" + SourceText.VERSION, root);
        return file == null ? FactStore.none() : FactStore.open(file);
    }

    /** Of this kind for this scanned root; null where nothing can be kept. */
    @Nullable
    Path file(String kind, Path root) {
        Path known = folder;
        if (known == null || !PrivateFolder.usable(known)) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(root.toString().getBytes(StandardCharsets.UTF_8));
        return known.resolve(kind + "-" + Long.toHexString(crc.getValue()) + ".facts");
    }
}
