package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas that editors get accept what the program accepts, and refuse what it refuses. */
class SchemaCommandTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"registry", "waivers", "configuration", "report", "events"})
    void eachIsASchemaOfDraft202012(String name) {
        String text = schemaText(name);
        Schema meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(meta.validate(text, InputFormat.JSON)).isEmpty();
        assertThat(text).endsWith("}\n");
    }

    @Test
    void theExampleFleetsRegistryFits() throws IOException {
        String registry = Files.readString(Path.of("../examples/fleet/agent-registry.yaml"));

        assertThat(errors("registry", registry, InputFormat.YAML)).isEmpty();
        assertThat(errors("registry", "agents: {a: {connection: none}}", InputFormat.YAML))
                .isEmpty();
        assertThat(errors("registry", "agents: {a: {connection: 8014}}", InputFormat.YAML))
                .isNotEmpty();
        assertThat(errors("registry", "agents: {a: {connection: {timeout_ms: soon}}}", InputFormat.YAML))
                .isNotEmpty();
        assertThat(errors("registry", "services: {}", InputFormat.YAML)).isNotEmpty();
    }

    @Test
    void aWaiverNeedsOwnerReasonAndExpiry() {
        String whole = "- {issue: port-conflict-1, owner: o, reason: r, expires: '2026-03-31'}";

        assertThat(errors("waivers", whole, InputFormat.YAML)).isEmpty();
        assertThat(errors("waivers", "- {issue: port-conflict-1, owner: o, reason: r}", InputFormat.YAML))
                .isNotEmpty();
        assertThat(errors("waivers", "- {owner: o, reason: r, expires: '2026-03-31'}", InputFormat.YAML))
                .isNotEmpty();
    }

    @Test
    void aReportFits() throws IOException {
        Path registry = directory.resolve("agent-registry.yaml");
        Files.writeString(
                registry, "agents: {a: {connection: {url: 'http://a:7001'}}, b: {connection: {url: 'http://b:7001'}}}");
        Session.Run run =
                new Session(directory).run("scan", "--offline", "--format", "json", "--registry", registry.toString());

        assertThat(run.out()).as(run.err()).contains("port-conflict-7001");
        assertThat(errors("report", run.out(), InputFormat.JSON)).isEmpty();
        assertThat(errors("report", run.out().replace("\"critical\",", "\"grave\","), InputFormat.JSON))
                .isNotEmpty();
    }

    @Test
    void everySettingIsInTheSchemaOfTheConfiguration() {
        String schema = schemaText("configuration");
        Settings.ALL.forEach(setting -> assertThat(schema)
                .as(setting.key())
                .contains("\"" + setting.key().substring(setting.key().lastIndexOf('.') + 1) + "\""));
        assertThat(errors("configuration", "watch: {interval: 30s}\nanonymous_read: true", InputFormat.YAML))
                .isEmpty();
        assertThat(errors("configuration", "wach: {interval: 30s}", InputFormat.YAML))
                .isNotEmpty();
        assertThat(errors("configuration", "anonymous_read: maybe", InputFormat.YAML))
                .isNotEmpty();
    }

    @Test
    void anUnknownNameIsAMistakeOfUsage() {
        Session.Run run = new Session(directory).run("schema", "nothing");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("'nothing' is none of registry, waivers, configuration, report, events");
    }

    private String schemaText(String name) {
        Session.Run run = new Session(directory).run("schema", name);
        assertThat(run.code()).isEqualTo(ExitCode.OK);
        return run.out();
    }

    private List<Error> errors(String name, String content, InputFormat format) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schemaText(name), InputFormat.JSON)
                .validate(content, format);
    }
}
