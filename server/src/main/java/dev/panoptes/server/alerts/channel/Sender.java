package dev.panoptes.server.alerts.channel;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON. Follows no redirect, reads no more than 64 KiB of an answer, and gives up after ten seconds. The client is
 * made at the first message, so that a server with nothing to tell does not pay for it.
 */
public final class Sender implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration WHOLE = Duration.ofSeconds(10);
    private static final long MOST_BYTES = 64 << 10;
    /** The message itself is at fault: bad request, too large, unprocessable. */
    private static final Set<Integer> REFUSALS = Set.of(400, 413, 422);

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable HttpClient client;

    /** What came back. */
    sealed interface Reply {
        /** @param body cut at 64 KiB @param retryAfter null where none was asked for */
        record Answer(int status, String body, @Nullable Duration retryAfter) implements Reply {}

        record Nothing(String why) implements Reply {}
    }

    Delivery post(URI uri, byte[] json, Map<String, String> headers) throws InterruptedException {
        return delivery(ask(request(uri, json, headers)));
    }

    /** What an answer means for the message. */
    static Delivery delivery(Reply reply) {
        return switch (reply) {
            case Reply.Nothing(String why) -> new Delivery.Failed(why);
            case Reply.Answer answer -> {
                if (answer.status() >= 200 && answer.status() < 300) {
                    yield new Delivery.Sent();
                }
                String why = "the receiver answered " + answer.status();
                yield REFUSALS.contains(answer.status())
                        ? new Delivery.Refused(why)
                        : new Delivery.Failed(why, answer.retryAfter());
            }
        };
    }

    static HttpRequest request(URI uri, byte[] json, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(WHOLE)
                .header("Content-Type", "application/json")
                .header("User-Agent", "panoptes")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json));
        headers.forEach(request::header);
        return request.build();
    }

    Reply ask(HttpRequest request) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client().sendAsync(
                        request,
                        HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            Duration patience = request.timeout().orElse(WHOLE);
            HttpResponse<byte[]> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Reply.Answer(
                    response.statusCode(),
                    new String(response.body(), StandardCharsets.UTF_8),
                    retryAfter(response.headers().firstValue("Retry-After").orElse("")));
        } catch (TimeoutException e) {
            return new Reply.Nothing("no answer within " + WHOLE.toSeconds() + " s");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String detail = cause.getMessage() == null ? "" : ": " + cause.getMessage();
            return new Reply.Nothing(cause.getClass().getSimpleName() + detail);
        } finally {
            answer.cancel(true);
        }
    }

    /** In seconds; the form with a date says less than our own pause and is not read. */
    private static @Nullable Duration retryAfter(String text) {
        return text.strip().matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(text.strip())) : null;
    }

    /** {@code path} below a configured base. */
    static URI below(URI base, String path) {
        String text = base.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }

    private HttpClient client() {
        lock.lock();
        try {
            HttpClient present = client;
            if (present == null) {
                present = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
                client = present;
            }
            return present;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (client != null) {
                client.shutdownNow();
            }
        } finally {
            lock.unlock();
        }
    }
}
