package dev.panoptes.architecture.planted;

/** Breaks a rule on purpose: the canary of the architecture test. */
public final class PlantedMutableStatic {
    static String state = "planted";

    private PlantedMutableStatic() {}
}
