package dev.panoptes.integrity.kubernetes;

import dev.panoptes.core.Tasks;
import dev.panoptes.core.Tasks.Outcome;
import dev.panoptes.integrity.kubernetes.ClusterView.Kept;
import dev.panoptes.integrity.kubernetes.ClusterView.Look;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/** Looks at a cluster once, as a command does: every collection is listed. */
public final class ClusterReader implements ClusterSource {
    private static final int AT_ONCE = 8;
    private static final int MOST_NAMESPACES = 200;
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final ClusterAccess access;

    public ClusterReader(ClusterAccess access) {
        this.access = access;
    }

    /** One that cannot be asked, which is what it says of every namespace. */
    public static ClusterSource unusable(String reason) {
        return (namespaces, deadline) -> ClusterView.unseen(reason);
    }

    @Override
    public ClusterView look(Set<String> namespaces, Duration deadline) throws InterruptedException {
        if (namespaces.size() > MOST_NAMESPACES) {
            return ClusterView.unseen("The registry names more than " + MOST_NAMESPACES + " namespaces");
        }
        List<String> names = List.copyOf(new TreeSet<>(namespaces));
        Map<String, Look> looks = new HashMap<>();
        try (KubernetesApi api = new KubernetesApi(access, ANSWER)) {
            List<Callable<Look>> tasks = new ArrayList<>();
            names.forEach(name -> tasks.add(() -> look(api, name)));
            List<Outcome<Look>> outcomes = Tasks.runAll(tasks, AT_ONCE, deadline);
            for (int i = 0; i < names.size(); i++) {
                looks.put(
                        names.get(i),
                        switch (outcomes.get(i)) {
                            case Outcome.Done<Look>(Look look) -> look;
                            case Outcome.Failed<Look>(Throwable cause) ->
                                new Look.Unseen("Reading the cluster failed with " + cause);
                            case Outcome.TimedOut<Look> unused ->
                                new Look.Unseen("The API server took longer than the deadline");
                        });
            }
        }
        return new ClusterView(access.name(), looks);
    }

    private static Look look(KubernetesApi api, String namespace) throws InterruptedException {
        Map<KeptObjects, Collection<Kept>> seen = new EnumMap<>(KeptObjects.class);
        try {
            for (KeptObjects kind : KeptObjects.values()) {
                seen.put(kind, Lists.of(api, kind, namespace).objects().values());
            }
        } catch (KubernetesApi.Refused e) {
            return new Look.Unseen(e.reason());
        }
        return seen(seen);
    }

    static Look.Seen seen(Map<KeptObjects, Collection<Kept>> objects) {
        return new Look.Seen(
                of(objects, KeptObjects.SERVICES, ClusterView.Service.class),
                of(objects, KeptObjects.SLICES, ClusterView.Slice.class),
                of(objects, KeptObjects.DEPLOYMENTS, ClusterView.Deployment.class),
                of(objects, KeptObjects.PODS, ClusterView.Pod.class));
    }

    private static <T extends Kept> List<T> of(
            Map<KeptObjects, Collection<Kept>> objects, KeptObjects kind, Class<T> type) {
        return objects.getOrDefault(kind, List.of()).stream().map(type::cast).toList();
    }
}
