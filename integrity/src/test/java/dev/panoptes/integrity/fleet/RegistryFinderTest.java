package dev.panoptes.integrity.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryFinderTest {
    private static final Map<String, String> VARIABLES =
            Map.of("PANOPTES_REGISTRY", "first.yaml", "REGISTRY_PATH", "second.yaml");

    @TempDir
    Path temporary;

    private Path directory;
    private Path machine;
    private Profile profile;

    @BeforeEach
    void folders() throws IOException {
        directory = Files.createDirectories(temporary.resolve("work"));
        machine = Files.createDirectories(temporary.resolve("machine"));
        profile = new ProfileLoader().load("leveredge").orElseThrow();
    }

    private RegistryLocation find(Map<String, String> environment, Path option, String profileName) {
        return new RegistryFinder(directory, machine, environment, new ProfileLoader()).find(option, profileName);
    }

    private RegistryLocation find() {
        return find(Map.of(), null, null);
    }

    private static Path write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "agents: {}\n");
    }

    private static RegistryLocation found(Path file, String source) {
        return new RegistryLocation.Found(file, source, Profile.NONE, false);
    }

    @Test
    void theOptionGoesBeforeEverythingAndNeedNotExist() throws IOException {
        write(directory.resolve("agent-registry.yaml"));
        assertThat(find(VARIABLES, Path.of("mine.yaml"), null)).isEqualTo(found(Path.of("mine.yaml"), "--registry"));
    }

    @Test
    void variablesGoBeforeFilesAndAnEmptyOneIsUnset() throws IOException {
        write(directory.resolve("agent-registry.yaml"));
        assertThat(find(VARIABLES, null, null)).isEqualTo(found(Path.of("first.yaml"), "PANOPTES_REGISTRY"));
        assertThat(find(Map.of("PANOPTES_REGISTRY", "", "REGISTRY_PATH", "second.yaml"), null, null))
                .isEqualTo(found(Path.of("second.yaml"), "REGISTRY_PATH"));
        assertThat(find(Map.of("PANOPTES_REGISTRY", "a\0b"), null, null))
                .isEqualTo(new RegistryLocation.NoPath("PANOPTES_REGISTRY"));
    }

    @Test
    void filesAreTriedInOrder() throws IOException {
        Path shared = write(machine.resolve("etc/panoptes/agent-registry.yaml"));
        assertThat(find()).isEqualTo(found(shared, "this machine"));
        write(directory.resolve("config/agent-registry.yaml"));
        assertThat(find()).isEqualTo(found(Path.of("config/agent-registry.yaml"), "the current directory"));
        write(directory.resolve("agent-registry.yaml"));
        assertThat(find()).isEqualTo(found(Path.of("agent-registry.yaml"), "the current directory"));
    }

    @Test
    void whateverLiesThereCountsSoThatReadingItSaysWhatIsWrong() throws IOException {
        Files.createSymbolicLink(directory.resolve("agent-registry.yaml"), Path.of("nowhere"));
        assertThat(find()).isEqualTo(found(Path.of("agent-registry.yaml"), "the current directory"));
    }

    @Test
    void aProfileAppliesByItselfOnlyWhereNothingElseWasFound() throws IOException {
        Path file = write(machine.resolve(profile.registry().substring(1)));
        assertThat(find()).isEqualTo(new RegistryLocation.Found(file, "profile leveredge", profile, true));

        write(directory.resolve("agent-registry.yaml"));
        assertThat(find()).isEqualTo(found(Path.of("agent-registry.yaml"), "the current directory"));
    }

    @Test
    void aProfileThatWasAskedForAppliesToWhateverIsFound() throws IOException {
        Path file = write(machine.resolve(profile.registry().substring(1)));
        assertThat(find(Map.of(), null, "leveredge"))
                .isEqualTo(new RegistryLocation.Found(file, "profile leveredge", profile, false));

        write(directory.resolve("agent-registry.yaml"));
        assertThat(find(Map.of(), null, "leveredge"))
                .isEqualTo(new RegistryLocation.Found(
                        Path.of("agent-registry.yaml"), "the current directory", profile, false));
    }

    @Test
    void nothingFoundSaysWhereItLooked() {
        assertThat(find())
                .isInstanceOfSatisfying(
                        RegistryLocation.Nowhere.class,
                        nowhere -> assertThat(nowhere.lookedAt())
                                .containsExactly(
                                        "--registry (not given)",
                                        "PANOPTES_REGISTRY (not set)",
                                        "REGISTRY_PATH (not set)",
                                        "./agent-registry.yaml (not there)",
                                        "./config/agent-registry.yaml (not there)",
                                        machine + "/etc/panoptes/agent-registry.yaml (not there)",
                                        machine + profile.registry() + " of profile leveredge (not there)"));
    }

    @Test
    void anUnknownProfileNamesThoseThereAre() {
        assertThat(find(Map.of(), null, "leveredg"))
                .isEqualTo(new RegistryLocation.UnknownProfile("leveredg", new ProfileLoader().names()));
    }
}
