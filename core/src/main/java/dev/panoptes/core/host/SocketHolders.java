package dev.panoptes.core.host;

import dev.panoptes.core.host.SocketLinks.Visit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One walk over {@code /proc/PID/fd} of every process. It never stops early: a forked worker holds its parent's socket, so
 * only the last process tells that all holders are known.
 */
final class SocketHolders {
    /** From here on the native calls pay for their 20 to 60 ms of set-up. */
    private static final int MANY_PROCESSES = 200;

    private final HostFiles files;

    SocketHolders(HostFiles files) {
        this.files = files;
    }

    /**
     * @param byInode sorted pids that hold each wanted socket
     * @param denied how many processes could not be looked into
     * @param seen how many could
     */
    record Holders(Map<Long, SortedSet<Integer>> byInode, int denied, int seen) {}

    Holders find(Set<Long> wanted) throws IOException, InterruptedException {
        List<Integer> pids = new ArrayList<>();
        for (String name : files.list("/proc")) {
            if (!name.isEmpty() && name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                pids.add(Integer.parseInt(name));
            }
        }
        boolean natively = files.isLive() && pids.size() >= MANY_PROCESSES;
        AtomicInteger next = new AtomicInteger();
        List<FutureTask<Holders>> tasks = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        int count = natively ? Walkers.threads() : 1;
        for (int i = 0; i < count; i++) {
            FutureTask<Holders> task = new FutureTask<>(() -> walk(natively, pids, next, wanted));
            tasks.add(task);
            threads.add(Thread.ofPlatform().daemon().name("socket-holders-" + i).start(task));
        }
        try {
            return merged(tasks);
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }

    private Holders walk(boolean natively, List<Integer> pids, AtomicInteger next, Set<Long> wanted)
            throws InterruptedException {
        Map<Long, SortedSet<Integer>> byInode = new HashMap<>();
        int denied = 0;
        int seen = 0;
        try (SocketLinks links = natively ? new NativeSocketLinks() : new FileSocketLinks(files)) {
            for (int i = next.getAndIncrement(); i < pids.size(); i = next.getAndIncrement()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                Visit visit = links.visit(pids.get(i), (pid, inode) -> {
                    if (wanted.contains(inode)) {
                        byInode.computeIfAbsent(inode, ignored -> new TreeSet<>())
                                .add(pid);
                    }
                });
                switch (visit) {
                    case SEEN -> seen++;
                    case DENIED -> denied++;
                    case GONE -> {
                        // it holds nothing any more
                    }
                }
            }
        }
        return new Holders(byInode, denied, seen);
    }

    private static Holders merged(List<FutureTask<Holders>> tasks) throws InterruptedException {
        Map<Long, SortedSet<Integer>> byInode = new HashMap<>();
        int denied = 0;
        int seen = 0;
        for (FutureTask<Holders> task : tasks) {
            try {
                Holders part = task.get();
                part.byInode()
                        .forEach((inode, pids) -> byInode.computeIfAbsent(inode, ignored -> new TreeSet<>())
                                .addAll(pids));
                denied += part.denied();
                seen += part.seen();
            } catch (ExecutionException e) {
                throw new IllegalStateException("walking /proc failed", e.getCause());
            }
        }
        return new Holders(byInode, denied, seen);
    }
}
