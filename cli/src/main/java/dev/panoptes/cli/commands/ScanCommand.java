package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.report.Formats;
import dev.panoptes.integrity.report.NagiosStatus;
import dev.panoptes.integrity.report.ReportWriter;
import dev.panoptes.integrity.scan.Scan;
import dev.panoptes.integrity.scan.ScanOutcome;
import dev.panoptes.integrity.scan.ScanRequest;
import dev.panoptes.integrity.verdict.Policy;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.Verdict;
import dev.panoptes.integrity.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** Reads what a fleet declares, looks at what is there, reports where they disagree. */
final class ScanCommand implements Command {
    @Override
    public String name() {
        return "scan";
    }

    @Override
    public String summary() {
        return "Compare what is declared with what is there, and report";
    }

    @Override
    public void begin(List<String> arguments) {
        LookAtHost.begin(arguments);
    }

    @Override
    public Action prepare(CommandSpec spec) {
        ScanOptions options = new ScanOptions(spec, Formats.NAMES);
        return shell -> scan(options, shell);
    }

    private static ExitCode scan(ScanOptions options, Shell shell)
            throws UsageException, IOException, InterruptedException {
        Policy policy = options.policy();
        ReportWriter writer = options.writer(shell);
        Path snapshot = options.snapshot();
        boolean without = options.isWithoutRegistry(shell);
        ScanRequest request = without ? options.requestWithoutRegistry(shell) : options.request(shell);
        Scan scan = new Scan(Checks.all(), shell.clock(), shell.random());
        return switch (run(scan, request, without, shell)) {
            case ScanOutcome.Refused(String message, String hint) -> throw new UsageException(message, hint);
            case ScanOutcome.Completed(ScanReport report, World world) -> {
                if (snapshot != null) {
                    SnapshotFile.write(world.snapshots(), shell.resolve(snapshot));
                }
                Verdict verdict = policy.judge(report);
                new ReportOutput(shell).write(writer, report, verdict, options.output());
                yield options.format().equals(Formats.NAGIOS)
                        ? nagios(NagiosStatus.of(report, verdict))
                        : ExitCode.of(verdict.outcome());
            }
        };
    }

    private static ExitCode nagios(NagiosStatus status) {
        return switch (status) {
            case OK -> ExitCode.NAGIOS_OK;
            case WARNING -> ExitCode.NAGIOS_WARNING;
            case CRITICAL -> ExitCode.NAGIOS_CRITICAL;
            case UNKNOWN -> ExitCode.NAGIOS_UNKNOWN;
        };
    }

    private static ScanOutcome run(Scan scan, ScanRequest request, boolean withoutRegistry, Shell shell)
            throws InterruptedException {
        Progress progress = Progress.of(shell, withoutRegistry ? "scanning" : "scanning " + request.registry());
        try {
            return withoutRegistry ? scan.runWithoutRegistry(request) : scan.run(request);
        } finally {
            progress.close();
        }
    }
}
