package dev.panoptes.cli.commands;

import dev.panoptes.cli.client.Line;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.observer.Delivery;
import dev.panoptes.cli.observer.ObserverService;
import dev.panoptes.cli.observer.ObserverService.Seen;
import dev.panoptes.cli.observer.Uplink;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.integrity.observed.ObservationPlan;
import dev.panoptes.integrity.observed.ObservationPlanJson;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends what is seen on this host to a server, once or again and again. One use. */
final class SendingObserver {
    private final LookAtHost look;
    private final Shell shell;
    /** What the server asked for last: while it cannot be asked, that still holds. */
    private @Nullable ObservationPlan plan;

    private boolean remarked;

    SendingObserver(LookAtHost look, Shell shell) {
        this.look = look;
        this.shell = shell;
    }

    /** @param every null: once */
    ExitCode run(ServerClient client, @Nullable Duration every)
            throws UsageException, IOException, InterruptedException {
        if (look.registry() != null && look.name() == null) {
            throw new UsageException(
                    "--registry with --server needs --host", "The host's name as the registry and the token have it");
        }
        if (every == null) {
            return once(uplink(client));
        }
        shell.stopping().onSignal(() -> {});
        return again(client, every, time -> {
            Thread.sleep(time);
            return false;
        });
    }

    /** Again and again. @param pause waits between two looks, or less long where something has changed */
    ExitCode again(ServerClient client, Duration every, ObserverService.Pause pause)
            throws UsageException, IOException, InterruptedException {
        Uplink uplink = uplink(client);
        return new ObserverService(
                        () -> look(uplink, every),
                        uplink::send,
                        every,
                        System::nanoTime,
                        pause,
                        shell.random(),
                        shell.err())
                .run();
    }

    private Uplink uplink(ServerClient client) throws UsageException {
        return new Uplink(client, new ObservationPlanJson(look.resolve()));
    }

    private ExitCode once(Uplink uplink) throws UsageException, IOException, InterruptedException {
        Snapshot seen;
        switch (snapshot(uplink)) {
            case Looked.At(Snapshot snapshot) -> seen = snapshot;
            case Looked.Not(Delivery.Failed why) -> {
                return failed(why);
            }
        }
        return switch (uplink.send(SnapshotFile.bytes(seen))) {
            case Delivery.Accepted() -> {
                long answers = seen.probes().stream()
                        .filter(probe -> probe.answer() instanceof ProbeAnswer.Healthy)
                        .count();
                shell.print("sent what was seen on " + Line.of(seen.host().name()) + ": "
                        + seen.listeners().size() + " listeners, "
                        + seen.units().size() + " units, " + answers + " of "
                        + seen.probes().size() + " health endpoints healthy\n");
                yield ExitCode.OK;
            }
            case Delivery.Failed why -> failed(why);
        };
    }

    private ExitCode failed(Delivery.Failed why) {
        shell.err().println("panoptes: " + why.reason());
        if (!why.hint().isEmpty()) {
            shell.err().println(why.hint());
        }
        return why.exitCode();
    }

    /** A look that was taken, or why there was none. */
    private sealed interface Looked {
        record At(Snapshot snapshot) implements Looked {}

        record Not(Delivery.Failed why) implements Looked {}
    }

    private Seen look(Uplink uplink, Duration every) throws IOException, InterruptedException {
        try {
            return switch (snapshot(uplink)) {
                case Looked.At(Snapshot snapshot) -> {
                    remark(every);
                    yield new Seen.Snapshot(SnapshotFile.bytes(snapshot));
                }
                case Looked.Not(Delivery.Failed why) -> new Seen.Nothing(why);
            };
        } catch (UsageException e) {
            // A file that the user named was there at the start; it may be there again.
            return new Seen.Nothing(new Delivery.Failed(e.text(), e.hint(), Delivery.Kind.CALLER, null));
        }
    }

    private Looked snapshot(Uplink uplink) throws UsageException, InterruptedException {
        String name = look.name();
        if (look.registry() != null && name != null) {
            return new Looked.At(look.look(name));
        }
        switch (uplink.plan()) {
            case Uplink.Asked.Plan(ObservationPlan asked) -> plan = asked;
            case Uplink.Asked.Failed(Delivery.Failed why) -> {
                if (plan == null) {
                    return new Looked.Not(why);
                }
            }
        }
        ObservationPlan asked = plan;
        if (asked == null) {
            throw new IllegalStateException("neither a plan nor a reason");
        }
        if (name != null && !name.equals(asked.host())) {
            throw new UsageException(
                    "the token is for the host " + Line.of(asked.host()) + ", not for " + name,
                    "Leave --host away, or give that host's token");
        }
        if (asked.declared() == 0 && !remarked) {
            remarked = true;
            shell.err()
                    .println("panoptes: the server's registry has no agent on the host " + Line.of(asked.host())
                            + "; is it spelled so in the registry?");
        }
        return new Looked.At(look.look(asked));
    }

    /** Says once that snapshots come too seldom to be judged. */
    private void remark(Duration every) {
        ObservationPlan asked = plan;
        if (asked != null && !remarked && every.compareTo(asked.staleAfter()) > 0) {
            remarked = true;
            shell.err()
                    .println("panoptes: the server takes a snapshot for stale after "
                            + asked.staleAfter().toSeconds() + " s, which is sooner than the next one comes");
        }
    }
}
