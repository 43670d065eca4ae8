package dev.panoptes.cli.simulate;

import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.Token;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** So many pretended agents for a while: each enrols, beats with jitter, reports metrics, and is decommissioned at the end. */
public final class Simulation {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int USES = 1_000;
    private static final int AT_ONCE = 128;
    private static final int MOST_ATTEMPTS = 50;

    private final Servers servers;
    private final Servers.Caller operator;
    private final InstantSource clock;
    private final Plan plan;
    private final Semaphore calls = new Semaphore(AT_ONCE);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Tally registrations = new Tally();
    private final Tally tokens = new Tally();
    private final Tally beats = new Tally();
    private final Tally metrics = new Tally();
    private final Tally findings = new Tally();
    private final Tally ends = new Tally();
    private final Queue<Account> accounts = new ConcurrentLinkedQueue<>();

    /**
     * What to do.
     *
     * @param run stands in the agents' names, so that two runs do not meet
     * @param interval between beats, with jitter; null for what the server asks for
     * @param chaos of ten agents one is cloned, one has a clock an hour behind, and one dies and comes back
     * @param findings whether each also tells of findings, which stay where they are told
     */
    public record Plan(
            String run,
            int agents,
            Duration length,
            @Nullable Duration interval,
            boolean chaos,
            boolean findings) {}

    public Simulation(Servers servers, InstantSource clock, Plan plan) {
        this.servers = servers;
        this.operator = servers.operator();
        this.clock = clock;
        this.plan = plan;
    }

    /** Ends it early, as if its time were over: agents are decommissioned, and what there is is reported. */
    public void stop() {
        stopping.countDown();
    }

    /** Waits until the report is made. False where it was not in time. */
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The report is printed: whoever waits for the end need not any more. */
    public void reported() {
        ended.countDown();
    }

    /** What every agent that is enrolled so far was told to be kept. */
    Collection<Account> accounts() {
        return accounts;
    }

    /**
     * The same while its servers, which it was made with, are killed one after the other.
     *
     * @return how many calls failed, and how much of what was acknowledged is lost, or kept twice
     */
    public long run(SplittableRandom random, Replicas replicas, Appendable report)
            throws UsageException, IOException, InterruptedException {
        long failed;
        Killing killing = new Killing(replicas, this::accounts);
        try (killing) {
            killing.start(plan.chaos() ? plan.length().dividedBy(replicas.count() + 1L) : Duration.ZERO);
            failed = run(random, report);
        }
        return failed + killing.report(report);
    }

    /** Runs to its end. @return how many calls failed */
    public long run(SplittableRandom random, Appendable report)
            throws UsageException, IOException, InterruptedException {
        List<String> enrollment = new ArrayList<>();
        for (int i = 0; i < plan.agents(); i += USES) {
            ObjectNode body = JSON.createObjectNode()
                    .put("name", "simulation " + plan.run())
                    .put("uses", Math.min(USES, plan.agents() - i))
                    .put("expires_in", "1d");
            enrollment.add(operator.call("POST", "/api/v1/enrollment-tokens", ServerClient.bytes(body), PATIENCE)
                    .orRefuse()
                    .path("token")
                    .asString());
        }
        List<Callable<Void>> agents = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < plan.agents(); i++) {
            Agent agent = new Agent(i, servers.as(new Token.Given(enrollment.get(i / USES))), random.split());
            agents.add(() -> {
                agent.live(start + plan.length().toNanos());
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> each : threads.invokeAll(agents)) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a pretended agent failed", e.getCause());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Map<String, Tally> all = new LinkedHashMap<>();
        all.put("registrations", registrations);
        all.put("tokens", tokens);
        all.put("heartbeats", beats);
        all.put("metrics", metrics);
        if (plan.findings()) {
            all.put("findings", findings);
        }
        all.put("ends", ends);
        long failed = 0;
        for (Map.Entry<String, Tally> each : all.entrySet()) {
            report.append(each.getValue().line(each.getKey(), took));
            failed += each.getValue().failed();
        }
        for (Map.Entry<String, Tally> each : all.entrySet()) {
            for (Map.Entry<String, Long> error : each.getValue().errors().entrySet()) {
                report.append(each.getKey() + ": " + error.getValue() + " times: " + error.getKey() + "\n");
            }
        }
        return failed;
    }

    private Reply call(Servers.Caller client, Tally tally, String method, String path, @Nullable ObjectNode body)
            throws UsageException, InterruptedException {
        long due = System.nanoTime();
        calls.acquire();
        try {
            Reply reply = client.call(method, path, body == null ? null : ServerClient.bytes(body), PATIENCE);
            tally.count(reply, System.nanoTime() - due);
            return reply;
        } finally {
            calls.release();
        }
    }

    /** One of them. */
    private final class Agent {
        private final int number;
        private final Servers.Caller enrolling;
        private final SplittableRandom random;
        private JsonNode credentials = JSON.missingNode();
        private Servers.@Nullable Caller identified;
        private long renewal;

        Agent(int number, Servers.Caller enrolling, SplittableRandom random) {
            this.number = number;
            this.enrolling = enrolling;
            this.random = random;
        }

        private boolean is(int kind) {
            return plan.chaos() && number % 10 == kind;
        }

        void live(long end) throws UsageException, InterruptedException {
            ObjectNode body = JSON.createObjectNode()
                    .put("name", "simulated-" + plan.run() + "-" + number)
                    .put("version", "1.0.0")
                    .put("host", "simulated-" + number);
            if (stopping.getCount() == 0) {
                return;
            }
            if (!(patiently(enrolling, registrations, "POST", "/api/v1/agents/register", body)
                    instanceof Reply.Done(int _, JsonNode enrolled))) {
                return;
            }
            String id = enrolled.path("id").asString();
            credentials = enrolled.path("credentials");
            Account account = new Account(id);
            accounts.add(account);
            try {
                beat(account, end, wait(enrolled.path("first_heartbeat_in").asDouble(1) * random.nextDouble()));
            } finally {
                if (!Thread.currentThread().isInterrupted()) {
                    patiently(operator, ends, "DELETE", "/api/v1/agents/" + id, null);
                }
            }
        }

        /**
         * With a token that many share, of which the server takes so many calls a second: what is too many, or comes when it is
         * too busy, is sent again, later.
         */
        private Reply patiently(
                Servers.Caller client, Tally tally, String method, String path, @Nullable ObjectNode body)
                throws UsageException, InterruptedException {
            long due = System.nanoTime();
            for (int attempt = 1; ; attempt++) {
                Reply reply = client.call(method, path, body == null ? null : ServerClient.bytes(body), PATIENCE);
                if (attempt == MOST_ATTEMPTS
                        || !(reply instanceof Reply.Refused(int status, var _, var after)
                                && (status == 429 || status == 503))) {
                    tally.count(reply, System.nanoTime() - due);
                    return reply;
                }
                long asked = after == null ? 1_000L : Math.max(1_000L, after.toMillis());
                Thread.sleep(Duration.ofMillis(asked + random.nextInt(2_000 * attempt)));
            }
        }

        private Duration wait(double seconds) {
            Duration interval = plan.interval();
            double chosen = interval == null ? seconds : interval.toMillis() / 1e3 * random.nextDouble(0.8, 1.2);
            return Duration.ofMillis((long) (chosen * 1e3));
        }

        private void beat(Account account, long end, Duration first) throws UsageException, InterruptedException {
            Duration next = first;
            for (int beat = 0; ; beat++) {
                long left = end - System.nanoTime();
                boolean over = stopping.await(Math.max(0, Math.min(left, next.toNanos())), TimeUnit.NANOSECONDS);
                if (over || left <= next.toNanos()) {
                    return;
                }
                double interval = 30;
                // One that dies is silent for every second ten beats.
                Servers.Caller own = is(2) && beat / 10 % 2 == 1 ? null : identified(account.id());
                if (own != null) {
                    interval = tell(own, account, beat).orElse(interval);
                }
                next = wait(interval);
            }
        }

        /** One cycle. @return when the next one is expected, in seconds; empty where nobody says so */
        private OptionalDouble tell(Servers.Caller own, Account account, int beat)
                throws UsageException, InterruptedException {
            OptionalDouble next = OptionalDouble.empty();
            long sent = System.nanoTime();
            Reply reply = call(own, beats, "POST", "/api/v1/agents/" + account.id() + "/heartbeat", said(beat));
            if (reply instanceof Reply.Done(int _, JsonNode answer)) {
                account.beat(sent);
                next = OptionalDouble.of(answer.path("next_in").asDouble(30));
            }
            // With a time of its own, so that one that is sent again is the same one.
            ObjectNode figures = JSON.createObjectNode()
                    .put("timestamp", clock.instant().toString())
                    .put("events_processed", beat * 100)
                    .put("errors", random.nextInt(3));
            if (call(own, metrics, "POST", "/api/v1/metrics/" + account.id(), figures) instanceof Reply.Done) {
                account.metric();
            }
            if (plan.findings() && beat % 3 == 0) {
                ObjectNode finding = JSON.createObjectNode()
                        .put("type", "simulated")
                        .put("severity", "low")
                        .put("description", "told by a pretended agent")
                        .put("fingerprint", plan.run() + "-" + beat)
                        .put("finding_id", plan.run() + "-" + beat);
                if (call(own, findings, "POST", "/api/v1/findings", finding) instanceof Reply.Done) {
                    account.finding();
                }
            }
            return next;
        }

        /** With an access token in force; null where the server gives none now. */
        private Servers.@Nullable Caller identified(String id) throws UsageException, InterruptedException {
            if (identified == null || System.nanoTime() - renewal > 0) {
                ObjectNode body = JSON.createObjectNode().put("agent_id", id);
                body.set("credentials", credentials);
                identified = null;
                if (patiently(operator, tokens, "POST", "/api/v1/auth/token", body)
                        instanceof Reply.Done(int _, JsonNode answer)) {
                    identified = servers.as(
                            new Token.Given(answer.path("access_token").asString("")));
                    renewal = System.nanoTime()
                            + (long) (answer.path("expires_in").asDouble(0) * 0.9e9);
                }
            }
            return identified;
        }

        private ObjectNode said(int beat) {
            boolean other = is(0) && beat % 2 == 1;
            ObjectNode said = JSON.createObjectNode()
                    .put("status", "running")
                    .put("boot_id", "boot-" + (other ? "copy" : is(2) ? "life-" + beat / 20 : "only"))
                    .put("host", "simulated-" + number + (other ? "-copy" : ""))
                    .put(
                            "timestamp",
                            clock.instant()
                                    .minus(is(1) ? Duration.ofHours(1) : Duration.ZERO)
                                    .toString());
            said.putObject("resources").put("cpu", random.nextDouble(60)).put("memory", random.nextDouble(60));
            return said;
        }
    }
}
