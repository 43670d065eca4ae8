package dev.panoptes.server.jobs;

/** This replica was not heard of for too long, and another one has taken over what it was doing. */
public final class LeaseLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLost(String name) {
        super("another replica has taken over: " + name);
    }
}
