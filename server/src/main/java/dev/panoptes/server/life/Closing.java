package dev.panoptes.server.life;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.LoggerFactory;

/** What was started, to be closed in reverse. One that fails to close stops no other. */
public final class Closing implements AutoCloseable {
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    public synchronized <T extends AutoCloseable> T add(T part) {
        started.push(part);
        return part;
    }

    @Override
    public synchronized void close() {
        while (!started.isEmpty()) {
            AutoCloseable part = started.pop();
            try {
                part.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LoggerFactory.getLogger(Closing.class)
                        .atError()
                        .setCause(e)
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .log("could not be closed");
            }
        }
    }
}
