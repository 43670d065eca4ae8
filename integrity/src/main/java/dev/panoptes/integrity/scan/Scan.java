package dev.panoptes.integrity.scan;

import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.Scanner;
import dev.panoptes.integrity.judging.Scanner.Judged;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** One scan from beginning to end: gather the views, run the checks, make the report. */
public final class Scan {
    private final List<Check> checks;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param checks every check there is; the request selects among them */
    public Scan(List<Check> checks, InstantSource clock, RandomGenerator random) {
        this.checks = List.copyOf(checks);
        this.clock = clock;
        this.random = random;
    }

    /** @throws InterruptedException when the caller was interrupted; then there is no report */
    public ScanOutcome run(ScanRequest request) throws InterruptedException {
        return run(request, Remembered.NOTHING);
    }

    /** A scan where there is no registry: what compose files, units and Dockerfiles declare is judged by itself. */
    public ScanOutcome runWithoutRegistry(ScanRequest request) throws InterruptedException {
        return run(request, Remembered.NOTHING, true, _ -> {});
    }

    /** The same with what earlier scans or other observers know. */
    public ScanOutcome run(ScanRequest request, Remembered remembered) throws InterruptedException {
        return run(request, remembered, _ -> {});
    }

    /** The same. @param registry told the bytes of the registry that are judged; not at all where there are none */
    public ScanOutcome run(ScanRequest request, Remembered remembered, Consumer<byte[]> registry)
            throws InterruptedException {
        return run(request, remembered, false, registry);
    }

    private ScanOutcome run(
            ScanRequest request, Remembered remembered, boolean withoutRegistry, Consumer<byte[]> registry)
            throws InterruptedException {
        Instant started = now();
        List<Check> selected = request.selection().of(checks);
        WorldReader reader = new WorldReader(groups(selected), clock, withoutRegistry, registry);
        return switch (reader.read(request, remembered, started)) {
            case WorldReader.Gathered.Refused(String message, String hint) -> new ScanOutcome.Refused(message, hint);
            case WorldReader.Gathered.Whole(World world, List<String> notes) ->
                new ScanOutcome.Completed(judge(request, selected, world, notes, started), world);
        };
    }

    private ScanReport judge(
            ScanRequest request, List<Check> selected, World world, List<String> notes, Instant started)
            throws InterruptedException {
        Duration left = request.deadline().minus(Duration.between(started, now()));
        List<Judged> judged = new Scanner(selected, left.isNegative() ? Duration.ZERO : left).scan(world);
        Declarations declarations = world.declarations();
        if (declarations != null) {
            declarations.code().keep();
        }
        String reportId = HexFormat.of().toHexDigits(random.nextInt());
        return new ScanReportBuilder(request, world, groups(selected), judged).build(reportId, started, now(), notes);
    }

    private static Set<CheckGroup> groups(List<Check> checks) {
        Set<CheckGroup> groups = EnumSet.noneOf(CheckGroup.class);
        for (Check check : checks) {
            groups.add(check.info().group());
        }
        return groups;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
