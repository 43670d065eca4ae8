package dev.panoptes.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers the routes that agents call all the time before servlets, sessions and the search through all routes cost anything:
 * more than half of what a heartbeat took. It takes only what is written plainly; any other spelling, a query, another method or
 * a call of another origin goes the usual way, which answers the same.
 */
final class OftenCalled extends Handler.Wrapper {
    private static final String PARAMETER = "\\{[^}]+}";

    private final List<Called> routes = new ArrayList<>();
    private final Set<String> others;
    private final BiConsumer<Wire, Route> answer;

    /** A path with one parameter: what stands before it and after it. */
    private record Called(Route route, String before, String after, String parameter) {
        static @Nullable Called of(Route route) {
            String[] around = route.path().split(PARAMETER, -1);
            if (around.length != 2) {
                return null;
            }
            String parameter =
                    route.path().substring(around[0].length() + 1, route.path().length() - around[1].length() - 1);
            return new Called(route, around[0], around[1], parameter);
        }

        boolean fits(String method, String path) {
            return path.length() > before.length() + after.length()
                    && route.method().name().equals(method)
                    && path.startsWith(before)
                    && path.endsWith(after)
                    && plain(path, before.length(), path.length() - after.length());
        }

        private static boolean plain(String path, int from, int to) {
            for (int i = from; i < to; i++) {
                char c = path.charAt(i);
                boolean usual = (c >= 'a' && c <= 'z')
                        || (c >= '0' && c <= '9')
                        || (c >= 'A' && c <= 'Z')
                        || c == '-'
                        || c == '_';
                // A dot may be part of a name, and alone it would be a way up.
                if (!usual && (c != '.' || to - from < 3)) {
                    return false;
                }
            }
            return true;
        }

        Map<String, String> parameters(String path) {
            return Map.of(parameter, path.substring(before.length(), path.length() - after.length()));
        }
    }

    OftenCalled(List<Route> all, BiConsumer<Wire, Route> answer) {
        for (Route route : all) {
            Called called = route.often() ? Called.of(route) : null;
            if (called != null) {
                routes.add(called);
            }
        }
        this.others = all.stream()
                .map(Route::path)
                .filter(path -> !path.contains("{"))
                .collect(Collectors.toUnmodifiableSet());
        this.answer = answer;
    }

    private @Nullable Called called(Request request) {
        String path = request.getHttpURI().getPath();
        for (Called each : routes) {
            if (each.fits(request.getMethod(), path)) {
                boolean plainly = !others.contains(path)
                        && request.getHttpURI().getQuery() == null
                        && !request.getHeaders().contains("Origin");
                return plainly ? each : null;
            }
        }
        return null;
    }

    @Override
    public boolean handle(Request request, org.eclipse.jetty.server.Response response, Callback callback)
            throws Exception {
        Called called = called(request);
        if (called == null) {
            return super.handle(request, response, callback);
        }
        PlainWire wire = new PlainWire(
                request, response, called.parameters(request.getHttpURI().getPath()));
        answer.accept(wire, called.route());
        wire.send(callback);
        return true;
    }
}
