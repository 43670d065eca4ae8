package dev.panoptes.server.alerts.channel;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.server.http.Json;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** HERMES, which notifies people: {@code POST /notify} with message, priority and channel. It knows no resolutions. */
public final class HermesChannel implements Channel {
    private static final int MOST_LINES = 20;
    private static final Set<String> FAILED = Set.of("failed", "failure", "error", "undelivered", "rejected");
    private static final List<String> OUTCOMES = List.of("ok", "success", "delivered", "sent");

    private final Sender sender;
    private final URI url;

    /** @param base of HERMES */
    public HermesChannel(Sender sender, URI base) {
        this.sender = sender;
        this.url = Sender.below(base, "/notify");
    }

    @Override
    public String name() {
        return "hermes";
    }

    @Override
    public boolean takes(Message.Kind kind) {
        return kind == Message.Kind.ALERT || kind == Message.Kind.NOTICE;
    }

    @Override
    public Delivery send(Message message, String id) throws InterruptedException {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("message", text(message));
        body.put("priority", worst(message).id());
        body.put("channel", "telegram");
        Sender.Reply reply = sender.ask(Sender.request(url, Json.write(body), Map.of()));
        Delivery delivery = Sender.delivery(reply);
        if (delivery instanceof Delivery.Sent
                && reply instanceof Sender.Reply.Answer answer
                && saysFailed(answer.body())) {
            return new Delivery.Failed("HERMES took the message and could not deliver it");
        }
        return delivery;
    }

    /**
     * HERMES answers 200 whatever became of a notification; its {@code status} tells: sent, skipped or failed. Others that
     * stand in for it say {@code ok} or {@code success} as true or false, as messengers do, or nothing but an {@code error}.
     */
    static boolean saysFailed(String body) {
        Optional<String> status = Json.text(body, "status");
        return status.filter(word -> FAILED.contains(word.toLowerCase(Locale.ROOT)))
                        .isPresent()
                || (status.isEmpty()
                        && Json.text(body, "error")
                                .filter(why -> !why.isBlank())
                                .isPresent())
                || OUTCOMES.stream().anyMatch(key -> Json.flag(body, key).equals(Optional.of(false)));
    }

    /** HERMES hands messages on as HTML; what agents say of themselves is in them. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static Severity worst(Message message) {
        if (message.kind() == Message.Kind.NOTICE) {
            return Severity.of(noticed(message, "severity")).orElse(Severity.INFO);
        }
        return message.issues().stream()
                .map(AlertIssue::rank)
                .min(Severity::compareTo)
                .orElse(Severity.INFO);
    }

    private static String noticed(Message message, String part) {
        return String.valueOf(message.data().get(part));
    }

    static String text(Message message) {
        String sign = switch (worst(message)) {
            case CRITICAL -> "🚨";
            case HIGH -> "⚠️";
            case MEDIUM, LOW, INFO -> "ℹ️";
        };
        return sign + " [PANOPTES] " + escaped(title(message) + "\n" + body(message));
    }

    private static String title(Message message) {
        if (message.kind() == Message.Kind.NOTICE) {
            return noticed(message, "title");
        }
        AlertIssue first = message.issues().getFirst();
        int count = message.issues().size() + message.more();
        if (count == 1) {
            return (first.state().equals("regressed") ? "Again: " : "") + first.title();
        }
        String agent = first.agent();
        boolean shared = message.more() == 0
                && !agent.isEmpty()
                && message.issues().stream().allMatch(issue -> issue.agent().equals(agent));
        Set<String> ids = message.issues().stream().map(AlertIssue::id).collect(Collectors.toSet());
        long causes = message.issues().stream()
                .filter(issue -> issue.cause() == null || !ids.contains(issue.cause()))
                .count();
        boolean folded = message.more() == 0 && causes > 0 && causes < count;
        return (folded ? causes + (causes == 1 ? " cause, " : " causes, ") : "") + count + " issues"
                + (shared ? " of " + agent : "");
    }

    private static String body(Message message) {
        if (message.kind() == Message.Kind.NOTICE) {
            return noticed(message, "text");
        }
        if (message.issues().size() + message.more() == 1) {
            AlertIssue issue = message.issues().getFirst();
            return issue.description() + "\n" + issue.recommendation() + "\n" + issue.id();
        }
        StringBuilder lines = new StringBuilder();
        for (AlertIssue issue : message.issues()
                .subList(0, Math.min(MOST_LINES, message.issues().size()))) {
            lines.append(lines.isEmpty() ? "" : "\n")
                    .append(issue.severity())
                    .append(": ")
                    .append(issue.title())
                    .append(" (")
                    .append(issue.id())
                    .append(")");
        }
        int left = message.more() + Math.max(0, message.issues().size() - MOST_LINES);
        return left == 0
                ? lines.toString()
                : lines.append("\nand ").append(left).append(" more").toString();
    }
}
