package dev.panoptes.integrity.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.ContentDigest;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ListAdoptionTest {
    @TempDir
    private Path directory;

    private static Optional<ListAdoption.Found> read(String text) {
        return new YamlReader().parse(text.getBytes(StandardCharsets.UTF_8), "list")
                                instanceof YamlResult.Parsed(ContentDigest _, YamlNode root, var _)
                        && root instanceof YamlNode.Mapping top
                ? ListAdoption.of(top)
                : Optional.empty();
    }

    /** What is written is a registry without a mistake. */
    private String written(String text) throws IOException {
        String yaml = AdoptedRegistry.whole("A list", read(text).orElseThrow().agents());
        Path file = Files.writeString(directory.resolve("registry.yaml"), yaml);
        assertThat(new RegistryLoader().load(file))
                .isInstanceOfSatisfying(
                        RegistryResult.Loaded.class,
                        loaded -> assertThat(loaded.problems()).isEmpty());
        return yaml;
    }

    @Test
    void serversOfAClientAreReachedOrStarted() throws IOException {
        String yaml = written("""
            {"mcpServers": {
              "Weather": {"type": "http", "url": "http://weather:8931/mcp", "headers": {"Authorization": "Bearer s3cret"}},
              "search": {"url": "https://search.example.com/v1/mcp/"},
              "files": {"command": "/usr/bin/npx", "args": ["-y", "server", "--token", "s3cret"], "env": {"KEY": "s3cret"}}
            }}
            """);

        assertThat(yaml)
                .contains("  weather:\n    connection:\n      url: 'http://weather:8931'\n      protocol: 'mcp'\n")
                .contains("url: 'https://search.example.com:443'\n      protocol: 'mcp'\n"
                        + "      health_endpoint: '/v1/mcp/'")
                .contains("  # its client starts it: npx\n  files:\n    connection: none\n")
                .doesNotContain("s3cret");
    }

    @Test
    void aDescribedServerIsReachedAtItsFirstRemote() throws IOException {
        assertThat(written("""
                {"servers": [
                  {"name": "io.example/weather", "version": "1.2.0",
                   "remotes": [{"type": "streamable-http", "url": "https://mcp.example.com/mcp"}]},
                  {"name": "io.example/files", "packages": [{"identifier": "files"}]}
                ]}
                """))
                .contains("  weather:\n    version: '1.2.0'\n")
                .contains("  # described as io.example/files without an address of its own\n  files:\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"url\": \"http://desk:9000/a2a\"",
                "\"supportedInterfaces\": [{\"url\": \"http://desk:9000\", \"protocolBinding\": \"JSONRPC\"}]"
            })
    void aCardIsOneAgentWithItsSkills(String place) throws IOException {
        assertThat(written("{\"name\": \"Currency Desk\", \"version\": \"2\", " + place
                        + ", \"skills\": [{\"id\": \"convert\"}, {\"name\": \"without id\"}]}"))
                .contains("  currency-desk:\n    name: 'Currency Desk'\n    version: '2'\n")
                .contains("      url: 'http://desk:9000'\n      protocol: 'a2a'\n    actions:\n      'convert': {}\n")
                .doesNotContain("without id");
    }

    @Test
    void servicesOfConsulAreAskedWhereTheirCheckAsks() throws IOException {
        assertThat(written("""
                services:
                - {name: web, port: 8080, check: {http: 'http://localhost:8080/ready', interval: 10s}}
                - {name: store, id: store-1, address: 10.0.0.5, port: 5432, checks: [{tcp: '10.0.0.5:5432'}]}
                - {name: worker}
                """))
                .contains("url: 'http://web:8080'\n      health_endpoint: '/ready'\n    health: {status_only: true}\n")
                .contains("  store-1:\n    connection:\n      url: 'tcp://10.0.0.5:5432'\n")
                .contains("  worker:\n    connection: none\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mcpServers: {a: {}}|a has neither url nor command",
                "mcpServers: {a: x}|a is no map",
                "mcpServers: {a: {url: 'http://${HOST}/mcp'}}|a has a url that is none",
                "mcpServers: {a: {url: 'stdio:x'}}|a has a url that is not reached by http or https",
                "mcpServers: {a: {url: 'http://x:70000'}}|a has a url that is not reached by http or https",
                "{name: A, skills: []}|A has no url",
                "services: [{port: 1}]|an entry has no name"
            })
    void whatIsNoAgentIsTold(String text, String reason) {
        ListAdoption.Found found = read(text).orElseThrow();

        assertThat(found.agents()).isEmpty();
        assertThat(found.unexplained()).containsExactly(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: b", "services: {web: {image: nginx}}", "agents: {}", "[]", "{}"})
    void whatIsNoListIsNotTakenForOne(String text) {
        assertThat(read(text)).isEmpty();
    }
}
