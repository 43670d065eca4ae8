package dev.panoptes.integrity.plan;

/**
 * One step of a plan. All texts are for people.
 *
 * @param what what to do, in the imperative
 * @param command the command that does it; empty where the patch does it or a person must
 * @param check what to look at first: a command or a sentence
 * @param undo how to take the step back
 */
public record FixStep(String what, String command, String check, String undo, Risk risk) {}
