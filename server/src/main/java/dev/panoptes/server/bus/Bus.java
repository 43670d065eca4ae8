package dev.panoptes.server.bus;

import dev.panoptes.server.health.Component;
import dev.panoptes.server.http.Json;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to NATS. It comes when the server does and comes back by itself; the product works without it meanwhile. */
final class Bus implements AutoCloseable {
    static final String STREAM = "PANOPTES_FINDINGS";
    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
    private static final String DURABLE = "panoptes";
    private static final String GROUP = "panoptes";
    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration FETCH = Duration.ofMillis(500);
    private static final long MOST_BYTES = 1L << 30;
    private static final int BATCH = 200;

    private final BusAddress address;
    private final int replicas;
    private final TelemetryStream telemetry;
    private final Heard heard;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("bus").unstarted(this::live);
    private volatile @Nullable Connection connection;
    private boolean announced;

    /** What comes over it. */
    interface Heard {
        /** How the server is, for those who ask. @param word running or stopped */
        Map<String, ?> status(String word);

        /** An answer to a discovery request. */
        void discovered(byte[] message) throws InterruptedException;

        /** Findings; when this returns they are stored. @param subjects of each, in their order */
        void findings(List<String> subjects, List<byte[]> messages);
    }

    /** @param replicas of each stream in a cluster */
    Bus(BusAddress address, int replicas, TelemetryStream telemetry, Heard heard) {
        this.address = address;
        this.replicas = replicas;
        this.telemetry = telemetry;
        this.heard = heard;
    }

    void start() {
        thread.start();
    }

    Component.State state() {
        Connection present = connection;
        if (present == null) {
            return Component.State.UNKNOWN;
        }
        return present.getStatus() == Connection.Status.CONNECTED && !telemetry.failed()
                ? Component.State.HEALTHY
                : Component.State.UNHEALTHY;
    }

    /** Tells others; false where nobody can be reached now. */
    boolean publish(String subject, Map<String, ?> message) {
        Connection present = connection;
        if (present == null || present.getStatus() != Connection.Status.CONNECTED) {
            return false;
        }
        present.publish(subject, Json.write(new LinkedHashMap<>(message)));
        return true;
    }

    private void live() {
        try {
            while (closing.getCount() > 0) {
                try {
                    Connection made = connect();
                    try {
                        connection = made;
                        listen(made);
                        if (!announced) {
                            announced = publish("system.started", heard.status("running"));
                        }
                        Thread taking = Thread.ofVirtual().name("bus-telemetry").start(() -> takeTelemetry(made));
                        try {
                            takeFindings(made);
                        } finally {
                            taking.interrupt();
                        }
                    } finally {
                        made.close();
                    }
                } catch (IOException | JetStreamApiException e) {
                    LOG.atDebug().setCause(e).log("waiting for NATS");
                } catch (IllegalStateException e) {
                    LOG.atDebug().setCause(e).log("the connection to NATS is closed");
                } catch (RuntimeException e) {
                    LOG.atWarn().setCause(e).log("what came over NATS could not be stored and comes again");
                }
                closing.await(TRY_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Connection connect() throws IOException, InterruptedException {
        Options.Builder options = address.options()
                .reconnectWait(TRY_AGAIN)
                .maxReconnects(-1)
                .connectionListener(Bus::changed)
                .errorListener(new ErrorListener() {
                    @Override
                    public void errorOccurred(Connection of, String error) {
                        LOG.atWarn().addKeyValue("error", error).log("NATS refuses something");
                    }
                });
        return Nats.connect(options.build());
    }

    private static void changed(Connection of, ConnectionListener.Events event) {
        LOG.atInfo().addKeyValue("event", event).log("nats");
    }

    private void listen(Connection made) {
        Dispatcher answers = made.createDispatcher(message -> {
            try {
                heard.discovered(message.getData());
            } catch (RuntimeException e) {
                LOG.atDebug().setCause(e).log("an answer over NATS could not be stored");
            }
        });
        answers.subscribe("agent.discovery.response", GROUP);
        Dispatcher status = made.createDispatcher(message -> {
            String to = message.getReplyTo();
            if (to != null) {
                made.publish(to, Json.write(heard.status("running")));
            }
        });
        status.subscribe("system.status", GROUP);
    }

    /** Until the connection is closed; again after whatever goes wrong meanwhile. */
    private void takeTelemetry(Connection made) {
        try {
            while (closing.getCount() > 0 && made.getStatus() != Connection.Status.CLOSED) {
                try {
                    telemetry.take(made, closing);
                } catch (IOException | JetStreamApiException | IllegalStateException e) {
                    if (closing.getCount() == 0 || made.getStatus() == Connection.Status.CLOSED) {
                        return;
                    }
                    if (!telemetry.failed()) {
                        LOG.atWarn().setCause(e).log("what sensors send over NATS cannot be taken");
                    }
                    telemetry.fails();
                }
                closing.await(TRY_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until the connection is closed. With JetStream, so that what comes while nobody listens is there afterwards. */
    private void takeFindings(Connection made) throws IOException, JetStreamApiException, InterruptedException {
        JetStreamManagement management = made.jetStreamManagement();
        try {
            stream(management);
        } catch (IOException | JetStreamApiException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("this NATS server has no JetStream: findings that come while no server listens are lost");
            takeAsTheyCome(made);
            return;
        }
        management.addOrUpdateConsumer(
                STREAM,
                ConsumerConfiguration.builder()
                        .durable(DURABLE)
                        .ackPolicy(AckPolicy.Explicit)
                        .ackWait(Duration.ofSeconds(30))
                        .filterSubject("findings.>")
                        .build());
        JetStream jet = made.jetStream();
        JetStreamSubscription subscription = jet.subscribe("findings.>", PullSubscribeOptions.bind(STREAM, DURABLE));
        while (closing.getCount() > 0) {
            if (made.getStatus() == Connection.Status.CLOSED) {
                return;
            }
            if (made.getStatus() != Connection.Status.CONNECTED) {
                closing.await(TRY_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                continue;
            }
            List<Message> batch = subscription.fetch(BATCH, FETCH);
            if (!batch.isEmpty()) {
                heard.findings(
                        batch.stream().map(Message::getSubject).toList(),
                        batch.stream().map(Message::getData).toList());
                batch.forEach(Message::ack);
            }
        }
    }

    private void takeAsTheyCome(Connection made) throws InterruptedException {
        Dispatcher findings = made.createDispatcher(message -> {
            try {
                heard.findings(List.of(message.getSubject()), List.of(message.getData()));
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("a finding that came over NATS could not be stored and is lost");
            }
        });
        findings.subscribe("findings.>", GROUP);
        while (closing.getCount() > 0 && made.getStatus() != Connection.Status.CLOSED) {
            closing.await(TRY_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** What was published is in a buffer until somebody sees to it. */
    private void flush() {
        Connection present = connection;
        try {
            if (present != null) {
                present.flush(TRY_AGAIN);
            }
        } catch (TimeoutException e) {
            LOG.atDebug().setCause(e).log("NATS does not take the last word");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stream(JetStreamManagement management) throws IOException, JetStreamApiException {
        StreamConfiguration wanted = StreamConfiguration.builder()
                .name(STREAM)
                .subjects("findings.>")
                .retentionPolicy(RetentionPolicy.Limits)
                .maxAge(KEPT)
                .maxBytes(MOST_BYTES)
                .replicas(replicas)
                .build();
        try {
            management.addStream(wanted);
        } catch (JetStreamApiException e) {
            // It is there, made by another replica or by an earlier release with other limits.
            management.updateStream(wanted);
        }
    }

    @Override
    public void close() {
        if (publish("system.stopped", heard.status("stopped"))) {
            flush();
        }
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
