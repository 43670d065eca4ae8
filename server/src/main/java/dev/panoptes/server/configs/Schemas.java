package dev.panoptes.server.configs;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.panoptes.server.http.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON Schema (2020-12). Schemas stand on their own: nothing is fetched. */
final class Schemas {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final int MOST_ERRORS = 100;

    /** What a schema may say at its top (JSON Schema Core and Validation, 2020-12); a misspelt one would judge nothing. */
    private static final Set<String> KEYWORDS = Set.of(
            ("$schema $id $ref $anchor $dynamicRef $dynamicAnchor $vocabulary $comment $defs definitions allOf anyOf"
                            + " oneOf not if then else dependentSchemas dependencies prefixItems items contains properties"
                            + " patternProperties additionalProperties propertyNames unevaluatedItems unevaluatedProperties type"
                            + " enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength"
                            + " pattern maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required"
                            + " dependentRequired title description default deprecated readOnly writeOnly examples format"
                            + " contentEncoding contentMediaType contentSchema")
                    .split(" ", -1));

    private static final JsonMapper JSON = new JsonMapper();

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaCacheEnabled(false));

    /** What is wrong with a value; empty where it fits. Both are JSON. */
    List<FieldError> violations(String schema, String value) {
        Schema compiled = registry.getSchema(schema, InputFormat.JSON);
        return errors(compiled.validate(value, InputFormat.JSON));
    }

    /** What is wrong with a schema; empty where it is one that can be used. */
    List<FieldError> faults(String schema) {
        List<FieldError> faults =
                errors(registry.getSchema(SchemaLocation.of(DIALECT)).validate(schema, InputFormat.JSON));
        if (faults.isEmpty()) {
            faults = unknown(schema);
        }
        if (!faults.isEmpty()) {
            return faults;
        }
        try {
            violations(schema, ConfigDocument.EMPTY.body());
            return List.of();
        } catch (RuntimeException e) {
            // References that lead nowhere and expressions that cannot be compiled are found when it is first used.
            return List.of(new FieldError("", "cannot be used: " + reason(e)));
        }
    }

    private static List<FieldError> unknown(String schema) {
        List<FieldError> faults = new ArrayList<>();
        JsonNode tree = JSON.readTree(schema);
        if (tree.isEmpty()) {
            faults.add(new FieldError("", "says nothing, so it would judge nothing"));
        }
        for (String name : tree.propertyNames()) {
            if (!KEYWORDS.contains(name) && !name.startsWith("x-") && faults.size() < MOST_ERRORS) {
                faults.add(new FieldError(
                        "/" + name.replace("~", "~0").replace("/", "~1"), "is no keyword of JSON Schema 2020-12"));
            }
        }
        return faults;
    }

    private static String reason(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        return message.length() > 200 ? message.substring(0, 200) : message;
    }

    private static List<FieldError> errors(List<Error> errors) {
        return errors.stream()
                .limit(MOST_ERRORS)
                .map(error ->
                        new FieldError(error.getInstanceLocation().toString(), String.valueOf(error.getMessage())))
                .toList();
    }
}
