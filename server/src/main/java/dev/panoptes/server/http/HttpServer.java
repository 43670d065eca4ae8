package dev.panoptes.server.http;

import dev.panoptes.server.life.CannotStart;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The only place that knows Javalin and Jetty. Routes in, answers out; started once, closed once. */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    /** A thousand agents that come at once are let in one after another; the kernel sends nobody away. */
    private static final int WAITING_TO_CONNECT = 4_096;

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final HttpSettings settings;
    private final List<Route> routes;
    private final Authenticator authenticator;
    private final Limits limits;
    private final Calls calls = new Calls();
    private final CallCounts counts;
    private final Pages pages;
    private @Nullable Javalin javalin;

    /** @param counts of calls, kept here and told elsewhere */
    public HttpServer(
            HttpSettings settings,
            List<Resource> resources,
            Pages pages,
            Authenticator authenticator,
            CallCounts counts) {
        this.settings = settings;
        this.pages = pages;
        // A path without parameters is looked for before one whose parameter would take its words.
        this.routes = resources.stream()
                .flatMap(resource -> resource.routes().stream())
                .map(this::withPage)
                .sorted(Comparator.comparing(Route::path, HttpServer::literalFirst))
                .toList();
        this.authenticator = authenticator;
        this.counts = counts;
        this.limits = new Limits(
                new RateLimits(settings.requestsPerSecond()),
                new Refusals(settings.requestsPerSecond() > 0),
                new RefusalLog(),
                new ClientAddress(settings.trustedProxies()));
        refuseDuplicateRoutes();
    }

    private Route withPage(Route route) {
        Handler page = pages.byPath().get(route.path());
        return page == null || route.method() != Method.GET ? route : route.withPage(page);
    }

    private static int literalFirst(String one, String other) {
        String[] parts = one.split("/", -1);
        String[] others = other.split("/", -1);
        for (int i = 0; i < Math.min(parts.length, others.length); i++) {
            int order = Boolean.compare(parts[i].startsWith("{"), others[i].startsWith("{"));
            if (order != 0 || !parts[i].equals(others[i])) {
                return order != 0 ? order : parts[i].compareTo(others[i]);
            }
        }
        return Integer.compare(parts.length, others.length);
    }

    private void refuseDuplicateRoutes() {
        Set<String> seen = new LinkedHashSet<>();
        for (Route route : routes) {
            if (!seen.add(route.method() + " " + route.path())) {
                throw new IllegalStateException("two routes for " + route.method() + " " + route.path());
            }
        }
    }

    /** Every route there is; the contract test compares them with the API's description. */
    public List<Route> routes() {
        return routes;
    }

    /** @throws CannotStart when the port is in use or TLS cannot be set up */
    public void start() throws CannotStart {
        SslContextFactory.@Nullable Server tls = settings.tls() == null ? null : TlsIdentity.load(settings.tls());
        refuseTakenPort();
        Javalin created = Javalin.create(config -> configure(config, tls));
        javalin = created;
        try {
            created.start();
        } catch (JavalinException e) {
            created.stop();
            throw cannotListen(e);
        }
    }

    /** Tries before Javalin does, which writes a log line of its own about what is a usual mistake. */
    private void refuseTakenPort() throws CannotStart {
        try (ServerSocket trial = new ServerSocket()) {
            trial.bind(new InetSocketAddress(settings.address(), settings.port()));
        } catch (IOException e) {
            throw cannotListen(e);
        }
    }

    private CannotStart cannotListen(Exception e) {
        return new CannotStart(
                "cannot listen on " + settings.address() + ":" + settings.port() + ": " + reason(e)
                        + "; choose another with --listen or --port",
                e);
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        return message.contains("already in use") ? "the port is in use" : message;
    }

    /** Where it listens, as its users write it. */
    public String url() {
        String host = settings.address().contains(":") ? "[" + settings.address() + "]" : settings.address();
        return (settings.tls() == null ? "http://" : "https://") + host + ":" + port();
    }

    public int port() {
        return java.util.Objects.requireNonNull(javalin).port();
    }

    private void configure(JavalinConfig config, SslContextFactory.@Nullable Server tls) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.prefer405over404 = true;
        config.http.strictContentTypes = false;
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(0);
            server.setHandler(new OftenCalled(routes, this::handle));
            server.setErrorHandler(new ProtocolErrors(settings.tls() != null));
        });
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setSendXPoweredBy(false);
            // A cache of header lines for each connection: 200 KB, and filled anew by every other token on it.
            http.setHeaderCacheSize(0);
            http.setUriCompliance(UriCompliance.DEFAULT);
            if (tls != null) {
                http.addCustomizer(new SecureRequestCustomizer(false));
            }
        });
        config.jetty.addConnector((server, http) -> connector(server, http, tls));
        for (Route route : routes) {
            config.routes.addHttpHandler(
                    HandlerType.findOrCreate(route.method().name()),
                    route.path(),
                    context -> handle(new ServletWire(context), route));
            if (route.method() == Method.GET) {
                // The same answer to the same caller, without its body (RFC 9110, section 9.3.2).
                config.routes.addHttpHandler(
                        HandlerType.HEAD, route.path(), context -> handle(new ServletWire(context), route));
            }
        }
        Cors cors = new Cors(settings.corsOrigins());
        config.routes.before(cors::allow);
        config.routes.exception(HttpResponseException.class, (e, context) -> {
            if (!cors.preflight(context)) {
                refuse(e, context);
            }
        });
    }

    private Connector connector(Server server, HttpConfiguration http, SslContextFactory.@Nullable Server tls) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector = tls == null
                ? new ServerConnector(server, plain)
                : new ServerConnector(server, new SslConnectionFactory(tls, "http/1.1"), plain);
        connector.setHost(settings.address());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setAcceptQueueSize(WAITING_TO_CONNECT);
        SlowHeads slow = new SlowHeads(settings.head());
        http.addCustomizer(slow);
        connector.addEventListener(slow);
        connector.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarted(LifeCycle event) {
                slow.watch(connector.getScheduler());
            }
        });
        return connector;
    }

    private void handle(Wire wire, Route route) {
        new Exchange(wire, route, settings, authenticator, limits, calls, counts, pages).run();
    }

    /** What no route answers: 404, and 405 with the methods that there are. Limited, counted and logged like any call. */
    private void refuse(HttpResponseException e, Context context) {
        long start = System.nanoTime();
        String id = Exchange.newId();
        Wire wire = new ServletWire(context);
        String address = limits.addresses().of(wire);
        ErrorCode code = e.getStatus() == HttpStatus.METHOD_NOT_ALLOWED_405
                ? ErrorCode.METHOD_NOT_ALLOWED
                : e.getStatus() == HttpStatus.NOT_FOUND_404 ? ErrorCode.NOT_FOUND : ErrorCode.INVALID_REQUEST;
        Problem problem = limits.rates()
                .take(ClientAddress.key(address))
                .map(wait -> Problem.later(
                        ErrorCode.RATE_LIMITED,
                        "More than " + settings.requestsPerSecond() + " requests in a second",
                        wait))
                .orElseGet(() -> Problem.of(
                        code,
                        code == ErrorCode.NOT_FOUND
                                ? "There is nothing here"
                                : code.title() + ": " + context.method().name() + " here"));
        wire.decorate(settings.tls() != null);
        if (problem.code() == ErrorCode.METHOD_NOT_ALLOWED) {
            context.header("Allow", allowed(context.path()));
        }
        Response response =
                Accept.html(context.header("Accept")) ? pages.problem(problem, id) : Exchange.toResponse(problem, id);
        response.headers().forEach(context::header);
        context.status(response.status());
        if (response instanceof Response.Whole whole) {
            context.contentType(whole.contentType());
            context.result(whole.body());
        }
        counts.answered(method(context), response.status(), System.nanoTime() - start);
        if (limits.log().lists(response.status(), false, address)) {
            Exchange.log(Level.INFO, wire, response.status(), System.nanoTime() - start, "anonymous", address, id);
        }
    }

    /** Of those that are counted; any other counts like the plainest. */
    private static Method method(Context context) {
        for (Method each : Method.values()) {
            if (each.name().equals(context.method().name())) {
                return each;
            }
        }
        return Method.GET;
    }

    /** A route that names the path itself hides those that take part of it for an id. */
    private String allowed(String path) {
        List<Route> fitting = routes.stream()
                .filter(route -> path.matches(route.path().replaceAll("\\{[^}]+}", "[^/]+")))
                .toList();
        boolean named = fitting.stream().anyMatch(route -> route.path().equals(path));
        return fitting.stream()
                .filter(route -> !named || route.path().equals(path))
                .flatMap(route -> route.method() == Method.GET
                        ? Stream.of("GET", "HEAD")
                        : Stream.of(route.method().name()))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Takes no new connection, lets calls in flight end, interrupts what is left. Idempotent. */
    @Override
    public void close() {
        Javalin running = javalin;
        if (running == null || !calls.stop()) {
            return;
        }
        try {
            for (Connector connector : running.jettyServer().server().getConnectors()) {
                ((ServerConnector) connector).close();
            }
            int left = calls.await(settings.shutdown());
            if (left > 0) {
                LOG.atWarn().addKeyValue("calls", left).log("calls are cut off, the server is stopping");
            }
        } finally {
            running.stop();
            limits.log().close();
        }
    }

    /** Requests that Jetty refuses before any route: a problem instead of a page. */
    private static final class ProtocolErrors extends org.eclipse.jetty.server.handler.ErrorHandler {
        private final boolean tls;

        ProtocolErrors(boolean tls) {
            this.tls = tls;
        }

        @Override
        public boolean errorPageForMethod(String method) {
            return true;
        }

        @Override
        protected void generateResponse(
                org.eclipse.jetty.server.Request request,
                org.eclipse.jetty.server.Response response,
                int status,
                @Nullable String message,
                @Nullable Throwable cause,
                org.eclipse.jetty.util.Callback callback)
                throws IOException {
            Response.Whole problem = (Response.Whole) Exchange.toResponse(
                    Problem.of(
                            status >= 500 && status != HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505
                                    ? ErrorCode.INTERNAL_ERROR
                                    : ErrorCode.INVALID_REQUEST,
                            "The request could not be read"),
                    Exchange.newId(),
                    status,
                    HttpStatus.getMessage(status));
            Headers.decorate(response.getHeaders()::put, tls);
            response.getHeaders().put("Content-Type", problem.contentType());
            response.write(true, java.nio.ByteBuffer.wrap(problem.body()), callback);
        }
    }
}
