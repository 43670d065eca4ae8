package dev.panoptes.integrity.fleet;

import java.nio.file.Path;
import java.util.List;

/** What looking for the registry gave. */
public sealed interface RegistryLocation {
    /**
     * @param file as it was given, or relative to the current directory; it need not exist where the user named it
     * @param source what named it: {@code --registry}, a variable, {@code the current directory}, {@code this machine} or
     *     {@code profile NAME}
     * @param profile the profile that applies; {@link Profile#NONE} where none does
     * @param assumed true where nobody asked for the profile and it applies because its registry exists; a report says so
     */
    record Found(Path file, String source, Profile profile, boolean assumed) implements RegistryLocation {}

    /** @param lookedAt every place, in order, each with what was wrong with it */
    record Nowhere(List<String> lookedAt) implements RegistryLocation {
        public Nowhere {
            lookedAt = List.copyOf(lookedAt);
        }
    }

    /** There is no such profile. @param names those there are */
    record UnknownProfile(String name, List<String> names) implements RegistryLocation {
        public UnknownProfile {
            names = List.copyOf(names);
        }
    }

    /** A variable or option holds no path. @param source which one */
    record NoPath(String source) implements RegistryLocation {}
}
