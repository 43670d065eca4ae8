package dev.panoptes.server.api;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the API's description says, for tests of other features. */
public final class Described {
    private Described() {}

    public static JsonNode components() {
        return new JsonMapper().readTree(ApiDescription.json()).path("components");
    }
}
