package dev.panoptes.cli.client;

/** Text of somebody else as one harmless line of a terminal. */
public final class Line {
    private static final int LONGEST = 300;

    private Line() {}

    /** Without control characters and without those that turn the direction of what follows; cut after 300 characters. */
    public static String of(String text) {
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return cut.replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\p{Cf}\\u2028\\u2029]+", " ")
                .strip();
    }
}
