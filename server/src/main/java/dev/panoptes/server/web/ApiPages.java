package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.ApiCall;
import dev.panoptes.server.web.view.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The API's description for people, made from the document that programs get, with a form to try a call. */
final class ApiPages implements Resource {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final Frame frame;
    private final InternalCalls inside;

    ApiPages(Frame frame, InternalCalls inside) {
        this.frame = frame;
        this.inside = inside;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.page("/api", Access.OPEN, this::api), Route.page("/api/try", Access.VIEWER, this::tryOut));
    }

    private Response api(Request request) throws InterruptedException {
        return page(request, false);
    }

    private Response tryOut(Request request) throws InterruptedException {
        return page(request, true);
    }

    private Response page(Request request, boolean known) throws InterruptedException {
        JsonNode root = inside.get(request, "/openapi.json").orElseGet(() -> Json.readOwn("{}", JsonNode.class));
        Map<String, List<ApiCall>> byTag = new LinkedHashMap<>();
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .forEach(operation -> {
                            ApiCall call = call(root, path.getKey(), operation.getKey(), operation.getValue());
                            byTag.computeIfAbsent(call.tag(), _ -> new ArrayList<>())
                                    .add(call);
                        }));
        List<List<Part>> introduction = Arrays.stream(root.path("info")
                        .path("description")
                        .asString("")
                        .strip()
                        .split("\n(?=[A-Z])"))
                .map(ApiPages::prose)
                .toList();
        return frame.page(
                known ? frame.shell(request, "Try the API", "api") : frame.bare("The API", "api"),
                "api",
                Map.of("introduction", introduction, "calls", byTag, "tries", known));
    }

    private static ApiCall call(JsonNode root, String path, String method, JsonNode operation) {
        List<ApiCall.Parameter> parameters = new ArrayList<>();
        operation.path("parameters").forEach(each -> {
            JsonNode parameter = resolved(root, each);
            String in = parameter.path("in").asString("");
            if (in.equals("path") || in.equals("query")) {
                JsonNode example = parameter.has("example")
                        ? parameter.path("example")
                        : parameter.path("schema").path("default");
                parameters.add(new ApiCall.Parameter(
                        parameter.path("name").asString(""),
                        in,
                        parameter.path("required").asBoolean(false),
                        parameter.path("description").asString(""),
                        in.equals("path") && !example.isMissingNode() ? example.asString("") : ""));
            }
        });
        JsonNode content = operation.path("requestBody").path("content");
        JsonNode json = content.path("application/json");
        JsonNode example = json.has("example")
                ? json.path("example")
                : json.path("examples").isObject() && !json.path("examples").isEmpty()
                        ? json.path("examples").iterator().next().path("value")
                        : json.path("example");
        String access = operation.path("x-access").asString("");
        boolean form = content.has("application/x-www-form-urlencoded");
        boolean streams =
                operation.path("responses").path("200").path("content").has("text/event-stream");
        boolean page = operation.path("tags").path(0).asString("").equals("pages");
        return new ApiCall(
                method.toUpperCase(java.util.Locale.ROOT),
                path,
                operation.path("tags").path(0).asString(""),
                access,
                operation.path("summary").asString(""),
                prose(operation.path("description").asString("").strip()),
                parameters,
                example.isMissingNode() ? "" : Json.writeText(example),
                !form && !streams && !page && !access.equals("observer"));
    }

    private static JsonNode resolved(JsonNode root, JsonNode node) {
        String reference = node.path("$ref").asString("");
        return reference.startsWith("#/") ? root.at(reference.substring(1)) : node;
    }

    /** The description writes code between backquotes. */
    private static List<Part> prose(String text) {
        List<Part> parts = new ArrayList<>();
        String[] pieces = text.split("`", -1);
        for (int i = 0; i < pieces.length; i++) {
            if (!pieces[i].isEmpty()) {
                parts.add(new Part(pieces[i], i % 2 == 0 ? "" : "code"));
            }
        }
        return parts;
    }
}
