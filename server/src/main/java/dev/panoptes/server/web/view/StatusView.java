package dev.panoptes.server.web.view;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

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
        double score,
        int agents,
        int chains,
        int issues,
        List<IssueLine> worst) {}
