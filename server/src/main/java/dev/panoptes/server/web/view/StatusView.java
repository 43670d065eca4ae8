package dev.panoptes.server.web.view;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last scan in short. */
public record StatusView(
        String report,
        String status,
        Instant completed,
        Duration took,
        List<Part> verdict,
        int passed,
        int failed,
        int unknown,
        @Nullable Double score,
        int agents,
        int chains,
        int issues,
        List<IssueLine> worst) {}
