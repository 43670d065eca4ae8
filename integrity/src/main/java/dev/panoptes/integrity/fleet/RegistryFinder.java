package dev.panoptes.integrity.fleet;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the registry: {@code --registry}, {@code PANOPTES_REGISTRY}, {@code REGISTRY_PATH}, {@code ./agent-registry.yaml},
 * {@code ./config/agent-registry.yaml}, {@code /etc/panoptes/agent-registry.yaml}, a profile. What the user names is taken
 * even where it does not exist: going on to the next place would judge another fleet than the one meant.
 */
public final class RegistryFinder {
    private static final List<String> VARIABLES = List.of("PANOPTES_REGISTRY", "REGISTRY_PATH");
    private static final List<String> BELOW_DIRECTORY = List.of("agent-registry.yaml", "config/agent-registry.yaml");
    private static final String OF_THIS_MACHINE = "etc/panoptes/agent-registry.yaml";

    private final Path directory;
    private final Path machine;
    private final Map<String, String> environment;
    private final ProfileLoader profiles;

    /**
     * @param directory the current directory, absolute
     * @param environment an empty variable counts as unset
     */
    public RegistryFinder(Path directory, Map<String, String> environment) {
        this(directory, Path.of("/"), environment, new ProfileLoader());
    }

    /** @param machine what absolute paths that the user did not name are below */
    RegistryFinder(Path directory, Path machine, Map<String, String> environment, ProfileLoader profiles) {
        this.directory = directory;
        this.machine = machine;
        this.environment = Map.copyOf(environment);
        this.profiles = profiles;
    }

    /**
     * @param option the value of {@code --registry}; null where it was not given
     * @param profileName the value of {@code --profile}; null where it was not given
     */
    public RegistryLocation find(@Nullable Path option, @Nullable String profileName) {
        Profile asked = Profile.NONE;
        if (profileName != null) {
            Optional<Profile> loaded = profiles.load(profileName);
            if (loaded.isEmpty()) {
                return new RegistryLocation.UnknownProfile(profileName, profiles.names());
            }
            asked = loaded.get();
        }
        if (option != null) {
            return new RegistryLocation.Found(option, "--registry", asked, false);
        }
        List<String> lookedAt = new ArrayList<>(List.of("--registry (not given)"));
        for (String variable : VARIABLES) {
            String value = environment.getOrDefault(variable, "");
            if (!value.isEmpty()) {
                return named(variable, value, asked);
            }
            lookedAt.add(variable + " (not set)");
        }
        for (String name : BELOW_DIRECTORY) {
            if (isThere(directory.resolve(name), "./" + name, lookedAt)) {
                return new RegistryLocation.Found(Path.of(name), "the current directory", asked, false);
            }
        }
        Path shared = machine.resolve(OF_THIS_MACHINE);
        if (isThere(shared, shared.toString(), lookedAt)) {
            return new RegistryLocation.Found(shared, "this machine", asked, false);
        }
        return ofProfiles(profileName == null ? null : asked, lookedAt);
    }

    private static RegistryLocation named(String variable, String value, Profile asked) {
        try {
            return new RegistryLocation.Found(Path.of(value), variable, asked, false);
        } catch (InvalidPathException e) {
            return new RegistryLocation.NoPath(variable);
        }
    }

    /** @param asked the profile to look in; null for all */
    private RegistryLocation ofProfiles(@Nullable Profile asked, List<String> lookedAt) {
        List<Profile> candidates = asked == null
                ? profiles.names().stream()
                        .flatMap(name -> profiles.load(name).stream())
                        .toList()
                : List.of(asked);
        for (Profile profile : candidates) {
            String registry = profile.registry();
            if (registry == null) {
                continue;
            }
            Path file = machine.resolve(registry.replaceFirst("^/+", ""));
            if (isThere(file, file + " of profile " + profile.name(), lookedAt)) {
                return new RegistryLocation.Found(file, "profile " + profile.name(), profile, asked == null);
            }
        }
        return new RegistryLocation.Nowhere(lookedAt);
    }

    /** A link that leads nowhere is there: somebody put it there, and reading it will say what is wrong. */
    private static boolean isThere(Path file, String name, List<String> lookedAt) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        boolean known = Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
        lookedAt.add(name + (known ? " (not there)" : " (may not be looked at)"));
        return false;
    }
}
