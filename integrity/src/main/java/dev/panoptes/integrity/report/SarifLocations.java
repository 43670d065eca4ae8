package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.verdict.ScanReport.RegistryReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Places in files as SARIF tells them: URIs relative to the scan's root (RFC 3986, section 4.2). */
final class SarifLocations {
    /** Stands for the scan's root; services that show code take it for the root of the repository. */
    static final String BASE = "%SRCROOT%";

    private static final String UNRESERVED = "-._~/";

    private final RegistryReference registry;

    SarifLocations(RegistryReference registry) {
        this.registry = registry;
    }

    void write(JsonGenerator json, Evidence evidence, List<String> affected) {
        String path = path(evidence.file());
        json.writeStartObject();
        json.writeObjectPropertyStart("physicalLocation");
        json.writeObjectPropertyStart("artifactLocation");
        json.writeStringProperty("uri", uri(path));
        if (!path.startsWith("/")) {
            json.writeStringProperty("uriBaseId", BASE);
        }
        json.writeEndObject();
        if (evidence.line() > 0) {
            json.writeObjectPropertyStart("region");
            json.writeNumberProperty("startLine", evidence.line());
            json.writeEndObject();
        }
        json.writeEndObject();
        if (!affected.isEmpty()) {
            json.writeArrayPropertyStart("logicalLocations");
            for (String name : affected) {
                json.writeStartObject();
                json.writeStringProperty("fullyQualifiedName", name);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        Json.text(json, "message", evidence.text().isBlank() ? evidence.source() : evidence.text());
        json.writeEndObject();
    }

    /** The folder of the file, below the root; {@code .} for the root itself. */
    String directory(Evidence evidence) {
        String path = path(evidence.file());
        int slash = path.lastIndexOf('/');
        return slash > 0 ? path.substring(0, slash) : ".";
    }

    /** Below the root where that is known. */
    private String path(@Nullable String file) {
        String given = file == null ? registry.path() : file;
        String below = registry.rootPath();
        String path = given.equals(registry.path()) && below != null ? below : given;
        return path.startsWith("./") ? path.substring(2) : path;
    }

    private static String uri(String path) {
        StringBuilder uri = new StringBuilder(path.length() + 16);
        if (path.startsWith("/")) {
            uri.append("file://");
        }
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || UNRESERVED.indexOf(c) >= 0;
            if (plain) {
                uri.append(c);
            } else {
                uri.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return uri.toString();
    }
}
