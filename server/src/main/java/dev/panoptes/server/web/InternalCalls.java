package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.http.Method;
import dev.panoptes.server.http.ProblemException;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The calls of the API, for pages: what a page shows is what a program would have been answered, by the same rights. A call
 * that this server does not have is answered with nothing, and the page says what would bring it.
 */
final class InternalCalls {
    private final Map<String, Route> gets = new HashMap<>();

    InternalCalls(List<Resource> resources) {
        for (Resource resource : resources) {
            for (Route route : resource.routes()) {
                if (route.method() == Method.GET) {
                    gets.put(route.path(), route);
                }
            }
        }
    }

    boolean has(String path) {
        return gets.containsKey(path);
    }

    Optional<JsonNode> get(Request page, String path) throws InterruptedException {
        return get(page, path, Map.of(), Map.of());
    }

    /** Empty where there is no such call, where the caller may not make it, and where it finds nothing. */
    Optional<JsonNode> get(Request page, String path, Map<String, String> parameters, Map<String, String> query)
            throws InterruptedException {
        Route route = gets.get(path);
        if (route == null || route.access().judge(page.caller(), Method.GET, true) != Access.Verdict.ALLOWED) {
            return Optional.empty();
        }
        try {
            Response answer = route.handler().handle(page.inside(path, parameters, query));
            return answer instanceof Response.Whole whole && whole.status() == 200
                    ? Optional.of(Json.readOwn(new String(whole.body(), StandardCharsets.UTF_8), JsonNode.class))
                    : Optional.empty();
        } catch (ProblemException e) {
            if (e.problem().code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
