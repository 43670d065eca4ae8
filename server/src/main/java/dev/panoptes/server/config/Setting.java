package dev.panoptes.server.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the operator may set.
 *
 * @param key in {@code panoptes.yaml}; dots separate nested maps
 * @param original names of environment variables that set it beside {@code PANOPTES_...}; those win
 * @param otherwise the value where nobody sets it, as it would be written; null: then it has none
 * @param secret its value is shown nowhere
 */
public record Setting<T>(
        String key,
        Kind<T> kind,
        List<String> original,
        @Nullable String otherwise,
        boolean secret,
        String help) {
    public Setting {
        original = List.copyOf(original);
        if (otherwise != null) {
            kind.parse().of(otherwise);
        }
    }

    static <T> Setting<T> of(String key, Kind<T> kind, String otherwise, String help) {
        return new Setting<>(key, kind, List.of(), otherwise, false, help);
    }

    /** One that has no value unless somebody sets it. */
    static <T> Setting<T> optional(String key, Kind<T> kind, String help) {
        return new Setting<>(key, kind, List.of(), null, false, help);
    }

    Setting<T> also(String name) {
        return new Setting<>(
                key, kind, Stream.concat(original.stream(), Stream.of(name)).toList(), otherwise, secret, help);
    }

    Setting<T> asSecret() {
        return new Setting<>(key, kind, original, otherwise, true, help);
    }

    /** Names of the environment variables that set it, the strongest first. */
    List<String> variables() {
        String own = "PANOPTES_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
        return Stream.concat(Stream.of(own), original.stream()).toList();
    }

    /** Empty where the text does not fit. */
    Optional<T> parse(String text) {
        try {
            return Optional.of(kind.parse().of(text.strip()));
        } catch (IllegalArgumentException e) {
            // The caller says what was expected, which is more than this exception knows.
            return Optional.empty();
        }
    }
}
