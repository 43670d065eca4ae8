package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.SnapshotJson;
import dev.panoptes.integrity.report.ReportReader;
import dev.panoptes.integrity.report.StoredReport;
import dev.panoptes.integrity.verdict.Baseline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code --baseline} names: earlier reports and earlier snapshots, told apart by their content.
 *
 * @param recorded snapshots whose code is what should run
 */
record KnownBefore(Baseline baseline, List<Snapshot> recorded) {
    KnownBefore {
        recorded = List.copyOf(recorded);
    }

    /** @throws UsageException where a file is neither */
    static KnownBefore read(List<Path> files) throws UsageException {
        List<Issue> issues = new ArrayList<>();
        List<Snapshot> snapshots = new ArrayList<>();
        for (Path file : files) {
            switch (new ReportReader().read(file)) {
                case ReportReader.Result.Read(StoredReport report) -> issues.addAll(report.issues());
                case ReportReader.Result.Refused(String noReport) -> {
                    switch (new SnapshotJson().read(file)) {
                        case SnapshotJson.Result.Read(Snapshot snapshot) -> snapshots.add(snapshot);
                        case SnapshotJson.Result.Refused(String noSnapshot) ->
                            throw new UsageException(
                                    "--baseline: " + file + " is neither a report nor a snapshot: it " + noReport + "; "
                                            + noSnapshot,
                                    "A report is written by: panoptes scan --format json --output FILE; a snapshot by:"
                                            + " panoptes scan --snapshot FILE");
                    }
                }
            }
        }
        return new KnownBefore(issues.isEmpty() ? Baseline.NONE : new Baseline(issues), snapshots);
    }
}
