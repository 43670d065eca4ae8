package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.report.DiffJson;
import dev.panoptes.integrity.report.DiffText;
import dev.panoptes.integrity.report.Formats;
import dev.panoptes.integrity.report.ReportReader;
import dev.panoptes.integrity.report.StoredReport;
import dev.panoptes.integrity.verdict.Policy;
import dev.panoptes.integrity.verdict.ReportDiff;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Compares two reports. Exit 1 where the later one has a new issue at or above the limit. */
final class DiffCommand implements Command {
    @Override
    public String name() {
        return "diff";
    }

    @Override
    public String summary() {
        return "Compare two JSON reports: what is new, resolved, unchanged";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec earlier = options.argument(0, "1", "EARLIER", "The earlier report, as JSON.");
        PositionalParamSpec later = options.argument(1, "1", "LATER", "The later report, as JSON.");
        OptionSpec format =
                options.word("--format", "FORMAT", List.of(Formats.TEXT, Formats.JSON), "text or json; text.");
        OptionSpec failOn = options.word(
                "--fail-on", "SEVERITY", JudgedOptions.severities(), "Exit 1 for a new issue from here on; high.");
        return shell -> diff(
                Options.path(earlier),
                Options.path(later),
                Options.text(format, Formats.TEXT),
                Severity.of(Options.text(failOn, "")).orElse(Policy.STRICT.failOn()),
                shell);
    }

    private static ExitCode diff(Path earlier, Path later, String format, Severity failOn, Shell shell)
            throws UsageException, IOException {
        ReportReader reader = new ReportReader();
        StoredReport before = StoredReports.read(earlier, reader);
        StoredReport after = StoredReports.read(later, reader);
        ReportDiff diff = ReportDiff.between(before.issues(), after.issues(), after::judged);
        shell.print(format.equals(Formats.JSON) ? new DiffJson().write(diff) : new DiffText(shell.style()).write(diff));
        for (Issue issue : diff.added()) {
            if (!issue.waived() && issue.severity().atLeast(failOn)) {
                return ExitCode.FAILED;
            }
        }
        return ExitCode.OK;
    }
}
