package dev.panoptes.cli;

import dev.panoptes.core.Boundary;

/** The program. */
public final class Main {
    private Main() {}

    @Boundary("only the program itself ends the process")
    public static void main(String[] arguments) {
        System.exit(3);
    }
}
