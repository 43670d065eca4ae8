package dev.panoptes.server.alerts.channel;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.panoptes.server.http.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Any receiver. The header {@code X-Panoptes-Signature} is {@code sha256=} and the HMAC-SHA256, in hex, of the value of {@code
 * X-Panoptes-Timestamp} (seconds since 1970), a dot and the body. {@code X-Panoptes-Delivery} is the same when a message is
 * sent again.
 */
public final class WebhookChannel implements Channel {
    private final Sender sender;
    private final URI url;
    private final String secret;
    private final InstantSource clock;

    public WebhookChannel(Sender sender, URI url, String secret, InstantSource clock) {
        this.sender = sender;
        this.url = url;
        this.secret = secret;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public boolean takes(Message.Kind kind) {
        return kind != Message.Kind.EVENT;
    }

    @Override
    public boolean wantsAll() {
        return true;
    }

    /** @param more how many issues follow in the next messages */
    private record Body(
            String event,
            String source,
            Instant at,
            String reportId,
            List<AlertIssue> issues,
            int more,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Object> notice) {}

    @Override
    public Delivery send(Message message, String id) throws InterruptedException {
        byte[] body = Json.write(new Body(
                message.kind().id(),
                "PANOPTES",
                message.at(),
                message.reportId(),
                message.issues(),
                message.more(),
                notice(message)));
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Panoptes-Event", message.kind().id());
        headers.put("X-Panoptes-Delivery", id);
        headers.put("X-Panoptes-Timestamp", timestamp);
        headers.put("X-Panoptes-Signature", "sha256=" + signature(timestamp, body));
        return sender.post(url, body, headers);
    }

    private static Map<String, Object> notice(Message message) {
        Map<String, Object> notice = new LinkedHashMap<>(message.data());
        if (message.eventType() != null) {
            notice.put("type", message.eventType());
        }
        return notice;
    }

    private String signature(String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
