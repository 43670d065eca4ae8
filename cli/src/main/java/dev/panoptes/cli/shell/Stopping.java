package dev.panoptes.cli.shell;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a command that runs until it is told to stop does when a signal tells it so. */
public final class Stopping {
    private final AtomicReference<@Nullable Runnable> end = new AtomicReference<>();

    /** From now on a signal is the regular end: this runs, and the process ends with 0. */
    public void onSignal(Runnable last) {
        end.set(last);
    }

    /** False where a signal interrupts the command. */
    public boolean stop() {
        Runnable last = end.get();
        if (last != null) {
            last.run();
        }
        return last != null;
    }
}
