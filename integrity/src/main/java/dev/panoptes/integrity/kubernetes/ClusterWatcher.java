package dev.panoptes.integrity.kubernetes;

import dev.panoptes.integrity.kubernetes.ClusterView.Kept;
import dev.panoptes.integrity.kubernetes.ClusterView.Look;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the namespaces that the registry names in view, as a server does that scans again and again: each collection is listed once and then
 * watched. Namespaces that nobody asks for any more are let go. Safe for use by several threads.
 */
public final class ClusterWatcher implements ClusterSource, AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_NAMESPACES = 50;

    private final KubernetesApi api;
    private final CollectionWatch.Settings settings;
    private final InstantSource clock;
    private final Map<String, List<CollectionWatch>> namespaces = new TreeMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Asks nobody before the first {@link #look}. */
    public ClusterWatcher(ClusterAccess access, InstantSource clock) {
        this(access, clock, CollectionWatch.Settings.USUAL, ANSWER);
    }

    ClusterWatcher(ClusterAccess access, InstantSource clock, CollectionWatch.Settings settings, Duration answer) {
        this.api = new KubernetesApi(access, answer);
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    public ClusterView look(Set<String> wanted, Duration deadline) throws InterruptedException {
        if (wanted.size() > MOST_NAMESPACES) {
            return ClusterView.unseen("The registry names more than " + MOST_NAMESPACES + " namespaces");
        }
        Map<String, List<CollectionWatch>> watched = watched(wanted);
        long end = System.nanoTime() + (deadline.compareTo(PATIENCE) < 0 ? deadline : PATIENCE).toNanos();
        for (List<CollectionWatch> each : watched.values()) {
            for (CollectionWatch collection : each) {
                if (!collection.awaitFirst(Duration.ofNanos(end - System.nanoTime()))) {
                    break;
                }
            }
        }
        Map<String, Look> looks = new HashMap<>();
        watched.forEach((namespace, collections) -> looks.put(namespace, look(collections)));
        return new ClusterView(api.cluster(), looks);
    }

    private synchronized Map<String, List<CollectionWatch>> watched(Set<String> wanted) {
        if (closed.getCount() == 0) {
            return Map.of();
        }
        if (namespaces.isEmpty() && !wanted.isEmpty()) {
            Thread.ofVirtual().name("panoptes-watch-idle").start(this::endIdle);
        }
        namespaces.entrySet().removeIf(entry -> {
            boolean left = !wanted.contains(entry.getKey());
            if (left) {
                entry.getValue().forEach(CollectionWatch::close);
            }
            return left;
        });
        for (String namespace : wanted) {
            namespaces.computeIfAbsent(namespace, unused -> started(namespace));
        }
        return new TreeMap<>(namespaces);
    }

    private List<CollectionWatch> started(String namespace) {
        List<CollectionWatch> collections = new ArrayList<>();
        for (KeptObjects kind : KeptObjects.values()) {
            CollectionWatch watch = new CollectionWatch(api, kind, namespace, settings, clock);
            watch.start();
            collections.add(watch);
        }
        return collections;
    }

    private static Look look(List<CollectionWatch> collections) {
        Map<KeptObjects, Collection<Kept>> seen = new EnumMap<>(KeptObjects.class);
        for (CollectionWatch collection : collections) {
            String unseen = collection.unseen();
            if (unseen != null) {
                return new Look.Unseen(unseen);
            }
            seen.put(collection.kind(), collection.objects());
        }
        return ClusterReader.seen(seen);
    }

    private void endIdle() {
        try {
            long every = Math.max(50, settings.idle().toMillis() / 4);
            while (!closed.await(every, TimeUnit.MILLISECONDS)) {
                List<CollectionWatch> all;
                synchronized (this) {
                    all = namespaces.values().stream().flatMap(List::stream).toList();
                    if (all.isEmpty()) {
                        return;
                    }
                }
                all.forEach(CollectionWatch::endIfIdle);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        synchronized (this) {
            namespaces.values().forEach(each -> each.forEach(CollectionWatch::close));
            namespaces.clear();
        }
        api.close();
    }
}
