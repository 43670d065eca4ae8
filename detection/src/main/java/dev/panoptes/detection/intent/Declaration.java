package dev.panoptes.detection.intent;

/**
 * Something that was declared, or shown to be declared by nobody.
 *
 * @param host as events name it; an empty text for all hosts
 * @param value the name of a unit with its suffix, the absolute path of a program, or {@code address:port}
 * @param by the key of the agent that declares it; of a stranger the issue that says so
 */
public record Declaration(String host, Kind kind, String value, String by) {
    /** What is declared. */
    public enum Kind {
        /** A unit of systemd. */
        UNIT,
        /** The executable of an agent. */
        PROGRAM,
        /** Where an agent listens. */
        ENDPOINT,
        /** A program that an open integrity issue shows to be nobody's. */
        STRANGER
    }
}
