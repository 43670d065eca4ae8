package dev.panoptes.cli.shell;

/** Which version this is. */
public final class Version {
    private Version() {}

    /** From the jar's manifest; {@code development} where the program runs from class files. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
