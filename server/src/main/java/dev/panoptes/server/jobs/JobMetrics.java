package dev.panoptes.server.jobs;

import dev.panoptes.server.health.Exposition;
import dev.panoptes.server.health.MetricSource;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** When each job ran, on whichever replica, and when it is due. */
public final class JobMetrics implements MetricSource {
    private final JobStore store;
    private final Collection<String> names;

    JobMetrics(JobStore store, Collection<String> names) {
        this.store = store;
        this.names = List.copyOf(names);
    }

    @Override
    public void write(Exposition out) {
        List<JobStore.JobLine> lines = store.list(names);
        write(out, lines, "panoptes_job_due_time_seconds", "When it is due next", JobStore.JobLine::due);
        write(out, lines, "panoptes_job_started_time_seconds", "When it last began", JobStore.JobLine::started);
        write(
                out,
                lines,
                "panoptes_job_completed_time_seconds",
                "When it last ended well",
                JobStore.JobLine::completed);
    }

    /** The label is not called job: Prometheus gives that name to what it scrapes. */
    private static void write(
            Exposition out,
            List<JobStore.JobLine> lines,
            String name,
            String help,
            Function<JobStore.JobLine, @Nullable Instant> time) {
        out.metric(name, "gauge", help + ", in seconds since 1970.");
        for (JobStore.JobLine line : lines) {
            Instant at = time.apply(line);
            out.valueIfPresent(name, Map.of("name", line.name()), at == null ? null : at.toEpochMilli() / 1e3);
        }
    }
}
