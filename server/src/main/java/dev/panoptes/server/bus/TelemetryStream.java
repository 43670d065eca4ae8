package dev.panoptes.server.bus;

import dev.panoptes.core.telemetry.BatchSignature;
import dev.panoptes.server.auth.ObserverKey;
import dev.panoptes.server.auth.Tokens;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.telemetry.Telemetry;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Takes batches of sensors out of a JetStream stream and answers each after its commit. A batch leaves the stream when it is
 * stored, or can never be; where the server ends between the two it comes again, and the ledger knows it.
 */
final class TelemetryStream {
    static final String STREAM = "PANOPTES_TELEMETRY";
    static final String SUBJECTS = "telemetry.>";
    private static final String STATE_SUBJECT = "telemetry_state";
    private static final Logger LOG = LoggerFactory.getLogger(TelemetryStream.class);
    private static final String DURABLE = "panoptes-telemetry";
    private static final String GROUP = "panoptes";
    private static final String INBOX = "_INBOX.";
    private static final int AT_ONCE = 4;
    private static final Duration FETCH = Duration.ofSeconds(1);
    private static final Duration ACK_WAIT = Duration.ofSeconds(60);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final HexFormat HEX = HexFormat.of();

    private final Telemetry telemetry;
    private final Tokens tokens;
    private final int replicas;
    private final long mostBytes;
    private volatile boolean failed;

    /** @param replicas of the stream in a cluster @param mostBytes when it has these, sensors wait */
    TelemetryStream(Telemetry telemetry, Tokens tokens, int replicas, long mostBytes) {
        this.telemetry = telemetry;
        this.tokens = tokens;
        this.replicas = replicas;
        this.mostBytes = mostBytes;
    }

    /** Whether what sensors send cannot be taken, though NATS is there. */
    boolean failed() {
        return failed;
    }

    /** What kept it from being taken was met. */
    void fails() {
        failed = true;
    }

    /** Until the connection is closed, or this is told to end. */
    void take(Connection made, CountDownLatch closing) throws IOException, JetStreamApiException, InterruptedException {
        JetStreamManagement management = made.jetStreamManagement();
        make(management);
        management.addOrUpdateConsumer(
                STREAM,
                ConsumerConfiguration.builder()
                        .durable(DURABLE)
                        .ackPolicy(AckPolicy.Explicit)
                        .ackWait(ACK_WAIT)
                        .filterSubject(SUBJECTS)
                        .build());
        Dispatcher questions = made.createDispatcher(question -> state(made, question));
        try {
            questions.subscribe(STATE_SUBJECT, GROUP);
            batches(made, closing);
        } finally {
            if (made.getStatus() != Connection.Status.CLOSED) {
                made.closeDispatcher(questions);
            }
        }
    }

    private void batches(Connection made, CountDownLatch closing)
            throws IOException, JetStreamApiException, InterruptedException {
        JetStreamSubscription subscription =
                made.jetStream().subscribe(SUBJECTS, PullSubscribeOptions.bind(STREAM, DURABLE));
        failed = false;
        while (closing.getCount() > 0 && made.getStatus() != Connection.Status.CLOSED) {
            if (made.getStatus() != Connection.Status.CONNECTED) {
                closing.await(TRY_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                continue;
            }
            List<Thread> working = new ArrayList<>();
            for (Message message : subscription.fetch(AT_ONCE, FETCH)) {
                working.add(Thread.ofVirtual().name("telemetry").start(() -> one(made, message)));
            }
            for (Thread thread : working) {
                thread.join();
            }
        }
    }

    /** Work queue: what is taken is gone, and what is there waits for nobody else. */
    private void make(JetStreamManagement management) throws IOException, JetStreamApiException {
        StreamConfiguration wanted = StreamConfiguration.builder()
                .name(STREAM)
                .subjects(SUBJECTS)
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .discardPolicy(DiscardPolicy.New)
                .maxAge(KEPT)
                .maxBytes(mostBytes)
                .replicas(replicas)
                .build();
        try {
            management.addStream(wanted);
        } catch (JetStreamApiException e) {
            // It is there, made by another replica or with other limits.
            management.updateStream(wanted);
        }
    }

    private void one(Connection made, Message message) {
        try {
            ObserverKey observer = sender(message, BatchSignature.BATCH);
            if (observer == null) {
                refuse(made, message, "no token in force of an observer signed it");
                return;
            }
            switch (telemetry.take(observer.host(), message.getData())) {
                case Telemetry.Said.Acknowledged(UUID stream, long number) -> {
                    message.ack();
                    answer(made, answerTo(message), observer, stream, number);
                }
                case Telemetry.Said.Refused(String reason) -> refuse(made, message, reason);
            }
        } catch (RuntimeException e) {
            // It stays in the stream, and the sensor waits.
            LOG.atWarn().setCause(e).log("a batch that came over NATS could not be stored and comes again");
            if (made.getStatus() == Connection.Status.CONNECTED) {
                message.nakWithDelay(TRY_AGAIN);
            }
        }
    }

    /** It is never taken, so it need not come again; the sensor keeps it and says why. */
    private static void refuse(Connection made, Message message, String reason) {
        LOG.atWarn()
                .addKeyValue("subject", message.getSubject())
                .addKeyValue("reason", reason)
                .log("a batch that came over NATS is refused");
        message.term();
        String to = answerTo(message);
        if (to != null) {
            made.publish(to, Json.write(Map.of("refused", reason)));
        }
    }

    /** Somebody who was not answered asks up to where his stream is stored. */
    private void state(Connection made, Message question) {
        try {
            ObserverKey observer = sender(question, BatchSignature.STATE);
            if (observer == null) {
                made.publish(
                        question.getReplyTo(),
                        Json.write(Map.of("refused", "no token in force of an observer signed it")));
                return;
            }
            Object stream = Json.readOwn(new String(question.getData(), StandardCharsets.UTF_8), Map.class)
                    .get("stream");
            UUID id = UUID.fromString(String.valueOf(stream));
            answer(made, question.getReplyTo(), observer, id, telemetry.acknowledged(observer.host(), id));
        } catch (JacksonException | IllegalArgumentException e) {
            LOG.atDebug().setCause(e).log("a question over NATS is none");
        } catch (RuntimeException e) {
            LOG.atDebug().setCause(e).log("a question over NATS cannot be answered now");
        }
    }

    private static void answer(
            Connection made, @Nullable String to, ObserverKey observer, UUID stream, long acknowledged) {
        if (to == null) {
            return;
        }
        byte[] body = Json.write(Map.of("stream", stream.toString(), "acknowledged", acknowledged));
        made.publish(NatsMessage.builder()
                .subject(to)
                .headers(new Headers()
                        .put(
                                BatchSignature.SIGNATURE_HEADER,
                                observer.signature().of(BatchSignature.ANSWER, body)))
                .data(body)
                .build());
    }

    /** Null where it names none; an answer goes to inboxes only, for the name of the subject is the sender's. */
    private static @Nullable String answerTo(Message message) {
        Headers headers = message.getHeaders();
        String to = headers == null ? null : headers.getFirst(BatchSignature.ANSWER_HEADER);
        return to != null && to.startsWith(INBOX) && to.matches("[A-Za-z0-9_.-]{1,200}") ? to : null;
    }

    /** Null where it is nobody's in force. */
    private @Nullable ObserverKey sender(Message message, String kind) {
        Headers headers = message.getHeaders();
        String keyId = headers == null ? null : headers.getFirst(BatchSignature.KEY_HEADER);
        String signature = headers == null ? null : headers.getFirst(BatchSignature.SIGNATURE_HEADER);
        if (keyId == null || signature == null || !keyId.matches("[0-9a-f]{64}")) {
            return null;
        }
        Optional<ObserverKey> observer = tokens.observer(HEX.parseHex(keyId));
        return observer.filter(known -> known.signature().matches(kind, message.getData(), signature))
                .orElse(null);
    }
}
