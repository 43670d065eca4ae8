package dev.panoptes.server.alerts.channel;

import dev.panoptes.server.http.Json;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The event bus: {@code POST /publish} with event_type, source and data. It is told of starts and scans. */
public final class EventBusChannel implements Channel {
    public static final String NAME = "event_bus";

    private final Sender sender;
    private final URI url;

    /** @param base of the event bus */
    public EventBusChannel(Sender sender, URI base) {
        this.sender = sender;
        this.url = Sender.below(base, "/publish");
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
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("event_type", Objects.requireNonNull(message.eventType()));
        body.put("source", "PANOPTES");
        body.put("data", message.data());
        return sender.post(url, Json.write(body), Map.of());
    }
}
