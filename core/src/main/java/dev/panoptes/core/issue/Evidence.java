package dev.panoptes.core.issue;

import org.jspecify.annotations.Nullable;

/**
 * What a verdict rests on. Secrets in its text are hidden by {@link Masking}; what stands about the registry is in our own
 * words, so that the name of an agent is never taken for the key of a secret.
 *
 * @param source where it was seen: {@code registry}, {@code code}, {@code dockerfile}, {@code compose}, {@code unit},
 *     {@code launch} (a Procfile, supervisord, PM2, a script), {@code manifest} (of Kubernetes), {@code socket}, {@code process}, {@code systemd}, {@code health},
 *     {@code enrolled}
 * @param file path below the scan's root, or the registry's path; null for evidence that is no file
 * @param line from 1; 0 where there is none
 * @param text one line
 */
public record Evidence(String source, @Nullable String file, int line, String text) {
    public Evidence {
        text = source.equals("registry") ? Masking.maskOwnWords(text) : Masking.mask(text);
    }

    public static Evidence of(String source, String text) {
        return new Evidence(source, null, 0, text);
    }
}
