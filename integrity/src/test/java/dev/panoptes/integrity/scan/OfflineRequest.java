package dev.panoptes.integrity.scan;

import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.judging.Selection;
import dev.panoptes.integrity.verdict.Baseline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the projects of the evaluations are scanned: declarations only, every check, nobody's home, nothing kept. */
public final class OfflineRequest {
    private OfflineRequest() {}

    public static ScanRequest of(Path root, Path registry) {
        return of(root, registry, null);
    }

    static ScanRequest of(Path root, Path registry, @Nullable Path cache) {
        return new ScanRequest(
                registry,
                Profile.NONE,
                null,
                null,
                root.resolveSibling("nobodys-home"),
                null,
                Path.of("/"),
                Map.of(),
                true,
                Selection.ALL,
                List.of(),
                Baseline.NONE,
                List.of(),
                ScanRequest.SNAPSHOT_MAX_AGE,
                List.of(),
                cache,
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                2,
                List.of(),
                null);
    }
}
