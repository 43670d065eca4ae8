package dev.panoptes.cli;

/**
 * The training run of the start-up cache (JEP 514): the usual commands, once, in one process, on a small fleet written for
 * it. It is not a command; the build starts it.
 */
final class Training {
    private Training() {}

    /** @param arguments one: an empty directory to write to */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("one argument: an empty directory");
        }
    }
}
