package dev.panoptes.cli.observer;

import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.integrity.observed.ObservationPlan;
import dev.panoptes.integrity.observed.ObservationPlanJson;
import java.time.Duration;

/** The two calls of an observer: what am I to look at, and here is what I saw. */
public final class Uplink {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ServerClient client;
    private final ObservationPlanJson plans;

    public Uplink(ServerClient client, ObservationPlanJson plans) {
        this.client = client;
        this.plans = plans;
    }

    /** What the server asks for. */
    public sealed interface Asked {
        record Plan(ObservationPlan plan) implements Asked {}

        record Failed(Delivery.Failed why) implements Asked {}
    }

    public Asked plan() throws InterruptedException {
        try {
            return plan(client.call("GET", "/api/v1/observation", null, PATIENCE));
        } catch (UsageException e) {
            return new Asked.Failed(failed(e));
        }
    }

    private Asked plan(Reply reply) {
        return switch (reply) {
            case Reply.Done done ->
                switch (plans.read(done.body())) {
                    case ObservationPlanJson.Result.Read(ObservationPlan plan) -> new Asked.Plan(plan);
                    case ObservationPlanJson.Result.Refused(String reason) ->
                        new Asked.Failed(new Delivery.Failed(
                                "what the server asks for is no plan: " + reason, "", Delivery.Kind.CALLER, null));
                };
            case Reply.Refused refused -> new Asked.Failed(failed(refused));
            case Reply.Unreached unreached -> new Asked.Failed(failed(unreached));
        };
    }

    /** Sends a snapshot; sending the same one again does no harm. */
    public Delivery send(byte[] snapshot) throws InterruptedException {
        try {
            return switch (client.call("POST", "/api/v1/snapshots", snapshot, PATIENCE)) {
                case Reply.Done _ -> new Delivery.Accepted();
                case Reply.Refused refused -> failed(refused);
                case Reply.Unreached unreached -> failed(unreached);
            };
        } catch (UsageException e) {
            return failed(e);
        }
    }

    /** There is no token at the moment: perhaps it is just being replaced. */
    private static Delivery.Failed failed(UsageException e) {
        return new Delivery.Failed(e.text(), e.hint(), Delivery.Kind.CALLER, null);
    }

    private static Delivery.Failed failed(Reply.Unreached unreached) {
        return new Delivery.Failed(unreached.reason(), unreached.hint(), Delivery.Kind.UNREACHED, null);
    }

    private static Delivery.Failed failed(Reply.Refused refused) {
        String reason = refused.reason();
        return switch (refused.status()) {
            case 401 ->
                new Delivery.Failed(
                        "the server does not accept the token: " + reason,
                        "A new one: panoptes tokens create --role observer --host NAME, on the server's host",
                        Delivery.Kind.CALLER,
                        null);
            case 403 ->
                new Delivery.Failed(
                        "the token is not for this: " + reason,
                        "It must be an observer's, for the host that is observed",
                        Delivery.Kind.CALLER,
                        null);
            case 404, 405 ->
                new Delivery.Failed(
                        "the server takes no snapshots: " + reason,
                        "Is it older than this observer, or --server not its own URL?",
                        Delivery.Kind.CALLER,
                        null);
            case 409 ->
                new Delivery.Failed(
                        "the server has a newer snapshot of this host",
                        "Does another observer speak for it, or was this host's clock put back?",
                        Delivery.Kind.SNAPSHOT,
                        null);
            case 413 ->
                new Delivery.Failed(
                        "the snapshot is too large for the server: " + reason, "", Delivery.Kind.SNAPSHOT, null);
            case 429 ->
                new Delivery.Failed(
                        "the server wants to be asked less often", "", Delivery.Kind.LATER, refused.retryAfter());
            default ->
                refused.status() >= 500
                        ? new Delivery.Failed(
                                "the server cannot take it now: " + reason,
                                "",
                                Delivery.Kind.LATER,
                                refused.retryAfter())
                        : new Delivery.Failed(
                                "the server refuses the snapshot: " + reason, "", Delivery.Kind.SNAPSHOT, null);
        };
    }
}
