package dev.panoptes.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The description is an OpenAPI 3.1 document, as its makers define one. */
class OpenApiDocumentTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static List<Error> validate(JsonNode document) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(OpenApiDocumentTest.class.getResourceAsStream("/openapi/oas-3.1-schema.json"))) {
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(JSON.readTree(in));
            return schema.validate(document);
        }
    }

    @Test
    void itIsADocumentOfOpenApi31() throws IOException {
        assertThat(validate(JSON.readTree(ApiDescription.json()))).isEmpty();
    }

    @Test
    void whatIsNoDocumentOfOpenApi31IsSeen() throws IOException {
        for (String broken : List.of(
                "/paths/~1health/get/responses/200/description",
                "/info/title",
                "/paths/~1api~1v1~1alerts/get/tags/0")) {
            ObjectNode document = (ObjectNode) JSON.readTree(ApiDescription.json());
            JsonNode parent = document.at(broken.substring(0, broken.lastIndexOf('/')));
            if (parent instanceof ObjectNode object) {
                object.remove(broken.substring(broken.lastIndexOf('/') + 1));
            } else {
                ((tools.jackson.databind.node.ArrayNode) parent).set(0, JSON.readTree("{}"));
            }
            assertThat(validate(document)).as(broken).isNotEmpty();
        }
    }
}
