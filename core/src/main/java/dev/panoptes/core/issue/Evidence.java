package dev.panoptes.core.issue;

import org.jspecify.annotations.Nullable;

/**
 * What a verdict rests on. Texts are masked by {@link Masking} before they get here.
 *
 * @param source where it was seen: {@code registry}, {@code code}, {@code dockerfile}, {@code compose}, {@code unit},
 *     {@code socket}, {@code process}, {@code systemd}, {@code health}, {@code enrolled}
 * @param file path below the scan's root, or the registry's path; null for evidence that is no file
 * @param line from 1; 0 where there is none
 * @param text one line
 */
public record Evidence(String source, @Nullable String file, int line, String text) {
    public Evidence {
        text = Masking.mask(text);
    }

    public static Evidence of(String source, String text) {
        return new Evidence(source, null, 0, text);
    }
}
