package dev.panoptes.integrity.checks;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Manifests;
import dev.panoptes.integrity.declared.Manifests.Identity;
import dev.panoptes.integrity.declared.Manifests.ManifestSet;
import dev.panoptes.integrity.declared.Manifests.Service;
import dev.panoptes.integrity.declared.Manifests.Unread;
import dev.panoptes.integrity.declared.Manifests.Workload;
import dev.panoptes.integrity.declared.PodPorts;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The manifests of a tree with what selects what. One object may stand in several sets, such as a base in its overlays. */
final class ManifestView {
    private final World world;
    private final Manifests manifests;

    private ManifestView(World world, Manifests manifests) {
        this.world = world;
        this.manifests = manifests;
    }

    static ManifestView of(World world) {
        Declarations declarations = world.declarations();
        return new ManifestView(world, declarations == null ? Manifests.NONE : declarations.manifests());
    }

    List<ManifestSet> sets() {
        return manifests.sets();
    }

    PodPorts ports() {
        return world.links().images().orElseThrow().pods();
    }

    /** What of the manifests could not be read; one check tells it for all. */
    void unread(Results results) {
        for (Unread unread : manifests.unread()) {
            results.add(new CheckResult.Unknown(unread.place(), unread.reason()));
        }
    }

    /** What a subject is in several sets: failed where it is so in one of them, else unknown where it is so in one. */
    static final class Results {
        private final Map<String, CheckResult> results = new LinkedHashMap<>();

        void add(CheckResult result) {
            results.merge(subject(result), result, (one, other) -> weight(one) >= weight(other) ? one : other);
        }

        List<CheckResult> all() {
            return List.copyOf(results.values());
        }

        private static String subject(CheckResult result) {
            return switch (result) {
                case CheckResult.Pass(String subject) -> subject;
                case CheckResult.Unknown(String subject, String _) -> subject;
                case CheckResult.Fail(Failure failure) -> failure.subject();
            };
        }

        private static int weight(CheckResult result) {
            return switch (result) {
                case CheckResult.Pass pass -> 0;
                case CheckResult.Unknown unknown -> 1;
                case CheckResult.Fail fail -> 2;
            };
        }
    }

    /**
     * The workloads that a Service leads to: those of its own set, else those of any set, because one may apply both.
     *
     * @return empty where there is none in the tree
     */
    List<Workload> selected(ManifestSet set, Service service) {
        List<Workload> own = set.workloads().stream()
                .filter(workload -> workload.isSelectedBy(service))
                .toList();
        return own.isEmpty()
                ? sets().stream()
                        .flatMap(other -> other.workloads().stream())
                        .filter(workload -> workload.isSelectedBy(service))
                        .toList()
                : own;
    }

    /** Why one of these objects may be another when it is applied; null where none may. */
    static @Nullable String open(Identity... identities) {
        for (Identity identity : identities) {
            if (identity.open() != null) {
                return identity.open();
            }
        }
        return null;
    }

    /** {@code Deployment web}. */
    static String words(Identity identity) {
        return identity.kind() + " " + identity.name();
    }

    /** The agent that a workload's first linked container is, then the workload itself. */
    void affected(Failure.Builder failure, ManifestSet set, Workload workload) {
        workload.containers().stream()
                .flatMap(container -> world.links().agentOf(set, workload, container).stream())
                .map(DeclaredAgent::key)
                .distinct()
                .forEach(failure::affected);
        failure.affected(workload.identity().id());
    }
}
