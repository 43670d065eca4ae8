package dev.panoptes.cli.gitops;

import dev.panoptes.cli.client.Line;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** YAML 1.2 as JSON and back. */
final class Yaml {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LARGEST_BYTES = 4 << 20;

    private Yaml() {}

    /** @throws UsageException where the file cannot be read, is too large, or is no YAML that JSON could say */
    static JsonNode read(Path file) throws UsageException {
        try {
            if (Files.size(file) > LARGEST_BYTES) {
                throw new UsageException(file + " is larger than " + LARGEST_BYTES + " bytes", "");
            }
            Object root = new Load(LoadSettings.builder()
                            .setLabel(file.toString())
                            .setMaxAliasesForCollections(100)
                            .build())
                    .loadFromString(Files.readString(file));
            return JSON.valueToTree(root);
        } catch (YamlEngineException | JacksonException e) {
            throw new UsageException(file + " cannot be read: " + Line.of(String.valueOf(e.getMessage())), "");
        } catch (IOException e) {
            throw new UsageException(file + " cannot be read: " + Line.of(String.valueOf(e.getMessage())), "");
        }
    }

    static byte[] write(JsonNode node) {
        Dump dump = new Dump(DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(100)
                .build());
        return dump.dumpToString(JSON.treeToValue(node, Object.class)).getBytes(StandardCharsets.UTF_8);
    }
}
