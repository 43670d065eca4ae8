package dev.panoptes.server.http;

import dev.panoptes.server.storage.DatabaseUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One call from its first byte to its log line: who, may they, how often, then the route's handler. */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger("dev.panoptes.server.http");
    private static final int PART = 64 << 10;
    private static final Duration LONGEST_BODY = Duration.ofSeconds(30);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

    private final Wire wire;
    private final Route route;
    private final HttpSettings settings;
    private final Authenticator authenticator;
    private final Limits limits;
    private final Calls calls;
    private final CallCounts counts;
    private final Pages pages;
    private final boolean browser;
    /** Where the caller is, behind proxies that are trusted. */
    private final String address;
    /** Whether its client speaks TLS with a proxy that is trusted. */
    private final boolean tlsBefore;

    /** Refused without a look at its token. */
    private boolean unseen;

    private final String id = newId();
    private final long start = System.nanoTime();
    /** Until a stream began; negative for any other answer. */
    private long took = -1;

    private Principal caller = new Principal.Anonymous();
    /** At a token of which the route itself finds out whether it still holds; null for any other. */
    private Refusals.@Nullable Look claim;

    Exchange(
            Wire wire,
            Route route,
            HttpSettings settings,
            Authenticator authenticator,
            Limits limits,
            Calls calls,
            CallCounts counts,
            Pages pages) {
        this.pages = pages;
        this.address = limits.addresses().of(wire);
        this.tlsBefore = limits.addresses().isTls(wire);
        this.browser = route.page() != null && Accept.html(wire.header("Accept"));
        this.wire = wire;
        this.route = route;
        this.settings = settings;
        this.authenticator = authenticator;
        this.limits = limits;
        this.calls = calls;
        this.counts = counts;
    }

    void run() {
        int status = 500;
        calls.begin();
        // The handler's end is not the answer's: Jetty writes it afterwards, and a stop has to wait for that.
        wire.whenAnswered(calls::answered);
        try {
            if (calls.stopping()) {
                wire.answerHeader("Connection", "close");
            }
            status = write(answer());
        } finally {
            calls.end();
            counts.answered(route.method(), status, took >= 0 ? took : System.nanoTime() - start);
            if (limits.log().lists(status, unseen, address)) {
                Level level = route.often() && status < 400 ? Level.DEBUG : Level.INFO;
                log(level, wire, status, System.nanoTime() - start, caller.name(), address, id);
            }
        }
    }

    /** One line for every call, whether a route answers it or none. */
    static void log(Level level, Wire wire, int status, long nanos, String caller, String address, String id) {
        LOG.atLevel(level)
                .addKeyValue("method", wire.method())
                .addKeyValue("path", wire.path())
                .addKeyValue("status", status)
                .addKeyValue("ms", nanos / 1_000_000)
                .addKeyValue("caller", caller)
                .addKeyValue("address", address)
                .addKeyValue("request", id)
                .log("http");
    }

    static String newId() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private Response answer() {
        try {
            return routed();
        } catch (ProblemException e) {
            return response(e.problem());
        } catch (DatabaseUnavailable e) {
            LOG.atWarn().setCause(e).addKeyValue("request", id).log("the database is not available");
            return response(unavailable(e.why()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return response(Problem.later(ErrorCode.UNAVAILABLE, "The server is stopping", TRY_AGAIN));
        } catch (RuntimeException | Error e) {
            // Also what the machine throws, such as where the stack was not deep enough: nobody else would tell of it.
            LOG.atError().setCause(e).addKeyValue("request", id).log("a call failed");
            return response(Problem.of(
                    ErrorCode.INTERNAL_ERROR,
                    "This is a defect of Panoptes; its log names it by the request id " + id));
        } finally {
            if (claim != null) {
                claim.close();
            }
        }
    }

    private Response routed() throws InterruptedException {
        try {
            caller = authenticate();
            limit(rateKey());
            Request request = request();
            Access.Verdict verdict = route.access().judge(caller, route.method(), settings.anonymousRead());
            Optional<Response> elsewhere = elsewhere(verdict);
            if (elsewhere.isPresent()) {
                return elsewhere.get();
            }
            authorize(verdict, request);
            Handler page = route.page();
            Response response = (browser && page != null ? page : route.handler()).handle(request);
            if (claim != null) {
                claim.right();
            }
            return response;
        } catch (ProblemException e) {
            throw refused(e.problem()).exception();
        }
    }

    private static Problem unavailable(DatabaseUnavailable.Why why) {
        return switch (why) {
            case AWAY ->
                Problem.later(
                        ErrorCode.UNAVAILABLE,
                        "The database cannot be reached right now; nothing was changed",
                        TRY_AGAIN);
            case FULL ->
                Problem.later(
                        ErrorCode.RESOURCE_ERROR,
                        "The disk of the database is full; nothing was changed. Make room, then try again",
                        TRY_AGAIN);
            case UNCERTAIN ->
                Problem.later(
                        ErrorCode.UNAVAILABLE,
                        "The database went away while this was being written; look whether it was before trying again",
                        TRY_AGAIN);
        };
    }

    /** An open route asks nobody: whatever stale token a caller has does not shut it out. */
    private Principal authenticate() {
        if (route.access() instanceof Access.Open) {
            return caller;
        }
        Optional<String> token = Optional.ofNullable(wire.header("Authorization"))
                .or(() -> Optional.ofNullable(wire.header("X-API-Key")));
        if (token.isEmpty()) {
            return authenticator.authenticate(credentials());
        }
        Refusals.Look look = limits.refusals().look(addressKey(), token.get()).orElse(null);
        if (look == null) {
            unseen = true;
            throw Problem.later(ErrorCode.RATE_LIMITED, "Too many wrong tokens came from this address", TRY_AGAIN)
                    .exception();
        }
        try {
            Principal found = authenticate(look);
            if (found instanceof Principal.Claimed) {
                claim = look;
            } else {
                look.right();
            }
            return found;
        } catch (ProblemException e) {
            // Guessing is limited like anonymous calling.
            look.wrong(e.problem());
            limit(addressKey());
            throw e;
        } finally {
            if (claim == null) {
                look.close();
            }
        }
    }

    private Principal authenticate(Refusals.Look look) {
        Optional<Problem> before = look.refusedBefore();
        if (before.isPresent()) {
            throw before.get().exception();
        }
        return route.asksItself() ? authenticator.claimed(credentials()) : authenticator.authenticate(credentials());
    }

    /** Who claims to be an agent is told what is wrong with the call only where that is so, like everybody else. */
    private Problem refused(Problem problem) {
        if (claim == null || problem.code() == ErrorCode.RATE_LIMITED) {
            return problem;
        }
        try {
            if (problem.code() == ErrorCode.AUTHENTICATION_ERROR) {
                throw problem.exception();
            }
            authenticator.authenticate(credentials());
            return problem;
        } catch (ProblemException e) {
            claim.wrong(e.problem());
            return limited().orElse(e.problem());
        }
    }

    private Optional<Problem> limited() {
        try {
            limit(addressKey());
            return Optional.empty();
        } catch (ProblemException e) {
            return Optional.of(e.problem());
        }
    }

    private Authenticator.Credentials credentials() {
        return new Authenticator.Credentials() {
            @Override
            public Optional<String> header(String name) {
                return Optional.ofNullable(wire.header(name));
            }

            @Override
            public Optional<String> cookie(String name) {
                return Optional.ofNullable(wire.cookie(name));
            }

            @Override
            public String address() {
                return address;
            }
        };
    }

    private String rateKey() {
        return switch (caller) {
            case Principal.Anonymous() -> addressKey();
            case Principal.Person person -> "person:" + person.id();
            case Principal.Token token -> "token:" + token.id();
            case Principal.Observer observer -> "token:" + observer.id();
            case Principal.Local local -> "local:" + local.name();
            case Principal.Agent agent -> "agent:" + agent.id();
            case Principal.Claimed claimed -> "agent:" + claimed.id();
            case Principal.Enrollee enrollee -> "enrollment:" + enrollee.id();
        };
    }

    private String addressKey() {
        return ClientAddress.key(address);
    }

    private void limit(String key) {
        Optional<Duration> wait = limits.rates().take(key);
        if (wait.isPresent()) {
            throw Problem.later(
                            ErrorCode.RATE_LIMITED,
                            "More than " + settings.requestsPerSecond() + " requests in a second",
                            wait.get())
                    .exception();
        }
    }

    /** A browser is led to where it can become somebody. */
    private Optional<Response> elsewhere(Access.Verdict verdict) {
        if (!browser) {
            return Optional.empty();
        }
        return switch (verdict) {
            case UNKNOWN_CALLER ->
                Optional.of(Response.redirect(
                        Pages.LOGIN + "?next=" + URLEncoder.encode(wire.path(), StandardCharsets.UTF_8)));
            case PASSWORD_FIRST -> Optional.of(Response.redirect(Pages.PASSWORD));
            case ALLOWED, FORBIDDEN -> Optional.empty();
        };
    }

    private void authorize(Access.Verdict verdict, Request request) {
        switch (verdict) {
            case ALLOWED -> {}
            case UNKNOWN_CALLER ->
                throw Problem.of(ErrorCode.AUTHENTICATION_ERROR, "Log in, or send a token as Authorization: Bearer")
                        .exception();
            case FORBIDDEN ->
                throw Problem.of(ErrorCode.PERMISSION_DENIED, "Your role does not allow this")
                        .exception();
            case PASSWORD_FIRST ->
                throw Problem.of(
                                ErrorCode.PASSWORD_CHANGE_REQUIRED,
                                "Replace the one-time password first: PUT /api/v1/session/password")
                        .exception();
        }
        boolean open = route.access() instanceof Access.Open;
        if (!open && route.method().writes() && caller instanceof Principal.Person person) {
            String sent = route.form() ? request.form().get("csrf_token") : wire.header("X-CSRF-Token");
            if (sent == null || !same(sent, person.csrfToken())) {
                throw Problem.of(
                                ErrorCode.PERMISSION_DENIED,
                                "A call of a session that changes something needs its X-CSRF-Token")
                        .exception();
            }
        }
    }

    private static boolean same(String one, String other) {
        return java.security.MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private Request request() {
        return new Request(
                id,
                route.method(),
                wire.path(),
                address,
                rateKey(),
                wire.localPort(),
                tlsBefore,
                caller,
                wire.pathParameters(),
                wire.query(),
                wire::header,
                wire::cookie,
                this::body,
                this::stillAllowed);
    }

    private boolean stillAllowed() {
        if (route.access() instanceof Access.Open) {
            return true;
        }
        try {
            Principal now = authenticator.authenticateAgain(credentials());
            return route.access().judge(now, route.method(), settings.anonymousRead()) == Access.Verdict.ALLOWED;
        } catch (ProblemException e) {
            return false;
        }
    }

    private byte[] body() {
        int most = route.longestBodyBytes();
        if (wire.contentLength() > most) {
            throw tooLarge(most);
        }
        try {
            return read(wire.body(), most, wire.contentLength());
        } catch (IOException e) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The body ended before it was complete")
                    .exception();
        }
    }

    /** Against a deadline for the whole body: a byte now and then must not hold a connection for ever. */
    private static byte[] read(InputStream in, int most, long announced) throws IOException {
        long end = System.nanoTime() + LONGEST_BODY.toNanos();
        // What is announced may never come: room for all of it is made when the first part is there.
        byte[] all = new byte[announced < 0 ? PART : Math.clamp(announced, 1, PART)];
        int size = 0;
        while (true) {
            int read = size < all.length ? in.read(all, size, all.length - size) : in.read();
            if (read < 0) {
                return size == all.length ? all : Arrays.copyOf(all, size);
            }
            if (size < all.length) {
                size += read;
            } else {
                all = Arrays.copyOf(all, announced > size ? Math.toIntExact(announced) : 2 * size);
                all[size++] = (byte) read;
            }
            if (size > most) {
                throw tooLarge(most);
            }
            if (System.nanoTime() > end) {
                throw Problem.of(ErrorCode.INVALID_REQUEST, "The body came too slowly")
                        .exception();
            }
        }
    }

    private static ProblemException tooLarge(int most) {
        return Problem.of(ErrorCode.TOO_LARGE, "The body may have at most " + most + " bytes")
                .exception();
    }

    private Response response(Problem problem) {
        return browser ? pages.problem(problem, id) : toResponse(problem, id);
    }

    static Response toResponse(Problem problem, String id) {
        return toResponse(problem, id, problem.code().status(), problem.code().title());
    }

    /** @param status of the answer, which the problem repeats (RFC 9457, section 3.1.2) */
    static Response toResponse(Problem problem, String id, int status, String title) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "urn:panoptes:problem:" + problem.code().id());
        body.put("title", title);
        body.put("status", status);
        body.put("detail", problem.detail());
        // What clients of the older programs look for.
        body.put("message", problem.detail());
        body.put("instance", "urn:panoptes:request:" + id);
        body.put("code", problem.code().id());
        if (!problem.errors().isEmpty()) {
            body.put("errors", problem.errors());
        }
        Response response = new Response.Whole(status, "application/problem+json", Json.write(body), Map.of());
        if (problem.code() == ErrorCode.AUTHENTICATION_ERROR) {
            response = response.header("WWW-Authenticate", "Bearer");
        }
        Duration retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            response = response.header("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        return response;
    }

    private int write(Response response) {
        wire.status(response.status());
        wire.decorate(settings.tls() != null);
        if (route.page() != null) {
            wire.answerHeader("Vary", "Accept");
        }
        response.headers().forEach(wire::answerHeader);
        switch (response) {
            case Response.Whole(int _, String type, byte[] body, Map<String, String> _) -> {
                if (!type.isEmpty()) {
                    wire.answer(type, body);
                }
            }
            case Response.Streamed(int _, String type, Response.Writer writer, Map<String, String> _) -> {
                if (wire.method().equals("HEAD")) {
                    wire.answerHeader("Content-Type", type);
                    writer.headOnly();
                } else {
                    stream(type, writer);
                }
            }
        }
        return response.status();
    }

    private void stream(String type, Response.Writer writer) {
        calls.streams();
        // How long somebody listens says nothing about how fast the server is.
        took = System.nanoTime() - start;
        try {
            OutputStream out = wire.stream(type);
            writer.write(out);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).addKeyValue("request", id).log("the caller is gone, or takes nothing");
        } catch (InterruptedException e) {
            LOG.atDebug().addKeyValue("request", id).log("a stream is told to end");
        } catch (RuntimeException e) {
            // The head is sent, so no problem can be told; the caller comes back to where it was.
            LOG.atWarn().setCause(e).addKeyValue("request", id).log("a stream broke off");
        } finally {
            if (Thread.interrupted()) {
                // The answer's last bytes are still to be written, which an interrupted thread cannot do.
                LOG.atDebug().addKeyValue("request", id).log("a stream ends");
            }
        }
    }
}
