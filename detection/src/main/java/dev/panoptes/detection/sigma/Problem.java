package dev.panoptes.detection.sigma;

/**
 * Why a rule is not run.
 *
 * @param file as it was named to the reader
 * @param line counted from 1
 * @param reason one line without a full stop
 */
public record Problem(String file, int line, String reason) {
    /** As {@code panoptes rules check} prints it. */
    public String text() {
        return file + ":" + line + ": " + reason;
    }
}
