package dev.panoptes.server.api;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.util.List;

/** The API's description, for programs and for people. */
public final class ApiResource implements Resource {
    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/openapi.yaml", Access.OPEN, this::yaml),
                Route.get("/openapi.json", Access.OPEN, this::json),
                Route.get("/api", Access.OPEN, this::page),
                Route.get("/api/style.css", Access.OPEN, this::style));
    }

    private Response yaml(Request request) {
        return Response.text("application/yaml; charset=utf-8", ApiDescription.yaml());
    }

    private Response json(Request request) {
        return Response.jsonBytes(ApiDescription.json());
    }

    private Response page(Request request) {
        return Response.text("text/html; charset=utf-8", ApiPage.html());
    }

    private Response style(Request request) {
        return Response.text("text/css; charset=utf-8", ApiPage.STYLE);
    }
}
