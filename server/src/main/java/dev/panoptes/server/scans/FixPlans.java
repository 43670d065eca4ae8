package dev.panoptes.server.scans;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.plan.FixPlan;
import dev.panoptes.integrity.plan.FixStep;
import dev.panoptes.integrity.plan.Planner;
import dev.panoptes.integrity.plan.Proof;
import dev.panoptes.integrity.plan.Quoted;
import dev.panoptes.integrity.scan.Scan;
import dev.panoptes.integrity.scan.ScanOutcome;
import dev.panoptes.integrity.scan.ScanRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Plans how to mend an issue, as {@code panoptes plan} does: a scan that is not stored, and every edit tried on a copy of the tree.
 * That is dear, so one runs at a time, each has a deadline, and what was planned is kept for a while.
 */
final class FixPlans {
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int MOST_KEPT = 100;

    private final Scan scan;
    private final Supplier<ScanService.Asked> asked;
    private final ExecutorService threads;
    private final InstantSource clock;
    private final Semaphore turn = new Semaphore(1, true);
    private final Map<String, Known> kept = new LinkedHashMap<>();

    private record Known(Planned planned, Instant at) {}

    /** @param asked what to scan now */
    FixPlans(Scan scan, Supplier<ScanService.Asked> asked, ExecutorService threads, InstantSource clock) {
        this.scan = scan;
        this.asked = asked;
        this.threads = threads;
        this.clock = clock;
    }

    /** What became of it. */
    sealed interface Planned {
        /**
         * @param patch for {@code git apply}; empty where nothing was proven
         * @param command that plans the same by hand
         */
        record Plan(String issue, String title, boolean patched, List<FixStep> steps, String patch, String command)
                implements Planned {}

        /** A scan does not find it now. */
        record Gone() implements Planned {}

        /** Somebody accepted it. */
        record Waived() implements Planned {}

        /** It would take too long. @param command that plans it without this limit */
        record TooLong(String command) implements Planned {}
    }

    /** @param id of an issue */
    Planned plan(String id) throws InterruptedException {
        Optional<Planned> known = known(id);
        if (known.isPresent()) {
            return known.get();
        }
        String command = "panoptes plan" + caller(asked.get().request()) + " " + Quoted.word(id);
        if (!turn.tryAcquire(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            return new Planned.TooLong(command);
        }
        try {
            // Whoever had the turn before may have planned the same.
            known = known(id);
            if (known.isPresent()) {
                return known.get();
            }
            Planned planned = within(id, command);
            if (planned instanceof Planned.Plan || planned instanceof Planned.TooLong) {
                keep(id, planned);
            }
            return planned;
        } finally {
            turn.release();
        }
    }

    private Planned within(String id, String command) throws InterruptedException {
        Future<Planned> future = threads.submit(() -> make(id, command));
        try {
            return future.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return new Planned.TooLong(command);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException bug ? bug : new IllegalStateException(e.getCause());
        } finally {
            future.cancel(true);
        }
    }

    private Planned make(String id, String command) throws InterruptedException {
        ScanService.Asked now = asked.get();
        return switch (scan.run(now.request(), now.remembered())) {
            case ScanOutcome.Refused refused -> throw new IllegalStateException(refused.message());
            case ScanOutcome.Completed(var report, var world) -> {
                Issue wanted = report.issues().stream()
                        .filter(issue -> issue.id().equals(id))
                        .findFirst()
                        .orElse(null);
                if (wanted == null) {
                    yield new Planned.Gone();
                }
                if (wanted.waived()) {
                    yield new Planned.Waived();
                }
                try (Proof proof = proof(now.request(), world.declarations())) {
                    Planner.Outcome outcome =
                            new Planner(world, proof, caller(now.request())).plan(report.issues(), wanted);
                    FixPlan plan = outcome.plans().getFirst();
                    yield new Planned.Plan(
                            plan.issue(), plan.title(), plan.patched(), plan.steps(), outcome.patch(), command);
                }
            }
        };
    }

    /** Null where the tree cannot be copied: then no patch is offered. */
    private @Nullable Proof proof(ScanRequest request, @Nullable Declarations declarations) {
        try {
            return declarations == null
                    ? null
                    : Proof.of(scan, request, declarations.root(), declarations.agentsPath());
        } catch (IOException e) {
            LoggerFactory.getLogger(FixPlans.class).atInfo().setCause(e).log("no patch can be tried");
            return null;
        }
    }

    /** The options of a command that judges what this server judges. */
    private static String caller(ScanRequest request) {
        StringBuilder options = new StringBuilder();
        option(options, "--registry", request.registry());
        option(options, "--agents-path", request.agentsPath());
        option(options, "--root", request.root());
        return options.toString();
    }

    private static void option(StringBuilder options, String name, @Nullable Path value) {
        if (value != null) {
            options.append(' ').append(name).append(' ').append(Quoted.word(value.toString()));
        }
    }

    private synchronized Optional<Planned> known(String id) {
        Known found = kept.get(id);
        return found == null || found.at().plus(KEPT).isBefore(clock.instant())
                ? Optional.empty()
                : Optional.of(found.planned());
    }

    private synchronized void keep(String id, Planned planned) {
        kept.remove(id);
        kept.put(id, new Known(planned, clock.instant()));
        while (kept.size() > MOST_KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
    }
}
