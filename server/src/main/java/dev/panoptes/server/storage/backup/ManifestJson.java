package dev.panoptes.server.storage.backup;

import java.io.IOException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code manifest.json}: the format's name and version, and the fields of a {@link Manifest} in snake case. */
final class ManifestJson {
    static final String NAME = "manifest.json";

    private static final String FORMAT = "panoptes-backup";
    /** Goes up when an older program could no longer read what a newer one writes. */
    private static final int FORMAT_VERSION = 1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ManifestJson() {}

    static byte[] write(Manifest manifest) {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("format", FORMAT);
        document.put("format_version", FORMAT_VERSION);
        document.setAll((ObjectNode) MAPPER.valueToTree(manifest));
        return MAPPER.writeValueAsBytes(document);
    }

    /**
     * @throws BackupRefused for a version of the format that this program does not know
     * @throws IOException for anything that is no manifest
     */
    static Manifest read(byte[] bytes) throws BackupRefused, IOException {
        try {
            JsonNode document = MAPPER.readTree(bytes);
            if (!document.path("format").asString("").equals(FORMAT)) {
                throw new IOException(NAME + " is not that of a backup");
            }
            int version = document.path("format_version").asInt(0);
            if (version != FORMAT_VERSION) {
                throw new BackupRefused("the backup has version " + version + " of the format, this program knows "
                        + FORMAT_VERSION + "; restore it with the release that made it, or a newer one");
            }
            return MAPPER.treeToValue(document, Manifest.class);
        } catch (JacksonException e) {
            throw new IOException(NAME + " is damaged", e);
        }
    }
}
