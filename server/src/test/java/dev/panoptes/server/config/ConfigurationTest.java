package dev.panoptes.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void emptyFile() throws IOException {
        file = Files.writeString(directory.resolve("panoptes.yaml"), "");
    }

    private ConfigurationResult load(Map<String, String> environment, Map<String, String> options) {
        return ConfigurationLoader.load(file, environment, options);
    }

    private Configuration loaded(Map<String, String> environment, Map<String, String> options) {
        if (load(environment, options) instanceof ConfigurationResult.Loaded loaded) {
            return loaded.configuration();
        }
        throw new AssertionError(load(environment, options));
    }

    private List<String> problems(Map<String, String> environment) {
        if (load(environment, Map.of()) instanceof ConfigurationResult.Refused refused) {
            return refused.problems();
        }
        throw new AssertionError("nothing was refused");
    }

    private static String source(Configuration configuration, String key) {
        return configuration.explain().stream()
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow()
                .source();
    }

    @Test
    void everyDefaultFitsItsSettingAndEveryKeyAndVariableIsItsOwn() {
        Configuration defaults = loaded(Map.of(), Map.of());
        Set<String> names = new HashSet<>();
        for (Setting<?> setting : Settings.ALL) {
            assertThat(defaults.find(setting).isPresent()).isEqualTo(setting.otherwise() != null);
            assertThat(names.add(setting.key())).as(setting.key()).isTrue();
            setting.variables()
                    .forEach(name -> assertThat(names.add(name)).as(name).isTrue());
        }
    }

    @Test
    void theStrongestSourceWinsAndIsNamed() throws IOException {
        Files.writeString(file, "watch:\n  interval: 10s\n");
        assertThat(loaded(Map.of(), Map.of()).get(Settings.WATCH_INTERVAL)).isEqualTo(Duration.ofSeconds(10));
        assertThat(source(loaded(Map.of(), Map.of()), "watch.interval")).isEqualTo(file + ":2");

        Path part = Files.createDirectory(directory.resolve("conf.d")).resolve("20-watch.yaml");
        Files.writeString(part, "watch: {interval: 20s}\n");
        Files.writeString(part.resolveSibling("10-watch.yaml"), "watch: {interval: 15s}\n");
        assertThat(source(loaded(Map.of(), Map.of()), "watch.interval")).isEqualTo(part + ":1");

        Map<String, String> environment = Map.of("PANOPTES_WATCH_INTERVAL", "30s");
        assertThat(loaded(environment, Map.of()).get(Settings.WATCH_INTERVAL)).isEqualTo(Duration.ofSeconds(30));
        Map<String, String> options = Map.of("watch.interval", "40s");
        assertThat(loaded(environment, options).get(Settings.WATCH_INTERVAL)).isEqualTo(Duration.ofSeconds(40));
        assertThat(source(loaded(environment, options), "watch.interval")).isEqualTo("--watch-interval");
    }

    @Test
    void theOriginalNamesWorkAndOursWin() {
        Map<String, String> environment = Map.of(
                "REGISTRY_PATH", "/a/registry.yaml",
                "HERMES_URL", "http://localhost:8014",
                "PANOPTES_HERMES_URL", "http://localhost:9014");
        Configuration configuration = loaded(environment, Map.of());
        assertThat(configuration.find(Settings.REGISTRY)).contains(Path.of("/a/registry.yaml"));
        assertThat(configuration.find(Settings.HERMES_URL).orElseThrow().getPort())
                .isEqualTo(9014);
        assertThat(source(configuration, "registry")).isEqualTo("REGISTRY_PATH");
    }

    @Test
    void everyProblemIsToldAtOnceWithItsPlace() throws IOException {
        Files.writeString(file, """
                listen: nowhere
                wotch: 1
                watch: {intervall: 5s}
                database: {url: 'postgres://me:hidden@db/x', connections: 0}
                anonymous_read: [maybe]
                """);
        List<String> problems = problems(Map.of("PANOPTES_SCAN_SCHEDULE", "now and then"));
        assertThat(problems)
                .hasSize(6)
                .anyMatch(each -> each.startsWith(file + ":1: listen must be ADDRESS:PORT"))
                .anyMatch(each -> each.startsWith(file + ":2: there is no setting wotch"))
                .anyMatch(each -> each.startsWith(file + ":3: there is no setting watch.intervall"))
                .anyMatch(each -> each.startsWith(file + ":4: database.connections must be a whole number from 2"))
                .anyMatch(each -> each.startsWith(file + ":5: anonymous_read is a list"))
                .anyMatch(each -> each.startsWith("PANOPTES_SCAN_SCHEDULE: scan.schedule must be five fields"))
                .noneMatch(each -> each.contains("hidden"));
    }

    @Test
    void aFileThatWasAskedForMustBeThereAndBeYaml() throws IOException {
        Files.writeString(file, "listen: [");
        assertThat(problems(Map.of()).getFirst()).startsWith(file + ":");
        Files.delete(file);
        assertThat(problems(Map.of())).containsExactly(file + ": there is no such file");
    }

    @Test
    void secretsAreShownNowhereAndCanComeFromAFile() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "a-secret-of-more-than-thirty-two-bytes\n");
        Configuration configuration = loaded(
                Map.of("PANOPTES_JWT_SECRET_FILE", secret.toString(), "DATABASE_URL", "postgres://u:pw@h/d"), Map.of());
        assertThat(configuration.find(Settings.JWT_SECRET)).contains("a-secret-of-more-than-thirty-two-bytes");
        assertThat(configuration.explain().toString())
                .doesNotContain("a-secret-of")
                .doesNotContain("pw@h");
    }

    @Test
    void aStrangeVariableIsANoticeAndNoProblem() {
        Map<String, String> environment = Map.of("PANOPTES_PORT", "tcp://10.0.0.1:8022");
        assertThat(load(environment, Map.of()))
                .isInstanceOfSatisfying(
                        ConfigurationResult.Loaded.class,
                        loaded -> assertThat(loaded.notices())
                                .containsExactly("the variable PANOPTES_PORT sets nothing"));
    }
}
