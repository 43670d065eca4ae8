package dev.panoptes.core.yaml;

import java.util.Locale;

/**
 * Something wrong with a declaration file. Problems are collected, never thrown: a user sees all of them at once.
 *
 * @param code stable kebab-case code, for example {@code yaml-syntax}, {@code duplicate-key}, {@code wrong-type}
 * @param file the file as the user named it, or below the scan's root
 * @param message one sentence; never quotes a secret
 */
public record Problem(String code, String file, Location location, String message) {
    /** {@code file:line:column: message (code)}; line and column are left out for a problem of the whole file. */
    public String text() {
        return location.line() == 0
                ? String.format(Locale.ROOT, "%s: %s (%s)", file, message, code)
                : String.format(
                        Locale.ROOT, "%s:%d:%d: %s (%s)", file, location.line(), location.column(), message, code);
    }
}
