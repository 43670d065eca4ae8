package dev.panoptes.code;

/**
 * A name that the handler of a health endpoint returns.
 *
 * @param field {@code agent}, {@code service} or {@code name}
 * @param value constants followed, cut at {@code " - "}
 */
public record ReportedName(String value, String field, String file, int line, String text) {}
