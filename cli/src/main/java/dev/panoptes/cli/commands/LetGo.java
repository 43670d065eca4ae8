package dev.panoptes.cli.commands;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Collects what a server has let go. The serial collector lets its old generation grow up to the largest heap, a quarter of the
 * machine, before it looks what of it is still in use; what each scan holds for a second ends up there.
 */
final class LetGo implements Runnable {
    private static final Duration LOOK = Duration.ofSeconds(20);
    /** Less than this is not worth a pause. */
    private static final long WORTH_IT = 64L << 20;

    private final CountDownLatch never = new CountDownLatch(1);

    /** Runs until it is interrupted; does nothing where another collector was chosen. */
    @Override
    public void run() {
        Optional<MemoryPoolMXBean> old = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Tenured Gen"))
                .findFirst();
        if (old.isEmpty()) {
            return;
        }
        try {
            while (!never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                MemoryUsage last = old.get().getCollectionUsage();
                if (due(old.get().getUsage().getUsed(), last == null ? 0 : last.getUsed())) {
                    System.gc();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether the old generation has grown by as much again as was in use, and by enough to be worth a pause.
     *
     * @param used bytes now
     * @param inUse bytes that its last collection left
     */
    static boolean due(long used, long inUse) {
        return used - inUse > Math.max(WORTH_IT, inUse);
    }
}
