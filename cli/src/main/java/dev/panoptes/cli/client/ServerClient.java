package dev.panoptes.cli.client;

import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls of one running server. No token leaves this machine in clear, none follows a redirect, and every call ends: in time,
 * and after so many bytes. Several threads may make calls.
 */
public final class ServerClient implements AutoCloseable {
    /** What most answers fit in. */
    public static final int USUAL_ANSWER_BYTES = 16 << 20;

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final int LONGEST_REASON = 200;
    private static final JsonMapper JSON = new JsonMapper();

    private final ServerUrl server;
    private final @Nullable Token token;
    private final HttpClient http;

    /**
     * @param token null: calls are made as nobody in particular
     * @param ca PEM file of the certificates that alone are believed; null: those that this machine believes
     * @throws UsageException where a token would travel in clear, or the certificates cannot be used
     */
    public ServerClient(ServerUrl server, @Nullable Token token, @Nullable Path ca) throws UsageException {
        if (token != null && !server.encrypted() && !server.loopback()) {
            throw new UsageException(
                    "the token would travel in clear to " + server,
                    "Use https, or run the command on the server's host");
        }
        this.server = server;
        this.token = token;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        if (!server.encrypted()) {
            // Not even a proxy that the machine is set up with may see it.
            builder.proxy(HttpClient.Builder.NO_PROXY);
        }
        if (ca != null) {
            builder.sslContext(TrustedCertificates.context(ca));
        } else if (!server.encrypted()) {
            builder.sslContext(TrustedCertificates.none());
        }
        this.http = builder.build();
    }

    private ServerClient(ServerUrl server, Token token, HttpClient http) {
        this.server = server;
        this.token = token;
        this.http = http;
    }

    /** @throws UsageException where there is no token that could be sent */
    public String token() throws UsageException {
        if (token == null) {
            throw new UsageException("there is no token for " + server, "");
        }
        return token.read();
    }

    /** The same server for somebody else. It shares this one's connections, and ends with it. */
    public ServerClient as(Token somebody) {
        return new ServerClient(server, somebody, http);
    }

    /** A GET of something that is answered at once. @param path with its query */
    public Reply get(String path) throws UsageException, InterruptedException {
        return call("GET", path, null, Duration.ofSeconds(30));
    }

    /**
     * @param body JSON; null for none
     * @param patience for everything from the connection to the last byte
     * @throws UsageException where there is no token that could be sent
     */
    public Reply call(String method, String path, byte @Nullable [] body, Duration patience)
            throws UsageException, InterruptedException {
        return call(method, path, body, "application/json", Map.of(), patience).reply();
    }

    /**
     * An answer with its version.
     *
     * @param tag of the field ETag (RFC 9110); null where it has none
     */
    public record Tagged(Reply reply, @Nullable String tag) {}

    /** A GET of something that others may change meanwhile. */
    public Tagged tagged(String path) throws UsageException, InterruptedException {
        return call("GET", path, null, "application/json", Map.of(), Duration.ofSeconds(30));
    }

    /** A write that is refused with 412 where what is there is not of this version any more. */
    public Reply callIf(String tag, String method, String path, byte[] body, Duration patience)
            throws UsageException, InterruptedException {
        return call(method, path, body, "application/json", Map.of("If-Match", tag), patience)
                .reply();
    }

    /** POSTs bytes of another type. @param gzip true where they are compressed so */
    public Reply post(String path, byte[] body, String type, boolean gzip, Duration patience)
            throws UsageException, InterruptedException {
        return call("POST", path, body, type, gzip ? Map.of("Content-Encoding", "gzip") : Map.of(), patience)
                .reply();
    }

    private Tagged call(
            String method,
            String path,
            byte @Nullable [] body,
            String type,
            Map<String, String> headers,
            Duration patience)
            throws UsageException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.at(path))
                .header("Accept", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (body != null) {
            request.header("Content-Type", type);
        }
        headers.forEach(request::header);
        if (token != null) {
            request.header("Authorization", "Bearer " + token.read());
        }
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), USUAL_ANSWER_BYTES));
        try {
            HttpResponse<byte[]> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Tagged(
                    reply(response), response.headers().firstValue("ETag").orElse(null));
        } catch (ExecutionException e) {
            return new Tagged(unreached(e.getCause()), null);
        } catch (TimeoutException e) {
            return new Tagged(
                    new Reply.Unreached(server + " did not answer within " + patience.toSeconds() + " s", ""), null);
        } finally {
            answer.cancel(true);
        }
    }

    private Reply reply(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status >= 300 && status < 400) {
            String target = response.headers().firstValue("Location").orElse("elsewhere");
            return new Reply.Unreached(
                    server + " sends to " + Line.of(target) + ", where no token is taken along",
                    "Give the server's own URL by --server");
        }
        JsonNode body;
        try {
            body = response.body().length == 0 ? JSON.missingNode() : JSON.readTree(response.body());
        } catch (JacksonException e) {
            return stranger(status);
        }
        if (status < 300) {
            return new Reply.Done(status, body);
        }
        String detail = body.path("detail").asString("");
        // A proxy before a server that is down answers too, in its own way.
        return detail.isEmpty() && status < 500
                ? stranger(status)
                : new Reply.Refused(status, reason(body, detail, status), retryAfter(response));
    }

    private Reply.Unreached stranger(int status) {
        return new Reply.Unreached(
                "what answers at " + server + " is not Panoptes (status " + status + ")",
                "Give the server's own URL by --server");
    }

    private static String reason(JsonNode body, String detail, int status) {
        StringBuilder reason = new StringBuilder(detail.isEmpty() ? "status " + status : detail);
        for (JsonNode error : body.path("errors")) {
            String what = error.path("detail").asString("");
            if (reason.indexOf(what) < 0 && reason.length() < LONGEST_REASON) {
                reason.append("; ")
                        .append(error.path("pointer").asString(""))
                        .append(' ')
                        .append(what);
            }
        }
        return Line.of(reason.toString());
    }

    /** In seconds (RFC 9110, section 10.2.3); a date is not understood, and no wait is longer than an hour. */
    private static @Nullable Duration retryAfter(HttpResponse<?> response) {
        String value = response.headers().firstValue("Retry-After").orElse("");
        if (!value.matches("[0-9]{1,9}")) {
            return null;
        }
        Duration wanted = Duration.ofSeconds(Long.parseLong(value));
        return wanted.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wanted;
    }

    private Reply.Unreached unreached(@Nullable Throwable failure) {
        return switch (failure) {
            case SSLHandshakeException e ->
                new Reply.Unreached(
                        "the certificate of " + server + " is not trusted: " + innermost(e),
                        "Give the certificate of its authority by --ca FILE");
            case SSLException e -> new Reply.Unreached(server + " does not speak TLS: " + innermost(e), "");
            case ConnectException e
            when unresolved(e) -> new Reply.Unreached("the name of " + server + " cannot be resolved", "");
            case ConnectException _ ->
                new Reply.Unreached(
                        "no server answers at " + server, server.loopback() ? "Start one: panoptes server" : "");
            case IOException e -> new Reply.Unreached(server + " broke off: " + innermost(e), "");
            case null, default -> throw new IllegalStateException("a call of " + server + " failed", failure);
        };
    }

    private static boolean unresolved(Throwable e) {
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (each instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    private static String innermost(Throwable e) {
        Throwable last = e;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String message = last.getMessage();
        return Line.of(message == null ? last.getClass().getSimpleName().toLowerCase(Locale.ROOT) : message);
    }

    /** JSON as it is sent. */
    public static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    public ServerUrl server() {
        return server;
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
