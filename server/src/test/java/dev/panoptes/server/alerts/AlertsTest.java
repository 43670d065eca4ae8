package dev.panoptes.server.alerts;

import static dev.panoptes.server.issues.Reports.everything;
import static dev.panoptes.server.issues.Reports.issue;
import static dev.panoptes.server.issues.Reports.portConflict;
import static dev.panoptes.server.issues.Reports.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.server.alerts.channel.AlertIssue;
import dev.panoptes.server.alerts.channel.AlertmanagerChannel;
import dev.panoptes.server.alerts.channel.Channel;
import dev.panoptes.server.alerts.channel.EventBusChannel;
import dev.panoptes.server.alerts.channel.HermesChannel;
import dev.panoptes.server.alerts.channel.Message;
import dev.panoptes.server.alerts.channel.Sender;
import dev.panoptes.server.alerts.channel.WebhookChannel;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.issues.Issues;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is told, to whom, how often. Receivers are real; time is ours. */
@ExtendWith(TestPostgres.class)
class AlertsTest {
    private static final Issue CONFLICT = portConflict(8020, "hermes", "atlas");
    private static final Issue OFFLINE =
            issue("port-not-listening", Severity.HIGH, "web-1", "8014", 8014, List.of("iris"), "socket");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Database database;
    private Receiver receiver;
    private Sender sender;
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private Settings.Grouping grouping = Settings.Grouping.AGENT;

    @BeforeEach
    void open(Databases databases) throws IOException {
        database = databases.fresh();
        receiver = new Receiver();
        sender = new Sender();
    }

    @AfterEach
    void close() {
        sender.close();
        receiver.close();
        database.close();
    }

    /** The channels in use, deciding and sending. */
    private final class World {
        final Alerts alerts;
        final Issues issues;
        final List<Relay> relays;

        World(Channel... channels) {
            List<Alerts.Target> targets = new ArrayList<>();
            for (Channel channel : channels) {
                Set<Message.Kind> kinds = EnumSet.allOf(Message.Kind.class);
                kinds.removeIf(kind -> !channel.takes(kind));
                targets.add(new Alerts.Target(channel.name(), kinds, channel.wantsAll()));
            }
            alerts = new Alerts(
                    database, () -> now, new Alerts.Policy(grouping, Severity.INFO, MINUTE.multipliedBy(3)), targets);
            issues = new Issues(database, new Changes(() -> now, List.of(alerts)), () -> now);
            relays = List.of(channels).stream()
                    .map(channel -> new Relay(database, channel, "me", () -> now, new Random(1)))
                    .toList();
            database.execute(transaction -> new OutboxStore()
                    .introduce(
                            transaction,
                            targets.stream().map(Alerts.Target::name).toList(),
                            now));
        }

        void scan(Issue... found) {
            now = now.plus(MINUTE);
            database.execute(transaction -> issues.merge(transaction, report(now, found), everything()));
        }

        /** Sends all that is due. */
        void send() throws InterruptedException {
            for (Relay relay : relays) {
                while (relay.turn()) {
                    assertThat(receiver.got()).hasSizeLessThan(100);
                }
            }
        }
    }

    private HermesChannel hermes() {
        return new HermesChannel(sender, receiver.url());
    }

    private List<String> outcomes() {
        return database.transaction(transaction -> transaction.list(
                "SELECT coalesce(outcome, 'waiting') AS o FROM outbox ORDER BY id", row -> row.text("o")));
    }

    private List<String> states() {
        return database.transaction(
                transaction -> transaction.list("SELECT state FROM alerts ORDER BY id", row -> row.text("state")));
    }

    @Test
    void hermesIsToldOnceOfANewIssueAndOnceMoreWhenItRegresses() throws InterruptedException {
        World world = new World(hermes());
        world.scan(CONFLICT);
        world.scan(CONFLICT);
        world.send();
        assertThat(receiver.got()).hasSize(1);
        Receiver.Got first = receiver.got().getFirst();
        assertThat(first.path()).isEqualTo("/notify");
        assertThat(first.json().path("message").asString())
                .isEqualTo("🚨 [PANOPTES] About 8020\nWhat was found about 8020.\nDo something about 8020\n"
                        + "port-conflict-8020");
        assertThat(first.json().path("priority").asString()).isEqualTo("critical");
        assertThat(first.json().path("channel").asString()).isEqualTo("telegram");
        world.scan();
        world.scan(CONFLICT);
        world.scan(CONFLICT);
        world.send();
        assertThat(receiver.got()).hasSize(2);
        assertThat(receiver.got().get(1).json().path("message").asString()).startsWith("🚨 [PANOPTES] Again: ");
    }

    @Test
    void issuesOfOneAgentAreOneMessageAndAFloodIsOneToo() throws InterruptedException {
        World world = new World(hermes());
        world.scan(
                issue("no-actions", Severity.LOW, "local", "iris", null, List.of("iris"), "registry"),
                issue("missing-url", Severity.HIGH, "local", "iris", null, List.of("iris"), "registry"),
                issue("no-actions", Severity.LOW, "local", "atlas", null, List.of("atlas"), "registry"));
        world.send();
        assertThat(receiver.got().stream().map(got -> got.json().path("message").asString()))
                .containsExactly(
                        "⚠️ [PANOPTES] 2 issues of iris\n"
                                + "high: About iris (missing-url-iris)\n"
                                + "low: About iris (no-actions-iris)",
                        "ℹ️ [PANOPTES] About atlas\n"
                                + "What was found about atlas.\n"
                                + "Do something about atlas\n"
                                + "no-actions-atlas");
        world.scan(IntStream.range(0, 60)
                .mapToObj(i -> portConflict(9000 + i, "a" + i, "b" + i))
                .toArray(Issue[]::new));
        world.send();
        assertThat(receiver.got()).hasSize(3);
        assertThat(receiver.got().get(2).json().path("message").asString())
                .startsWith("🚨 [PANOPTES] 60 issues\n")
                .endsWith("\nand 40 more");
    }

    @Test
    void aReceiverThatIsAwayIsTriedLaterAndLaterAndLosesNothing() throws IOException, InterruptedException {
        int port = receiver.port();
        World world = new World(hermes());
        receiver.close();
        world.scan(CONFLICT);
        world.scan(CONFLICT, OFFLINE);
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            world.send();
            Instant next = database.transaction(transaction ->
                    transaction.one("SELECT next_attempt_at AS n FROM alert_channels", row -> row.instant("n")));
            pauses.add(Duration.between(now, next));
            world.send();
            now = next;
        }
        assertThat(pauses.getFirst()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(pauses.getLast()).isBetween(Duration.ofSeconds(150), Duration.ofMinutes(5));
        assertThat(database.<Integer>transaction(transaction ->
                        transaction.one("SELECT sum(attempts)::int AS n FROM outbox", row -> row.integer("n"))))
                .isEqualTo(12);
        receiver = new Receiver(port);
        // One that failed often waits by itself for up to five minutes.
        now = now.plus(Duration.ofMinutes(5));
        world.send();
        assertThat(receiver.got()).hasSize(2);
        assertThat(outcomes()).containsExactly("sent", "sent");
    }

    @Test
    void aDeadChannelDoesNotHoldUpAnotherAndARefusedMessageNotTheNext() throws InterruptedException {
        receiver.answers(got -> got.path().equals("/notify") ? 500 : got.body().contains("8020") ? 422 : 204);
        World world = new World(
                hermes(), new WebhookChannel(sender, receiver.url().resolve("/hook"), "x".repeat(16), () -> now));
        world.scan(CONFLICT);
        world.scan(CONFLICT, OFFLINE);
        for (int i = 0; i < 4; i++) {
            world.send();
            now = now.plus(Duration.ofMinutes(6));
        }
        assertThat(outcomes()).containsExactly("waiting", "waiting", "waiting", "sent");
    }

    @Test
    void aRedirectIsNotFollowed() throws InterruptedException {
        receiver.answers(_ -> 302);
        World world = new World(hermes());
        world.scan(CONFLICT);
        world.send();
        assertThat(receiver.got()).extracting(Receiver.Got::path).containsExactly("/notify");
        assertThat(outcomes()).containsExactly("waiting");
    }

    @Test
    void theWebhookIsSignedAndToldOfResolutions() throws InterruptedException, GeneralSecurityException {
        String secret = "a secret of some length";
        World world = new World(new WebhookChannel(sender, receiver.url().resolve("/hook"), secret, () -> now));
        world.scan(CONFLICT);
        world.scan();
        world.send();
        assertThat(receiver.got())
                .extracting(got -> got.header("X-panoptes-event"))
                .containsExactly("alert", "resolved");
        for (Receiver.Got got : receiver.got()) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String signed = got.header("X-panoptes-timestamp") + "." + got.body();
            assertThat(got.header("X-panoptes-signature"))
                    .isEqualTo(
                            "sha256=" + HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
            assertThat(got.json().path("issues").get(0).path("id").asString()).isEqualTo("port-conflict-8020");
        }
    }

    static AlertIssue told(Issue issue) {
        return new AlertIssue(
                issue.fingerprint(),
                issue.id(),
                issue.check(),
                issue.severity().id(),
                issue.title(),
                issue.description(),
                issue.recommendation(),
                issue.affected(),
                issue.host(),
                issue.port(),
                "new",
                issue.detectedAt(),
                issue.detectedAt(),
                issue.cause());
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 410, 501})
    void anEventBusThatKnowsOnlyEventsIsToldThere(int unknown) throws InterruptedException {
        receiver.answers(got -> got.path().equals("/publish") ? unknown : 200);
        World world = new World(new EventBusChannel(sender, receiver.url()));
        world.alerts.started("1.2.3", "http://127.0.0.1:8022", 8022, 7);
        world.alerts.started("1.2.3", "http://127.0.0.1:8022", 8022, 8);
        world.send();
        assertThat(receiver.got()).extracting(Receiver.Got::path).containsExactly("/publish", "/events", "/events");
        JsonNode event = receiver.got().get(1).json();
        assertThat(event.path("source_agent").asString()).isEqualTo("PANOPTES");
        assertThat(event.path("action").asString()).isEqualTo("agent_started");
        assertThat(event.path("target").isString()).isTrue();
        assertThat(event.path("details").path("initial_issues").asInt()).isEqualTo(7);
        assertThat(new EventBusChannel(sender, receiver.url()).answers()).isTrue();
    }

    @Test
    void hermesThatCouldNotDeliverIsTriedAgainAndGetsNoMarkup() throws InterruptedException {
        receiver.says("{\"notification_id\": \"1\", \"status\": \"failed\"}");
        World world = new World(new HermesChannel(sender, receiver.url()));
        world.scan(issue("agent-identity-mismatch", Severity.CRITICAL, "local", "1", 1, List.of("a<b>&c"), "probe"));
        world.send();
        assertThat(outcomes()).containsExactly("waiting");
        receiver.says("{\"status\": \"sent\"}");
        now = now.plus(MINUTE);
        world.send();
        assertThat(outcomes()).containsExactly("sent");
        assertThat(receiver.got()).hasSize(2);
        assertThat(receiver.got().getFirst().json().path("message").asString()).doesNotContain("<b>");
    }

    @Test
    void whatFollowsFromAnIssueIsToldInItsMessage() throws InterruptedException {
        World world = new World(new HermesChannel(sender, receiver.url()));
        world.scan(
                CONFLICT,
                issue("lost-agent", Severity.CRITICAL, "local", "iris", 1, List.of("iris"), "probe")
                        .following(CONFLICT.id()));
        world.send();
        assertThat(receiver.got()).hasSize(1);
        assertThat(receiver.got().getFirst().json().path("message").asString())
                .contains("[PANOPTES] 1 cause, 2 issues\n");
    }

    @Test
    void theWebhookGetsEveryIssueInParts() throws InterruptedException {
        grouping = Settings.Grouping.SCAN;
        World world = new World(new WebhookChannel(sender, receiver.url(), "0123456789abcdef", () -> now));
        world.scan(IntStream.range(9_000, 9_120)
                .mapToObj(port -> portConflict(port, "a", "b"))
                .toArray(Issue[]::new));
        world.send();
        assertThat(receiver.got())
                .extracting(got -> got.json().path("more").asInt())
                .containsExactly(70, 20, 0);
        assertThat(receiver.got().stream()
                        .flatMap(got -> got.json().path("issues").valueStream())
                        .map(each -> each.path("id").asString())
                        .distinct())
                .hasSize(120);
    }

    @Test
    void aReceiverThatAsksForTimeGetsIt() throws InterruptedException {
        receiver.answers(_ -> 429);
        World world = new World(new HermesChannel(sender, receiver.url()));
        world.scan(CONFLICT);
        world.send();
        now = now.plus(Duration.ofMinutes(29));
        world.send();
        assertThat(receiver.got()).hasSize(1);
        now = now.plus(MINUTE.multipliedBy(2));
        world.send();
        assertThat(receiver.got()).hasSize(2);
    }

    @Test
    void aReceiverThatRefusesWhileItStartsGetsTheMessageLater() throws InterruptedException {
        receiver.answers(_ -> 400);
        World world = new World(new WebhookChannel(sender, receiver.url(), "0123456789abcdef", () -> now));
        world.scan(CONFLICT);
        for (int i = 0; i < 12; i++) {
            world.send();
            now = now.plus(MINUTE.multipliedBy(5));
        }
        receiver.answers(_ -> 200);
        now = now.plus(Duration.ofMinutes(15));
        world.send();
        assertThat(outcomes()).containsExactly("sent");
    }

    @Test
    void theEventBusIsToldOfStartsAndScans() throws InterruptedException {
        World world = new World(new EventBusChannel(sender, receiver.url()));
        world.alerts.started("1.2.3", "http://127.0.0.1:8022", 8022, 7);
        Change scan = new Change(
                "scan",
                "0a1b2c3d",
                null,
                null,
                "completed",
                Actor.SYSTEM,
                "request",
                Map.of("report_id", "0a1b2c3d", "total_issues", 2, "critical", 1, "health_score", 50.0));
        database.execute(transaction -> world.alerts.changed(transaction, List.of(scan), now));
        world.send();
        JsonNode started = receiver.got().get(0).json();
        assertThat(receiver.got().get(0).path()).isEqualTo("/publish");
        assertThat(started.path("event_type").asString()).isEqualTo("agent_started");
        assertThat(started.path("source").asString()).isEqualTo("PANOPTES");
        assertThat(started.path("data").path("port").asInt()).isEqualTo(8022);
        assertThat(started.path("data").path("initial_issues").asInt()).isEqualTo(7);
        JsonNode scanned = receiver.got().get(1).json();
        assertThat(scanned.path("event_type").asString()).isEqualTo("integrity_scan_completed");
        assertThat(scanned.path("data").path("report_id").asString()).hasSize(8);
        assertThat(scanned.path("data").path("total_issues").asInt()).isEqualTo(2);
        assertThat(scanned.path("data").path("critical").asInt()).isEqualTo(1);
        assertThat(scanned.path("data").path("health_score").asDouble()).isEqualTo(50.0);
    }

    @Test
    void alertmanagerIsToldEveryMinuteAndOfTheEnd() throws InterruptedException {
        World world = new World();
        World with = new World(new AlertmanagerChannel(
                sender, receiver.url(), world.alerts::open, URI.create("https://panoptes.example"), () -> now));
        with.scan(CONFLICT);
        with.send();
        int before = receiver.got().size();
        now = now.plus(MINUTE);
        with.send();
        with.send();
        assertThat(receiver.got()).hasSize(before + 1);
        Receiver.Got firing = receiver.got().getLast();
        assertThat(firing.path()).isEqualTo("/api/v2/alerts");
        JsonNode alert = firing.json().get(0);
        assertThat(alert.path("labels").toString())
                .isEqualTo("{\"alertname\":\"PanoptesPortConflict\",\"check\":\"port-conflict\",\"agent\":\"hermes\","
                        + "\"host\":\"local\",\"severity\":\"critical\"}");
        assertThat(Instant.parse(alert.path("endsAt").asString())).isAfter(now);
        with.scan();
        with.send();
        JsonNode ended = receiver.got().stream()
                .map(Receiver.Got::json)
                .filter(body -> !body.isEmpty()
                        && !Instant.parse(body.get(0).path("endsAt").asString()).isAfter(now))
                .findFirst()
                .orElseThrow();
        assertThat(ended.get(0).path("labels")).isEqualTo(alert.path("labels"));
        assertThat(ended.get(0).path("startsAt").asString())
                .isEqualTo(alert.path("startsAt").asString());
    }

    @Test
    void noLabelIsEverAPath() {
        Issue compose = issue(
                "compose-missing-context",
                Severity.HIGH,
                "local",
                "s",
                null,
                List.of("deploy/compose.yml#Web", "deploy/x"),
                "compose");
        Issue file = issue("invalid-url", Severity.HIGH, "local", "s", null, List.of("docker-compose.yml"), "compose");
        assertThat(told(compose).agent()).isEqualTo("web");
        assertThat(told(file).agent()).isEmpty();
    }

    @Test
    void whatIsSilencedIsRecordedAndToldWhenTheSilenceEnds() throws InterruptedException {
        World world = new World(hermes());
        Silences silences = new Silences(database, new Changes(() -> now, List.of()), () -> now);
        Actor eva = new Actor("eva", Actor.Via.SESSION, null);
        Matcher matcher = new Matcher("port-*", "Hermes", null, null);
        silences.make(new Silences.Wanted(matcher, "move", null, now.plus(Duration.ofHours(1))), eva);
        world.scan(CONFLICT, OFFLINE);
        world.send();
        assertThat(states()).containsExactlyInAnyOrder("silenced", "queued");
        assertThat(receiver.got()).hasSize(1);
        assertThat(world.alerts.open()).extracting(AlertIssue::id).containsExactly("port-not-listening-8014@web-1");
        assertThat(world.alerts.review()).isZero();
        now = now.plus(Duration.ofHours(1));
        assertThat(world.alerts.review()).isEqualTo(1);
        assertThat(world.alerts.review()).isZero();
        world.send();
        assertThat(receiver.got()).hasSize(2);
    }

    @Test
    void aSilencedIssueThatEndsIsToldToNobody() throws InterruptedException {
        World world = new World(hermes(), new WebhookChannel(sender, receiver.url(), "x".repeat(16), () -> now));
        Silences silences = new Silences(database, new Changes(() -> now, List.of()), () -> now);
        Actor eva = new Actor("eva", Actor.Via.SESSION, null);
        Matcher matcher = new Matcher(null, null, null, "critical");
        silences.make(new Silences.Wanted(matcher, "move", null, now.plus(Duration.ofHours(1))), eva);
        world.scan(CONFLICT);
        world.scan();
        now = now.plus(Duration.ofHours(2));
        assertThat(world.alerts.review()).isZero();
        world.send();
        assertThat(states()).containsExactly("dropped");
        assertThat(receiver.got()).isEmpty();
    }

    @Test
    void whatIsFoundOnALostHostIsHeldUntilTheHostIsBack() throws InterruptedException {
        World world = new World(hermes());
        Instant seen = now;
        database.execute(transaction -> transaction.update(
                "INSERT INTO hosts (name, first_seen, last_snapshot_at) VALUES ('web-1', ?, ?)", seen, seen));
        now = now.plus(Duration.ofMinutes(10));
        world.scan(OFFLINE, CONFLICT);
        world.send();
        assertThat(states()).containsExactlyInAnyOrder("held", "queued");
        assertThat(receiver.got()).hasSize(1);
        Instant back = now;
        database.execute(transaction -> transaction.update("UPDATE hosts SET last_snapshot_at = ?", back));
        assertThat(world.alerts.review()).isEqualTo(1);
        world.send();
        assertThat(receiver.got()).hasSize(2);
    }

    @Test
    void twoReplicasSendEveryMessageOnce() throws InterruptedException {
        World world = new World(hermes());
        Relay other = new Relay(database, hermes(), "other", () -> now, new Random(2));
        world.scan(CONFLICT);
        world.send();
        world.scan(CONFLICT, OFFLINE);
        assertThat(other.turn()).isTrue();
        world.send();
        assertThat(receiver.got()).hasSize(2);
    }
}
