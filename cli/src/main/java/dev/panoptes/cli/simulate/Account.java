package dev.panoptes.cli.simulate;

import java.util.concurrent.atomic.AtomicInteger;

/** What a pretended agent was told that its servers have kept. */
final class Account {
    private final String id;
    private final AtomicInteger beats = new AtomicInteger();
    private final AtomicInteger metrics = new AtomicInteger();
    private final AtomicInteger findings = new AtomicInteger();
    private volatile long lastBeat = Long.MIN_VALUE;

    Account(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    /** @param sent when the heartbeat was first sent, as {@link System#nanoTime} tells: it was received then or later */
    void beat(long sent) {
        beats.incrementAndGet();
        lastBeat = sent;
    }

    void metric() {
        metrics.incrementAndGet();
    }

    void finding() {
        findings.incrementAndGet();
    }

    int beats() {
        return beats.get();
    }

    int metrics() {
        return metrics.get();
    }

    int findings() {
        return findings.get();
    }

    /** False where none was acknowledged that was sent after this moment. */
    boolean beatenSince(long moment) {
        return lastBeat != Long.MIN_VALUE && lastBeat - moment > 0;
    }
}
