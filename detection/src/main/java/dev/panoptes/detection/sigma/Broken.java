package dev.panoptes.detection.sigma;

/** A rule, or a part of one, that is not as it must be. Caught where rules are read; becomes a {@link Problem}. */
final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int line;

    /** @param line counted from 1 */
    Broken(int line, String reason) {
        super(reason, null, false, false);
        this.line = line;
    }

    int line() {
        return line;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
