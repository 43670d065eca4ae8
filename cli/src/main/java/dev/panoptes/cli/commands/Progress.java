package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.Shell;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One line on standard error that says that something long is still going on. Only on a terminal and only after two seconds;
 * it is gone when the work has ended.
 */
final class Progress {
    private static final long FIRST_SECONDS = 2;
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream err;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean shown = new AtomicBoolean();
    private final Thread thread;

    private Progress(PrintStream err, String what) {
        this.err = err;
        this.thread = Thread.ofPlatform().daemon().name("panoptes-progress").unstarted(() -> show(what));
    }

    /** @param what is going on, for example {@code scanning} */
    static Progress of(Shell shell, String what) {
        Progress progress = new Progress(shell.err(), what);
        if (shell.progress()) {
            progress.thread.start();
        }
        return progress;
    }

    private void show(String what) {
        try {
            for (long seconds = FIRST_SECONDS;
                    !ended.await(seconds == FIRST_SECONDS ? seconds : 1, TimeUnit.SECONDS);
                    seconds++) {
                shown.set(true);
                err.print(ERASE + what + ", " + seconds + " s ...");
                err.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the line before anything else is written. */
    public void close() throws InterruptedException {
        ended.countDown();
        thread.join();
        if (shown.get()) {
            err.print(ERASE);
            err.flush();
        }
    }
}
