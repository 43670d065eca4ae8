package dev.panoptes.server.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pages of other origins that may call with a bearer token (Fetch standard, CORS protocol). Cookies are never allowed along,
 * so no page acts with somebody's session.
 */
final class Cors {
    private final List<String> origins;

    Cors(List<String> origins) {
        this.origins = List.copyOf(origins);
    }

    /** Tells the browser that it may show the answer to the page. */
    void allow(Context context) {
        if (origins.isEmpty()) {
            return;
        }
        context.header("Vary", "Origin");
        String origin = origin(context);
        if (origin != null) {
            context.header("Access-Control-Allow-Origin", origin);
            context.header("Access-Control-Expose-Headers", "ETag, Retry-After, Config-Version, Config-Hash");
        }
    }

    /** Answers a browser that asks before it calls; false where this is no such question, or no allowed origin's. */
    boolean preflight(Context context) {
        String origin = origin(context);
        if (origin == null
                || !context.method().equals(HandlerType.OPTIONS)
                || context.header("Access-Control-Request-Method") == null) {
            return false;
        }
        context.status(204);
        context.header("Access-Control-Allow-Origin", origin);
        context.header("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
        context.header("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match");
        context.header("Access-Control-Max-Age", "600");
        return true;
    }

    /** Null where there is none, or it is not allowed. */
    private @Nullable String origin(Context context) {
        String origin = context.header("Origin");
        return origin != null && origins.contains(origin) ? origin : null;
    }
}
