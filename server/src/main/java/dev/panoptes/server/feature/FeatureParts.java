package dev.panoptes.server.feature;

import dev.panoptes.server.health.Component;
import dev.panoptes.server.health.MetricSource;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.jobs.Job;
import dev.panoptes.server.storage.Retention;
import java.util.ArrayList;
import java.util.List;

/**
 * What a feature gives to the server. Each {@code XFeature} makes its store, its service and its resources, and returns this.
 *
 * @param resources its calls and pages
 * @param jobs what it does again and again, on one replica at a time
 * @param ownFigures what this replica counted, told at {@code /metrics} also while the database is away
 * @param storedFigures figures that are read from the database
 * @param retention what it forgets when it was kept long enough
 * @param components parts of the infrastructure that it knows the state of
 * @param starts what begins when everything is made and before calls are answered
 */
public record FeatureParts(
        List<Resource> resources,
        List<Job> jobs,
        List<MetricSource> ownFigures,
        List<MetricSource> storedFigures,
        List<Retention.Rule> retention,
        List<Component> components,
        List<Runnable> starts) {
    public FeatureParts {
        resources = List.copyOf(resources);
        jobs = List.copyOf(jobs);
        ownFigures = List.copyOf(ownFigures);
        storedFigures = List.copyOf(storedFigures);
        retention = List.copyOf(retention);
        components = List.copyOf(components);
        starts = List.copyOf(starts);
    }

    /** Nothing yet. */
    public static FeatureParts none() {
        return new FeatureParts(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /** All of several features, in their order. */
    public static FeatureParts all(List<FeatureParts> features) {
        FeatureParts all = none();
        for (FeatureParts feature : features) {
            all = new FeatureParts(
                    joined(all.resources, feature.resources),
                    joined(all.jobs, feature.jobs),
                    joined(all.ownFigures, feature.ownFigures),
                    joined(all.storedFigures, feature.storedFigures),
                    joined(all.retention, feature.retention),
                    joined(all.components, feature.components),
                    joined(all.starts, feature.starts));
        }
        return all;
    }

    public FeatureParts withResources(Resource... more) {
        return new FeatureParts(
                joined(resources, List.of(more)), jobs, ownFigures, storedFigures, retention, components, starts);
    }

    public FeatureParts withJobs(Job... more) {
        return new FeatureParts(
                resources, joined(jobs, List.of(more)), ownFigures, storedFigures, retention, components, starts);
    }

    public FeatureParts withOwnFigures(MetricSource... more) {
        return new FeatureParts(
                resources, jobs, joined(ownFigures, List.of(more)), storedFigures, retention, components, starts);
    }

    public FeatureParts withStoredFigures(MetricSource... more) {
        return new FeatureParts(
                resources, jobs, ownFigures, joined(storedFigures, List.of(more)), retention, components, starts);
    }

    public FeatureParts withRetention(Retention.Rule... more) {
        return new FeatureParts(
                resources, jobs, ownFigures, storedFigures, joined(retention, List.of(more)), components, starts);
    }

    public FeatureParts withComponents(Component... more) {
        return new FeatureParts(
                resources, jobs, ownFigures, storedFigures, retention, joined(components, List.of(more)), starts);
    }

    public FeatureParts withStarts(Runnable... more) {
        return new FeatureParts(
                resources, jobs, ownFigures, storedFigures, retention, components, joined(starts, List.of(more)));
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        List<T> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }
}
