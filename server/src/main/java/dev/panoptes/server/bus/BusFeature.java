package dev.panoptes.server.bus;

import dev.panoptes.detection.sigma.RuleSet;
import dev.panoptes.server.agents.Discovery;
import dev.panoptes.server.auth.Tokens;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.findings.Finding;
import dev.panoptes.server.findings.FindingsService;
import dev.panoptes.server.health.Component;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.jobs.Job;
import dev.panoptes.server.telemetry.Telemetry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** NATS, where it is configured: discovery, findings, and what others are told. */
public final class BusFeature {
    private static final Logger LOG = LoggerFactory.getLogger(BusFeature.class);
    private static final Duration DISCOVERY = Duration.ofSeconds(60);
    private static final Duration JITTER = Duration.ofSeconds(6);
    private static final Duration TELL = Duration.ofSeconds(2);
    private static final int FINDINGS = "findings.".length();
    private static final int MOST_TOLD = 1_000;

    private final FeatureContext context;
    private final Discovery discovery;
    private final FindingsService findings;
    private final ChangeFeedStore feed = new ChangeFeedStore();
    private final LogFeedStore logs = new LogFeedStore();
    private final Supplier<RuleSet> rules;
    private final AtomicReference<@Nullable RuleSet> toldRules = new AtomicReference<>();
    private final @Nullable Bus bus;

    /**
     * @param rules that run here; another object where they have changed
     * @param telemetry takes what sensors send over NATS
     * @param tokens who signs it
     */
    public BusFeature(
            FeatureContext context,
            Discovery discovery,
            FindingsService findings,
            Supplier<RuleSet> rules,
            Telemetry telemetry,
            Tokens tokens) {
        this.rules = rules;
        this.context = context;
        this.discovery = discovery;
        this.findings = findings;
        Configuration configuration = context.configuration();
        int replicas = configuration.get(Settings.NATS_REPLICAS);
        TelemetryStream stream = new TelemetryStream(
                telemetry, tokens, replicas, (long) configuration.get(Settings.NATS_TELEMETRY_SIZE) << 30);
        this.bus = BusAddress.of(configuration)
                .map(address -> context.closing().add(new Bus(address, replicas, stream, new Ears())))
                .orElse(null);
    }

    public FeatureParts parts() {
        FeatureParts parts = FeatureParts.none().withResources(new DiscoverResource(bus != null, discovery, this::ask));
        if (bus == null) {
            return parts;
        }
        Bus there = bus;
        return parts.withComponents(new Component("eventbus", there::state))
                .withStarts(there::start)
                .withJobs(new Job("discovery", BusFeature::next, _ -> ask()), Job.every(TELL, "bus", _ -> tell(there)));
    }

    private static Instant next(Instant now) {
        return now.plus(DISCOVERY)
                .plusMillis(ThreadLocalRandom.current().nextLong(-JITTER.toMillis(), JITTER.toMillis()));
    }

    /** Asks who is there; false where nobody can be asked. */
    private boolean ask() {
        Bus there = bus;
        if (there == null || there.state() != Component.State.HEALTHY) {
            return false;
        }
        if (!discovery.ask()) {
            // They were asked a moment ago, and what they answer is heard.
            return true;
        }
        return there.publish(
                "agent.discovery",
                Map.of(
                        "timestamp",
                        context.clock()
                                .instant()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString(),
                        "type",
                        "discovery_request"));
    }

    /** Tells what happened since it last did; again where it could not. */
    private void tell(Bus there) {
        Optional<Long> told = discovery.published();
        if (told.isEmpty()) {
            context.database()
                    .execute(transaction ->
                            logs.untold(transaction).forEach(ingested -> logs.told(transaction, ingested)));
            discovery.published(context.database().transaction(feed::newest));
            return;
        }
        List<ChangeFeedStore.Happened> changes =
                context.database().transaction(transaction -> feed.after(transaction, told.get(), MOST_TOLD));
        for (ChangeFeedStore.Happened change : changes) {
            for (String subject : subjects(change)) {
                if (!there.publish(subject, message(change))) {
                    return;
                }
            }
            discovery.published(change.id());
        }
        tellOfLogs(there);
        tellOfRules(there);
    }

    /** How much was read in logs and is stored; never what. */
    private void tellOfLogs(Bus there) {
        for (LogFeedStore.Ingested ingested : context.database().transaction(logs::untold)) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("host", ingested.host());
            message.put("source", ingested.sensor());
            message.put("count", ingested.more());
            message.put("timestamp", second(context.clock().instant()));
            if (!there.publish("logs.ingested", message)) {
                return;
            }
            context.database().execute(transaction -> logs.told(transaction, ingested));
        }
    }

    /** Of the server's own rules: those in its folder may change at any time. */
    private void tellOfRules(Bus there) {
        RuleSet now = rules.get();
        RuleSet before = toldRules.getAndSet(now);
        if (before == null || before == now) {
            return;
        }
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("rules", now.rules().size());
        message.put("broken", now.problems().size());
        message.put("timestamp", second(context.clock().instant()));
        if (!there.publish("rules.updated", message)) {
            // Nobody heard it: it is told again.
            toldRules.set(before);
        }
    }

    /** The subjects that a change is told under; none for what is nobody's business here. */
    private static List<String> subjects(ChangeFeedStore.Happened change) {
        String to = String.valueOf(change.to());
        return switch (change.kind()) {
            case "agent" ->
                List.of(
                        change.from() == null
                                        && List.of("enrolled", "listed", "nats").contains(to)
                                ? "agent.created"
                                : to.equals("decommissioned")
                                        ? "agent.deleted"
                                        : to.equals("updated") || to.equals("accepted")
                                                ? "agent.updated"
                                                : "agent.status." + change.subject());
            case "permissions", "credentials" -> List.of("agent.updated");
            case "configuration" -> {
                String subject = change.from() == null ? "configurations.created" : "configurations.updated";
                yield change.rulesChanged() ? List.of(subject, "agent.rule.updated") : List.of(subject);
            }
            case "rollout" -> List.of("configurations.rollout");
            default -> List.of();
        };
    }

    private static Map<String, Object> message(ChangeFeedStore.Happened change) {
        Map<String, Object> message = new LinkedHashMap<>();
        String id = change.kind().equals("rollout") ? "rollout_id" : "agent_id";
        message.put(id, change.subject());
        message.put(change.kind().equals("configuration") ? "version" : "status", String.valueOf(change.to()));
        message.put("actor", change.actor());
        message.put("timestamp", second(change.at()));
        return message;
    }

    private static String second(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private final class Ears implements Bus.Heard {
        @Override
        public Map<String, ?> status(String word) {
            return Map.of("status", word, "timestamp", second(context.clock().instant()));
        }

        @Override
        public void discovered(byte[] message) throws InterruptedException {
            try {
                Map<?, ?> fields = Json.readOwn(new String(message, StandardCharsets.UTF_8), Map.class);
                if (fields.get("agent_id") instanceof String id) {
                    Discovery.Heard heard = discovery.answered(
                            id, String.valueOf(fields.get("agent_type")).replace("\0", ""));
                    LOG.atDebug()
                            .addKeyValue("agent", id)
                            .addKeyValue("heard", heard)
                            .log("discovery");
                }
            } catch (JacksonException | ClassCastException e) {
                LOG.atDebug().setCause(e).log("an answer over NATS is none");
            }
        }

        @Override
        public void findings(List<String> subjects, List<byte[]> messages) {
            List<Finding> found = new ArrayList<>();
            for (int i = 0; i < messages.size(); i++) {
                Optional<Finding> finding = FindingMessage.read(
                        messages.get(i),
                        subjects.get(i).substring(FINDINGS),
                        name -> discovery.find(name).map(known -> new FindingMessage.Who(known.id(), known.name())));
                finding.ifPresentOrElse(
                        found::add, () -> LOG.atWarn().log("a message on findings.* is no finding and is left"));
            }
            context.database()
                    .execute(transaction -> found.forEach(finding -> findings.report(
                            transaction, finding, new Actor("nats:" + finding.agentName(), Actor.Via.TOKEN, null))));
        }
    }
}
