package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.fleet.RegistryFinder;
import dev.panoptes.integrity.fleet.RegistryLocation;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.Selection;
import dev.panoptes.integrity.report.Formats;
import dev.panoptes.integrity.report.ReportWriter;
import dev.panoptes.integrity.scan.Scan;
import dev.panoptes.integrity.scan.ScanOutcome;
import dev.panoptes.integrity.scan.ScanRequest;
import dev.panoptes.integrity.verdict.Baseline;
import dev.panoptes.integrity.verdict.Policy;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Judges a registry by itself: every problem of the file and every check of the group registry, nothing else is read. */
final class ValidateCommand implements Command {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "validate";
    }

    @Override
    public String summary() {
        return "Judge a registry by itself";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec registry =
                options.argument(0, "0..1", "REGISTRY", "The registry; else it is found as scan finds it.");
        OptionSpec format =
                options.word("--format", "FORMAT", Formats.NAMES, "One of " + String.join(", ", Formats.NAMES) + ".");
        OptionSpec output = options.file("--output", "FILE", "Write the report there, whole or not at all.");
        return shell -> validate(registry.getValue(), Options.text(format, Formats.TEXT), Options.file(output), shell);
    }

    private static ExitCode validate(@Nullable String registry, String format, @Nullable Path output, Shell shell)
            throws UsageException, IOException, InterruptedException {
        Path file = registry == null ? found(shell) : Path.of(registry);
        ReportWriter writer = Formats.named(format, shell.style()).orElseThrow(() -> new IllegalStateException(format));
        return switch (new Scan(Checks.all(), shell.clock(), shell.random()).run(request(file))) {
            case ScanOutcome.Refused(String message, String hint) -> throw new UsageException(message, hint);
            case ScanOutcome.Completed(ScanReport report, var _) -> {
                Verdict verdict = Policy.STRICT.judge(report);
                new ReportOutput(shell).write(writer, report, verdict, output);
                yield ExitCode.of(verdict.outcome());
            }
        };
    }

    private static Path found(Shell shell) throws UsageException {
        if (new RegistryFinder(shell.directory(), shell.environment()).find(null, null)
                instanceof RegistryLocation.Found found) {
            return found.file();
        }
        throw new UsageException("no registry was found", "Name it: panoptes validate REGISTRY");
    }

    private static ScanRequest request(Path registry) {
        return new ScanRequest(
                registry,
                Profile.NONE,
                null,
                null,
                Path.of("/"),
                null,
                Path.of("/"),
                Map.of(),
                true,
                new Selection(Set.of(CheckGroup.REGISTRY.id()), Set.of()),
                List.of(),
                Baseline.NONE,
                List.of(),
                ScanRequest.SNAPSHOT_MAX_AGE,
                List.of(),
                null,
                DEADLINE,
                DEADLINE,
                1,
                List.of(),
                null);
    }
}
