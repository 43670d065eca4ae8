package dev.panoptes.integrity.observed;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Resolves names, each once, on a few platform threads: the system's resolver blocks, and a virtual thread with it. */
final class NameLookup implements AutoCloseable {
    private static final int THREADS = 8;

    private final ExecutorService executor = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("resolve-", 0).factory());
    private final Map<String, Future<List<InetAddress>>> lookups = new ConcurrentHashMap<>();

    /** @throws UnknownHostException where there is no such name, or the resolver does not answer in time */
    List<InetAddress> resolve(String name, Duration timeout) throws UnknownHostException, InterruptedException {
        Future<List<InetAddress>> lookup = lookups.computeIfAbsent(
                name, wanted -> executor.submit(() -> List.of(InetAddress.getAllByName(wanted))));
        try {
            return lookup.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new UnknownHostException(name + " does not resolve to an address");
        } catch (TimeoutException e) {
            throw new UnknownHostException(name + " was not resolved in time");
        }
    }

    /** Does not wait for a resolver that hangs. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
