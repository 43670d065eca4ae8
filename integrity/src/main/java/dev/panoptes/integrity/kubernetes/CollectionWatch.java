package dev.panoptes.integrity.kubernetes;

import dev.panoptes.integrity.kubernetes.ClusterView.Kept;
import dev.panoptes.integrity.kubernetes.KubernetesApi.Refused;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Follows one collection of a namespace: lists it, then watches it from the list's version on, with bookmarks (Kubernetes API concepts,
 * "Efficient detection of changes"). A version that is too old (410) begins with the list again; whatever else goes wrong is tried again,
 * after twice as long each time. What was seen stays until it is known otherwise, and is told for no longer than {@link Settings#maxAge}.
 */
final class CollectionWatch implements AutoCloseable {
    private static final int LONGEST_EVENT = 4 << 20;
    private static final int GONE = 410;

    /**
     * @param server after how long the server is asked to end a watch
     * @param idle after how long without a word, bookmarks included, a watch is given up
     * @param maxAge how long what was seen is told without a word from the server
     * @param firstPause before it is tried again, doubled each time
     */
    record Settings(Duration server, Duration idle, Duration maxAge, Duration firstPause, Duration longestPause) {
        static final Settings USUAL = new Settings(
                Duration.ofSeconds(150),
                Duration.ofMinutes(3),
                Duration.ofMinutes(5),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1));
    }

    /** The stream can no longer be followed; the list has to be read anew. Never leaves this class. */
    private static final class Broken extends Exception {
        private Broken(String reason) {
            super(reason);
        }
    }

    private final KubernetesApi api;
    private final KeptObjects kind;
    private final String namespace;
    private final Settings settings;
    private final InstantSource clock;
    private final Map<String, Kept> objects = new ConcurrentHashMap<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable String failure;
    private volatile Instant heard = Instant.MIN;
    private volatile @Nullable InputStream stream;
    private @Nullable Thread thread;

    CollectionWatch(KubernetesApi api, KeptObjects kind, String namespace, Settings settings, InstantSource clock) {
        this.api = api;
        this.kind = kind;
        this.namespace = namespace;
        this.settings = settings;
        this.clock = clock;
    }

    KeptObjects kind() {
        return kind;
    }

    void start() {
        thread = Thread.ofVirtual().name("panoptes-watch-" + kind.plural()).start(this::run);
    }

    /** Waits until it has been listed, or could not be; false where that takes longer. */
    boolean awaitFirst(Duration patience) throws InterruptedException {
        return first.await(Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS);
    }

    /** What is there; empty where {@link #unseen} says why not. */
    Collection<Kept> objects() {
        return List.copyOf(objects.values());
    }

    /** Why what is there is not known; null where it is. */
    @Nullable
    String unseen() {
        String why = failure;
        if (heard.equals(Instant.MIN)) {
            return why == null ? "The API server has not answered yet" : why;
        }
        boolean old = heard.plus(settings.maxAge()).isBefore(clock.instant());
        return !old ? null : why == null ? "The API server has been silent for too long" : why;
    }

    private void run() {
        Duration pause = settings.firstPause();
        while (closed.getCount() > 0) {
            try {
                Lists.Listed listed = Lists.of(api, kind, namespace);
                objects.keySet().retainAll(listed.objects().keySet());
                objects.putAll(listed.objects());
                heard();
                first.countDown();
                pause = settings.firstPause();
                follow(listed.version());
            } catch (Refused e) {
                failure = e.reason();
                first.countDown();
            } catch (Broken e) {
                failure = e.getMessage();
            } catch (InterruptedException e) {
                return;
            }
            if (!rested(pause)) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(settings.longestPause()) > 0
                    ? settings.longestPause()
                    : pause.multipliedBy(2);
        }
    }

    /** False where it was closed meanwhile. */
    private boolean rested(Duration pause) {
        try {
            return !closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void heard() {
        heard = clock.instant();
        failure = null;
    }

    /** Watches until the list has to be read anew; each watch goes on where the one before ended. */
    private void follow(String from) throws Refused, Broken, InterruptedException {
        String version = from;
        while (closed.getCount() > 0) {
            String path = kind.path(namespace) + "?watch=1&allowWatchBookmarks=true&timeoutSeconds="
                    + settings.server().toSeconds() + "&resourceVersion=" + version;
            String next;
            try (InputStream body = api.open(path, Lists.what(kind, namespace))) {
                stream = body;
                heard();
                next = events(new BufferedInputStream(body, 1 << 16), version);
            } catch (IOException e) {
                throw new Broken("The API server broke off its watch of " + Lists.what(kind, namespace));
            } finally {
                stream = null;
            }
            if (next == null || (next.equals(version) && !rested(settings.firstPause()))) {
                return;
            }
            version = next;
        }
    }

    /** @return the version up to which all is known; null where it is too old for the server */
    private @Nullable String events(InputStream body, String from) throws IOException, Broken {
        String version = from;
        for (byte[] line = line(body); line != null; line = line(body)) {
            JsonNode event;
            try {
                event = KubernetesApi.JSON.readTree(line);
            } catch (JacksonException e) {
                throw new Broken("The API server broke off its watch of " + Lists.what(kind, namespace)
                        + ", or sent what is no event");
            }
            heard();
            JsonNode object = event.path("object");
            switch (event.path("type").asString("")) {
                case "ADDED", "MODIFIED" -> put(object);
                case "DELETED" ->
                    objects.remove(object.path("metadata").path("name").asString(""));
                case "BOOKMARK" -> {
                    // It only says up to where all is known.
                }
                case "ERROR" -> {
                    if (object.path("code").asInt(0) == GONE) {
                        return null;
                    }
                    throw new Broken("The API server ended its watch of " + Lists.what(kind, namespace));
                }
                default -> throw new Broken("The API server sent an event of an unknown kind");
            }
            version = object.path("metadata").path("resourceVersion").asString(version);
        }
        return version;
    }

    private void put(JsonNode object) throws Broken {
        Kept kept = kind.read(object);
        if (kept != null) {
            objects.put(kept.name(), kept);
        }
        if (objects.size() > Lists.MOST) {
            objects.clear();
            heard = Instant.MIN;
            throw new Broken("There are more " + Lists.what(kind, namespace) + " than are kept");
        }
    }

    /** Null at the end; what stands behind the last line break is only the beginning of an event. */
    private static byte @Nullable [] line(InputStream body) throws IOException, Broken {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 12);
        for (int next = body.read(); next >= 0; next = body.read()) {
            if (next == '\n') {
                return line.toByteArray();
            }
            if (line.size() >= LONGEST_EVENT) {
                throw new Broken("The API server sent an event of more than 4 MiB");
            }
            line.write(next);
        }
        return null;
    }

    /** Gives a watch up that has been silent for too long; the next one goes on where it was. */
    void endIfIdle() {
        InputStream open = stream;
        if (open != null && heard.plus(settings.idle()).isBefore(clock.instant())) {
            end(open);
        }
    }

    private static void end(InputStream open) {
        try {
            open.close();
        } catch (IOException e) {
            // It is given up all the same.
        }
    }

    @Override
    public void close() {
        closed.countDown();
        InputStream open = stream;
        if (open != null) {
            end(open);
        }
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
