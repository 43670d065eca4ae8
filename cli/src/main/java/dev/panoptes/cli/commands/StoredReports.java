package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.integrity.report.ReportReader;
import dev.panoptes.integrity.report.StoredReport;
import java.nio.file.Path;

/** Reads a report that the user names. */
final class StoredReports {
    private StoredReports() {}

    /** @throws UsageException where the file is absent or no report */
    static StoredReport read(Path file, ReportReader reader) throws UsageException {
        return switch (reader.read(file)) {
            case ReportReader.Result.Read(StoredReport report) -> report;
            case ReportReader.Result.Refused(String reason) ->
                throw new UsageException(
                        file + " " + reason, "A report is written by: panoptes scan --format json --output " + file);
        };
    }
}
