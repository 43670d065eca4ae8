package dev.panoptes.server.alerts.channel;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A channel that several may use: whoever comes while a message is being sent waits for it. */
public final class OneAtATime implements Channel {
    private final Channel channel;
    private final ReentrantLock lock = new ReentrantLock(true);

    public OneAtATime(Channel channel) {
        this.channel = channel;
    }

    @Override
    public String name() {
        return channel.name();
    }

    @Override
    public boolean takes(Message.Kind kind) {
        return channel.takes(kind);
    }

    @Override
    public Delivery send(Message message, String id) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return channel.send(message, id);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean wantsAll() {
        return channel.wantsAll();
    }

    @Override
    public @Nullable Boolean answers() throws InterruptedException {
        return channel.answers();
    }

    @Override
    public @Nullable Duration interval() {
        return channel.interval();
    }

    @Override
    public Delivery repeat() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return channel.repeat();
        } finally {
            lock.unlock();
        }
    }
}
