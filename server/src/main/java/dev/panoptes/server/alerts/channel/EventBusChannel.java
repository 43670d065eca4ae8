package dev.panoptes.server.alerts.channel;

import dev.panoptes.server.http.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The event bus, told of starts and scans: {@code POST /publish} with event_type, source and data. One that does not know that
 * knows the older {@code POST /events} with source_agent, action, target and details; from then on that is used.
 */
public final class EventBusChannel implements Channel {
    public static final String NAME = "event_bus";

    private static final String SOURCE = "PANOPTES";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Sender sender;
    private final URI publish;
    private final URI events;
    private final URI health;
    private volatile boolean older;

    /** @param base of the event bus */
    public EventBusChannel(Sender sender, URI base) {
        this.sender = sender;
        this.publish = Sender.below(base, "/publish");
        this.events = Sender.below(base, "/events");
        this.health = Sender.below(base, "/health");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean takes(Message.Kind kind) {
        return kind == Message.Kind.EVENT;
    }

    @Override
    public Delivery send(Message message, String id) throws InterruptedException {
        if (!older) {
            Sender.Reply reply = sender.ask(Sender.request(publish, Json.write(published(message)), Map.of()));
            if (!(reply instanceof Sender.Reply.Answer answer && isUnknown(answer.status()))) {
                return Sender.delivery(reply);
            }
        }
        Sender.Reply reply = sender.ask(Sender.request(events, Json.write(event(message)), Map.of()));
        // Where neither is known nothing is learnt: the bus may be starting.
        older = !(reply instanceof Sender.Reply.Answer answer && isUnknown(answer.status()));
        return Sender.delivery(reply);
    }

    private static boolean isUnknown(int status) {
        return status == 404 || status == 405 || status == 410 || status == 501;
    }

    private static Map<String, Object> published(Message message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("event_type", Objects.requireNonNull(message.eventType()));
        body.put("source", SOURCE);
        body.put("data", message.data());
        return body;
    }

    private static Map<String, Object> event(Message message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("source_agent", SOURCE);
        body.put("action", Objects.requireNonNull(message.eventType()));
        body.put("target", String.valueOf(message.data().getOrDefault("report_id", "panoptes")));
        body.put("details", message.data());
        return body;
    }

    @Override
    public Boolean answers() throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(health).timeout(PATIENCE).GET().build();
        return sender.ask(request) instanceof Sender.Reply.Answer answer && answer.status() == 200;
    }
}
