package dev.panoptes.server.api;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.util.List;

/** The API's description, for programs. */
public final class ApiResource implements Resource {
    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/openapi.yaml", Access.OPEN, this::yaml),
                Route.get("/openapi.json", Access.OPEN, this::json));
    }

    private Response yaml(Request request) {
        return Response.text("application/yaml; charset=utf-8", ApiDescription.yaml());
    }

    private Response json(Request request) {
        return Response.jsonBytes(ApiDescription.json());
    }
}
