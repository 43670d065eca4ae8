package dev.panoptes.sensors.forward;

import dev.panoptes.core.telemetry.BatchSignature;
import dev.panoptes.sensors.spool.Batch;
import io.nats.client.AuthHandler;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hands batches to the server through a JetStream stream of NATS, under {@code telemetry.<host>.<sensor>}. That the stream has a
 * batch is not that it is kept: NATS writes to disk later. Kept is what the server says that its database has, signed with the
 * token of both. What was not answered is asked for before it is sent again.
 */
public final class JetStreamPublisher implements Publisher, AutoCloseable {
    /** What the server that takes it out must have made. */
    public static final String STREAM = "PANOPTES_TELEMETRY";

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration STORED = Duration.ofSeconds(10);
    private static final Duration ASKED = Duration.ofSeconds(5);
    /** Longer than the two minutes in which the stream knows a message again. */
    private static final Duration LOST = Duration.ofMinutes(5);

    private static final JsonMapper JSON = new JsonMapper();
    private static final int STREAM_FULL = 10_077;
    private static final String STATE_SUBJECT = "telemetry_state";

    private final Where where;
    private final String host;
    private final Supplier<String> token;
    private final LongSupplier nanos;
    private final Duration patience;
    private final ReentrantLock connecting = new ReentrantLock();
    private final Map<String, CompletableFuture<Message>> awaited = new ConcurrentHashMap<>();
    private final Map<UUID, Pending> pending = new ConcurrentHashMap<>();
    private volatile @Nullable Line line;

    /**
     * Where NATS is.
     *
     * @param url {@code nats://} or {@code tls://}; names and passwords may stand in it
     * @param credentials a file of a user's token and seed; null for none
     * @param trusted who alone is believed to be the server; null: whom the machine believes
     */
    public record Where(
            String url,
            @Nullable Path credentials,
            @Nullable SSLContext trusted) {
        /** Without what may be secret in it. */
        @Override
        public String toString() {
            return masked(url);
        }
    }

    private static String masked(String text) {
        return text.replaceAll("//[^/@]*@", "//***@");
    }

    private record Line(Connection connection, String inbox) {}

    /** What the stream has and the server has not answered. */
    private record Pending(long last, long since, String awaits, CompletableFuture<Message> answer) {}

    /**
     * @param host what this host calls itself, for the subject only: who it is says the token
     * @param token read anew for every batch; throws {@link IllegalStateException} with the reason where there is none
     * @param nanos a clock that only goes forward
     * @param patience how long the server may take for a batch before something else is tried
     */
    public JetStreamPublisher(Where where, String host, Supplier<String> token, LongSupplier nanos, Duration patience) {
        this.where = where;
        this.host = word(host);
        this.token = token;
        this.nanos = nanos;
        this.patience = patience;
    }

    /** A part of a subject has neither dots nor blanks nor wildcards. */
    private static String word(String text) {
        String word = text.replaceAll("[^A-Za-z0-9_-]", "_");
        return word.isEmpty() ? "unknown" : word;
    }

    @Override
    public Answer publish(UUID stream, String sensor, Batch batch, long appended) throws InterruptedException {
        try {
            BatchSignature signature = BatchSignature.ofToken(token.get());
            Line there = line();
            Pending before = pending.get(stream);
            if (before != null) {
                Answer still = waiting(there, signature, stream, before, batch);
                if (still != null) {
                    return still;
                }
            }
            return send(there, signature, stream, sensor, batch, appended);
        } catch (IllegalStateException e) {
            return new Answer.Later(String.valueOf(e.getMessage()), null);
        } catch (AuthenticationException e) {
            return new Answer.Later("NATS at " + where + " refuses the credentials", null);
        } catch (IOException e) {
            // Its own words name the address with what is secret in it.
            String reason = masked(String.valueOf(e.getMessage()));
            return new Answer.Later(
                    reason.contains("Authorization Violation")
                            ? "NATS at " + where + " refuses the credentials"
                            : "NATS at " + where + " cannot be reached: " + reason,
                    null);
        }
    }

    private Answer send(Line there, BatchSignature signature, UUID stream, String sensor, Batch batch, long appended)
            throws IOException, InterruptedException {
        byte[] body = BatchBody.gzip(stream, sensor, batch, appended);
        if (body.length > there.connection().getMaxPayload() - 1_024) {
            return new Answer.TooLarge();
        }
        String awaits = there.inbox() + UUID.randomUUID();
        CompletableFuture<Message> answer = new CompletableFuture<>();
        awaited.put(awaits, answer);
        boolean kept = false;
        try {
            Headers headers = headers(signature, BatchSignature.BATCH, body).put(BatchSignature.ANSWER_HEADER, awaits);
            PublishOptions.Builder options = PublishOptions.builder().expectedStream(STREAM);
            if (!batch.isEmpty()) {
                // The same batch again, for nobody knows whether it arrived, is one message.
                options.messageId(stream + ":" + batch.first() + ":" + batch.count() + ":"
                        + Integer.toHexString(batch.lost().hashCode()));
            }
            PublishAck stored = there.connection()
                    .jetStream(JetStreamOptions.builder().requestTimeout(STORED).build())
                    .publish(
                            NatsMessage.builder()
                                    .subject("telemetry." + host + "." + word(sensor))
                                    .headers(headers)
                                    .data(body)
                                    .build(),
                            options.build());
            if (stored.hasError()) {
                return new Answer.Later("NATS does not take it: " + stored.getError(), null);
            }
            Message said = await(answer, patience);
            if (said != null) {
                return said(said, signature, stream);
            }
            if (!batch.isEmpty()) {
                kept = true;
                pending.put(stream, new Pending(batch.last(), nanos.getAsLong(), awaits, answer));
            }
            return new Answer.Later("no server has taken it from NATS yet", null);
        } catch (JetStreamApiException e) {
            return new Answer.Later(
                    e.getApiErrorCode() == STREAM_FULL
                                    || String.valueOf(e.getMessage()).contains("maximum")
                            ? "the stream of NATS is full"
                            : "NATS does not take it: " + e.getMessage(),
                    null);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("503")) {
                return new Answer.Later(
                        "NATS at " + where + " has no stream for telemetry: a server makes it when it starts", null);
            }
            throw e;
        } finally {
            if (!kept) {
                awaited.remove(awaits);
            }
        }
    }

    /** What is to be said while a batch is not answered; null where the next one may be sent. */
    private @Nullable Answer waiting(Line there, BatchSignature signature, UUID stream, Pending before, Batch batch)
            throws InterruptedException {
        Message said = await(before.answer(), Duration.ofMillis(1));
        byte[] question = JSON.createObjectNode()
                .put("stream", stream.toString())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        if (said == null) {
            said = there.connection()
                    .request(
                            NatsMessage.builder()
                                    .subject(STATE_SUBJECT)
                                    .headers(headers(signature, BatchSignature.STATE, question))
                                    .data(question)
                                    .build(),
                            ASKED);
        }
        if (said == null || said.isStatusMessage()) {
            return new Answer.Later("no server takes events from NATS now", null);
        }
        Answer answer = said(said, signature, stream);
        boolean done = number(answer) >= before.last();
        boolean lost = nanos.getAsLong() - before.since() > LOST.toNanos();
        boolean refused = answer instanceof Answer.Refused;
        if (done || lost || refused) {
            pending.remove(stream, before);
            awaited.remove(before.awaits());
            return done && number(answer) >= batch.last() ? answer : null;
        }
        return answer instanceof Answer.Kept ? new Answer.Later("no server has taken it from NATS yet", null) : answer;
    }

    private static long number(Answer answer) {
        return answer instanceof Answer.Kept(long number) ? number : -1;
    }

    /** Only an answer that is signed makes the spool forget. */
    private static Answer said(Message message, BatchSignature signature, UUID stream) {
        byte[] body = message.getData();
        JsonNode answer;
        try {
            answer = JSON.readTree(body);
        } catch (JacksonException e) {
            return new Answer.Later("the server's answer is none", null);
        }
        if (answer.path("refused").isString()) {
            return new Answer.Refused(answer.path("refused").asString());
        }
        Headers headers = message.getHeaders();
        String signed = headers == null ? null : headers.getFirst(BatchSignature.SIGNATURE_HEADER);
        if (signed == null
                || !signature.matches(BatchSignature.ANSWER, body, signed)
                || !answer.path("acknowledged").isIntegralNumber()
                || !stream.toString().equals(answer.path("stream").asString(""))) {
            return new Answer.Later("an answer over NATS is not the server's", null);
        }
        return new Answer.Kept(answer.path("acknowledged").asLong());
    }

    private static Headers headers(BatchSignature signature, String kind, byte[] body) {
        return new Headers()
                .put(BatchSignature.KEY_HEADER, signature.keyId())
                .put(BatchSignature.SIGNATURE_HEADER, signature.of(kind, body));
    }

    private static @Nullable Message await(CompletableFuture<Message> answer, Duration patience)
            throws InterruptedException {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody fails it", e);
        }
    }

    private Line line() throws IOException, InterruptedException {
        connecting.lockInterruptibly();
        try {
            Line there = line;
            if (there != null && there.connection().getStatus() == Connection.Status.CONNECTED) {
                return there;
            }
            if (there != null) {
                // A new one rather than one that may be anywhere: what it did not send is sent again anyway.
                line = null;
                there.connection().close();
            }
            Connection made = connect();
            String inbox = made.createInbox() + ".";
            Dispatcher dispatcher = made.createDispatcher(message -> {
                CompletableFuture<Message> answer = awaited.get(message.getSubject());
                if (answer != null) {
                    answer.complete(message);
                }
            });
            dispatcher.subscribe(inbox + "*");
            line = new Line(made, inbox);
            return new Line(made, inbox);
        } finally {
            connecting.unlock();
        }
    }

    /** The client would only say that it cannot connect with a file that holds neither. */
    private static AuthHandler user(Path credentials) {
        AuthHandler user = Nats.credentials(credentials.toString());
        boolean whole;
        try {
            char[] token = user.getJWT();
            whole = token != null && token.length > 0 && user.getID() != null;
        } catch (RuntimeException e) {
            whole = false;
        }
        if (!whole) {
            throw new IllegalStateException(
                    "the credentials for NATS, " + credentials + ", hold no token and seed of a user");
        }
        return user;
    }

    private Connection connect() throws IOException, InterruptedException {
        Options.Builder options = new Options.Builder()
                .server(where.url())
                .connectionName("panoptes-sensor")
                .connectionTimeout(CONNECT)
                // Whatever goes wrong is said once, by who sends; the client's own listener would print it.
                .errorListener(new ErrorListener() {})
                .noReconnect();
        SSLContext trusted = where.trusted();
        if (trusted != null) {
            options.sslContext(trusted);
        }
        Path credentials = where.credentials();
        if (credentials != null) {
            if (!Files.isReadable(credentials)) {
                throw new IllegalStateException("the credentials for NATS, " + credentials + ", cannot be read");
            }
            options.authHandler(user(credentials));
        }
        return Nats.connect(options.build());
    }

    @Override
    public void close() {
        Line there = line;
        if (there != null) {
            try {
                there.connection().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
