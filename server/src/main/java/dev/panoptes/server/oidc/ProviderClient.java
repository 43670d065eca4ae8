package dev.panoptes.server.oidc;

import dev.panoptes.core.IoReason;
import dev.panoptes.core.TrustedPem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls the provider: no redirect is followed, no more than 256 KiB of an answer is read, and five seconds are enough for all
 * of it. Thread-safe; made at the first call, so that a server whose people have passwords does not pay for it.
 */
final class ProviderClient implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long MOST_BYTES = 256 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final @Nullable Path ca;
    private @Nullable HttpClient client;

    /** @param ca null: what the machine believes */
    ProviderClient(@Nullable Path ca) {
        this.ca = ca;
    }

    record Answer(int status, byte[] body) {}

    /** The body of a good answer. @param what it is, for the sentence */
    byte[] get(URI url, Map<String, String> headers, String what) throws ProviderFailure, InterruptedException {
        Answer answer = send(HttpRequest.newBuilder(url).GET(), headers, what);
        if (answer.status() != 200) {
            throw new ProviderFailure(what + " (" + url + ") was answered with " + answer.status());
        }
        return answer.body();
    }

    /** @param form percent-encoded already */
    Answer post(URI url, String form, Map<String, String> headers, String what)
            throws ProviderFailure, InterruptedException {
        return send(
                HttpRequest.newBuilder(url)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)),
                headers,
                what);
    }

    private Answer send(HttpRequest.Builder request, Map<String, String> headers, String what)
            throws ProviderFailure, InterruptedException {
        request.timeout(PATIENCE).header("User-Agent", "panoptes");
        headers.forEach(request::header);
        CompletableFuture<HttpResponse<byte[]>> answer = client().sendAsync(
                        request.build(),
                        HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            HttpResponse<byte[]> response = answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.body());
        } catch (TimeoutException e) {
            throw late(what, e);
        } catch (ExecutionException e) {
            // The request's own limit is as long: which of the two ends it is chance.
            if (e.getCause() instanceof HttpTimeoutException) {
                throw late(what, e);
            }
            throw new ProviderFailure(what + " cannot be had: " + reason(e.getCause()), e);
        } finally {
            answer.cancel(true);
        }
    }

    private static ProviderFailure late(String what, Exception cause) {
        return new ProviderFailure(what + " did not come within " + PATIENCE.toSeconds() + " s", cause);
    }

    private static String reason(@Nullable Throwable cause) {
        return cause instanceof IOException io ? IoReason.of(io) : String.valueOf(cause);
    }

    private HttpClient client() throws ProviderFailure {
        lock.lock();
        try {
            HttpClient present = client;
            if (present == null) {
                HttpClient.Builder builder = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(PATIENCE)
                        .followRedirects(HttpClient.Redirect.NEVER);
                if (ca != null) {
                    builder.sslContext(TrustedPem.context(ca));
                }
                present = builder.build();
                client = present;
            }
            return present;
        } catch (IOException e) {
            throw new ProviderFailure(String.valueOf(e.getMessage()), e);
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
