package dev.panoptes.server.alerts.channel;

import dev.panoptes.server.http.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prometheus Alertmanager, API v2. Everything open is sent every minute, good for four, so that it ends by itself should
 * Panoptes vanish; a resolution is sent with its end. Issues that share all labels are one alert, which ends with the last.
 */
public final class AlertmanagerChannel implements Channel {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration GOOD_FOR = Duration.ofMinutes(4);
    private static final int ALERTS_AT_ONCE = 500;

    private final Sender sender;
    private final URI url;
    private final OpenIssues open;
    private final URI pages;
    private final InstantSource clock;

    /** @param base of Alertmanager, with its path prefix where it has one @param pages where people find this server */
    public AlertmanagerChannel(Sender sender, URI base, OpenIssues open, URI pages, InstantSource clock) {
        this.sender = sender;
        this.url = Sender.below(base, "/api/v2/alerts");
        this.open = open;
        this.pages = pages;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "alertmanager";
    }

    @Override
    public boolean takes(Message.Kind kind) {
        return kind == Message.Kind.ALERT || kind == Message.Kind.RESOLVED;
    }

    @Override
    public Duration interval() {
        return EVERY;
    }

    private record Alert(
            Map<String, String> labels,
            Map<String, String> annotations,
            Instant startsAt,
            Instant endsAt,
            URI generator) {
        /** With the names of Alertmanager's API. */
        Map<String, Object> wire() {
            Map<String, Object> wire = new LinkedHashMap<>();
            wire.put("labels", labels);
            wire.put("annotations", annotations);
            wire.put("startsAt", startsAt.toString());
            wire.put("endsAt", endsAt.toString());
            wire.put("generatorURL", generator.toString());
            return wire;
        }
    }

    @Override
    public Delivery repeat() throws InterruptedException {
        return post(List.copyOf(firing().values()));
    }

    @Override
    public Delivery send(Message message, String id) throws InterruptedException {
        Map<Map<String, String>, Alert> firing = firing();
        List<Alert> alerts = new ArrayList<>(firing.values());
        if (message.kind() == Message.Kind.RESOLVED) {
            for (AlertIssue issue : message.issues()) {
                if (!firing.containsKey(labels(issue))) {
                    alerts.add(
                            new Alert(labels(issue), annotations(issue), issue.openedAt(), message.at(), page(issue)));
                }
            }
        }
        return post(alerts);
    }

    /** Read at the moment of sending: what was resolved meanwhile is not brought back. */
    private Map<Map<String, String>, Alert> firing() {
        Instant end = clock.instant().plus(GOOD_FOR);
        Map<Map<String, String>, Alert> firing = new LinkedHashMap<>();
        for (AlertIssue issue : open.list()) {
            firing.merge(
                    labels(issue),
                    new Alert(labels(issue), annotations(issue), issue.openedAt(), end, page(issue)),
                    (one, other) -> one.startsAt().isAfter(other.startsAt()) ? other : one);
        }
        return firing;
    }

    private URI page(AlertIssue issue) {
        return Sender.below(pages, "/integrity/issues/" + issue.fingerprint());
    }

    private Delivery post(List<Alert> alerts) throws InterruptedException {
        for (int from = 0; from < alerts.size(); from += ALERTS_AT_ONCE) {
            List<Alert> part = alerts.subList(from, Math.min(from + ALERTS_AT_ONCE, alerts.size()));
            byte[] body = Json.write(part.stream().map(Alert::wire).toList());
            switch (sender.post(url, body, Map.of())) {
                case Delivery.Sent() -> {}
                case Delivery.Refused refused -> {
                    return refused;
                }
                case Delivery.Failed failed -> {
                    return failed;
                }
            }
        }
        return new Delivery.Sent();
    }

    static Map<String, String> labels(AlertIssue issue) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("alertname", alertName(issue.check()));
        labels.put("check", issue.check());
        // An empty label is no label to Alertmanager.
        if (!issue.agent().isEmpty()) {
            labels.put("agent", issue.agent());
        }
        labels.put("host", issue.host());
        labels.put("severity", issue.severity());
        return labels;
    }

    private static String alertName(String check) {
        StringBuilder name = new StringBuilder("Panoptes");
        for (String word : check.split("-", -1)) {
            if (!word.isEmpty()) {
                name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
            }
        }
        return name.toString();
    }

    private static Map<String, String> annotations(AlertIssue issue) {
        return Map.of(
                "summary", issue.title(),
                "description", issue.description(),
                "recommendation", issue.recommendation(),
                "issue", issue.id());
    }
}
