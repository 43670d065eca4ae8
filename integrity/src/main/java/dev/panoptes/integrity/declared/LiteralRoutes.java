package dev.panoptes.integrity.declared;

import dev.panoptes.core.text.Phrases;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The paths that a program of one file serves, where it names each of them in a call of its framework and does nothing by which it
 * could serve others. Such programs are small; of all others nothing is said.
 */
public final class LiteralRoutes {
    private static final int LARGEST = 64 * 1024;
    private static final Pattern PYTHON = Pattern.compile(
            "@\\w+\\.(?:get|post|put|delete|patch|head|route|api_route|websocket)\\(\\s*f?r?[\"']([^\"'\\n"
                    + "]{0,200})[\"']");

    private static final Pattern SCRIPT =
            Pattern.compile("\\.(?:get|post|put|delete|patch|head|all)\\(\\s*[\"'`](/[^\"'`\\n]{0,200})[\"'`]\\s*,");

    private static final Pattern SERVER =
            Pattern.compile("\\b(FastAPI|Flask|Sanic|Quart|Bottle|Starlette)\\(|\\bfrom bottle"
                    + " import|[\"'](express|fastify|koa|@koa/router|hono|polka|restify)[\"']");

    /** Of what {@link #SERVER} finds one of these is a part; a pass that looks for plain texts costs a tenth of a pattern's. */
    private static final Phrases SERVERS = new Phrases(List.of(
            "FastAPI(",
            "Flask(",
            "Sanic(",
            "Quart(",
            "Bottle(",
            "Starlette(",
            "from bottle import",
            "express",
            "fastify",
            "koa",
            "hono",
            "polka",
            "restify"));

    /** By any of these it may serve what it does not name. */
    private static final Phrases MORE = new Phrases(List.of(
            "include_router",
            "register_blueprint",
            "blueprint",
            "Blueprint",
            "add_url_rule",
            "Route(",
            "APIRouter",
            ".register(",
            "import(",
            "static",
            "Static",
            "<path:",
            ":path}",
            "prefix",
            "root_path",
            "basePath",
            "errorhandler",
            "exception_handler",
            "notFound",
            "setNotFoundHandler",
            "middleware",
            "Middleware",
            "before_request",
            "on_request",
            "healthcheck",
            "health_check",
            "terminus",
            "Terminus",
            "lightship",
            "instrumentator",
            "Instrumentator",
            "createServer",
            "proxy",
            "Proxy",
            "graphql",
            "socket.io",
            "swagger",
            "openapi",
            "import *"));

    /** Such as can only be told by a pattern, each with a text without which it finds nothing. */
    private static final Map<String, Pattern> PERHAPS_MORE = Map.of(
            "mount(", Pattern.compile("\\bmount\\("),
            "add_", Pattern.compile("add_\\w*route"),
            "Router(", Pattern.compile("\\bRouter\\("),
            ".use(", Pattern.compile("\\.use\\(\\s*[\"'`/\\w]"),
            ".route(", Pattern.compile("\\.route\\(\\s*\\{"),
            "require(", Pattern.compile("require\\(\\s*[\"']\\."),
            "from", Pattern.compile("from\\s+[\"']?\\."),
            "/*", Pattern.compile("[\"'`][^\"'`\\n]*/\\*"),
            "Handler", Pattern.compile("Handler\\b"));

    private LiteralRoutes() {}

    /** Empty-handed, null, where it may serve more than it names, or no path is named. */
    public static @Nullable SequencedSet<String> of(@Nullable String text) {
        if (text == null
                || text.length() > LARGEST
                || !SERVERS.in(text)
                || MORE.in(text)
                || !SERVER.matcher(text).find()
                || perhapsMore(text)) {
            return null;
        }
        SequencedSet<String> routes = new LinkedHashSet<>();
        Matcher decorator = PYTHON.matcher(text);
        while (decorator.find()) {
            routes.add(decorator.group(1));
        }
        Matcher call = SCRIPT.matcher(text);
        while (call.find()) {
            if (isCalled(text, call.start())) {
                routes.add(call.group(1));
            }
        }
        return routes.isEmpty() ? null : routes;
    }

    /** True where something is called by the point at this place; a pattern that looks behind itself costs four times as much. */
    private static boolean isCalled(String text, int point) {
        char before = point == 0 ? ' ' : text.charAt(point - 1);
        return before == '_' || (before < 128 && Character.isLetterOrDigit(before));
    }

    private static boolean perhapsMore(String text) {
        for (Map.Entry<String, Pattern> each : PERHAPS_MORE.entrySet()) {
            if (text.contains(each.getKey()) && each.getValue().matcher(text).find()) {
                return true;
            }
        }
        return false;
    }

    /** True where one of the routes serves the path; a part that is a parameter serves any. */
    public static boolean serve(SequencedSet<String> routes, String path) {
        String plain = path.split("[?#]", 2)[0];
        return routes.stream().anyMatch(route -> same(route.split("/"), plain.split("/")));
    }

    private static boolean same(String[] route, String[] path) {
        if (route.length != path.length) {
            return false;
        }
        for (int i = 0; i < route.length; i++) {
            boolean open = route[i].indexOf(':') >= 0
                    || route[i].indexOf('{') >= 0
                    || route[i].indexOf('<') >= 0
                    || route[i].indexOf('(') >= 0
                    || route[i].indexOf('*') >= 0
                    || route[i].indexOf('$') >= 0;
            if (!open && !route[i].equalsIgnoreCase(path[i])) {
                return false;
            }
        }
        return true;
    }

    /** True where the text names the last part of the path in a text of its own, so that something may be made of it. */
    public static boolean mentions(String text, String path) {
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.isEmpty()
                || Pattern.compile("[\"'`/]" + Pattern.quote(last) + "[\"'`/?]")
                        .matcher(text)
                        .find();
    }
}
