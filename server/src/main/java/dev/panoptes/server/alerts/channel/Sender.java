package dev.panoptes.server.alerts.channel;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
 * Posts JSON. Follows no redirect, reads no more than the status of an answer, and gives up after ten seconds. The client is
 * made at the first message, so that a server with nothing to tell does not pay for it.
 */
public final class Sender implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration WHOLE = Duration.ofSeconds(10);
    /** The message itself is at fault: bad request, too large, unprocessable. */
    private static final Set<Integer> REFUSALS = Set.of(400, 413, 422);

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable HttpClient client;

    Delivery post(URI uri, byte[] json, Map<String, String> headers) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(WHOLE)
                .header("Content-Type", "application/json")
                .header("User-Agent", "panoptes")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json));
        headers.forEach(request::header);
        CompletableFuture<HttpResponse<Void>> answer =
                client().sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(WHOLE.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            if (status >= 200 && status < 300) {
                return new Delivery.Sent();
            }
            String why = "the receiver answered " + status;
            return REFUSALS.contains(status) ? new Delivery.Refused(why) : new Delivery.Failed(why);
        } catch (TimeoutException e) {
            return new Delivery.Failed("no answer within " + WHOLE.toSeconds() + " s");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String detail = cause.getMessage() == null ? "" : ": " + cause.getMessage();
            return new Delivery.Failed(cause.getClass().getSimpleName() + detail);
        } finally {
            answer.cancel(true);
        }
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
