package dev.panoptes.detection.sigma;

/** A rule file as it was read. @param file as problems name it */
public record RuleText(String file, String text) {}
