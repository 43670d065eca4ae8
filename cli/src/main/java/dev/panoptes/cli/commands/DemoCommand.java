package dev.panoptes.cli.commands;

import dev.panoptes.cli.demo.DemoFault;
import dev.panoptes.cli.demo.DemoFleet;
import dev.panoptes.cli.demo.DemoScan;
import dev.panoptes.cli.demo.DemoWithServer;
import dev.panoptes.cli.demo.FleetCopy;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.integrity.plan.Planner;
import dev.panoptes.integrity.plan.Proof;
import dev.panoptes.integrity.report.Formats;
import dev.panoptes.integrity.report.PlanText;
import dev.panoptes.integrity.report.ReportWriter;
import dev.panoptes.integrity.report.TextStyle;
import dev.panoptes.integrity.scan.ScanOutcome;
import dev.panoptes.integrity.verdict.Policy;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.Verdict;
import dev.panoptes.integrity.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Starts the example fleet on a free loopback address, scans it, prints report and plan, stops it. */
final class DemoCommand implements Command {
    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String summary() {
        return "Start an example fleet with planted faults, scan it, plan, stop it";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        OptionSpec fault = options.word(
                "--fault", "NAME", DemoFault.ids(), "Plant one more: " + String.join(", ", DemoFault.ids()) + ".");
        OptionSpec format = options.word(
                "--format",
                "FORMAT",
                Formats.NAMES,
                "Print only the report, as " + String.join(", ", Formats.NAMES) + ".");
        OptionSpec server = options.flag(
                "--server", "Show enrolled agents with a server instead: configured, over a limit, lost, back.");
        return shell -> {
            if (!Options.given(server)) {
                return demo(fleet(shell), Options.text(fault), Options.text(format), shell);
            }
            if (Options.given(format)) {
                throw new UsageException("--format goes with the report, and --server prints none", "");
            }
            String planted = Options.text(fault);
            try (OrderlyStop _ = new OrderlyStop()) {
                new DemoWithServer(shell)
                        .run(
                                fleet(shell),
                                planted == null ? null : DemoFault.of(planted).orElseThrow());
            }
            return ExitCode.OK;
        };
    }

    /** The example fleet lies beside the launcher. */
    private static Path fleet(Shell shell) throws UsageException {
        Path fleet = shell.home().resolve("examples/fleet");
        if (!Files.isRegularFile(fleet.resolve("agent-registry.yaml"))) {
            throw new UsageException(
                    "the example fleet is not at " + fleet, "Start the demo with the panoptes launcher of a checkout");
        }
        return fleet;
    }

    private static ExitCode demo(Path fleet, @Nullable String fault, @Nullable String format, Shell shell)
            throws UsageException, IOException, InterruptedException {
        try (OrderlyStop _ = new OrderlyStop();
                FleetCopy copy = FleetCopy.of(
                        fleet, fault == null ? null : DemoFault.of(fault).orElseThrow());
                DemoFleet running = new DemoFleet(copy.root(), shell.random())) {
            shell.err().println("Starting the example fleet on " + running.address() + " ...");
            if (fault != null) {
                shell.err()
                        .println("Planted: " + DemoFault.of(fault).orElseThrow().description() + ".");
            }
            running.start();
            shell.err().println(running.size() + " agents run. Scanning ...");
            DemoScan scan = new DemoScan(copy.root(), running.address(), shell);
            return switch (scan.run()) {
                case ScanOutcome.Refused(String message, String hint) -> throw new UsageException(message, hint);
                case ScanOutcome.Completed(ScanReport report, World world) -> {
                    print(report, world, scan, format, shell);
                    shell.err().println("The example fleet is stopped, the demo is over.");
                    yield ExitCode.OK;
                }
            };
        }
    }

    private static void print(ScanReport report, World world, DemoScan scan, @Nullable String format, Shell shell)
            throws IOException, UsageException, InterruptedException {
        TextStyle style = shell.style();
        Verdict verdict = Policy.STRICT.judge(report);
        ReportWriter writer = format == null
                ? Formats.shown(style, "panoptes scan of this fleet would")
                : Formats.named(format, style).orElseThrow();
        new ReportOutput(shell).write(writer, report, verdict, null);
        if (format == null) {
            try (Proof proof = scan.proof()) {
                Planner planner = new Planner(world, proof, "");
                shell.print("\n"
                        + new PlanText(style)
                                .write(planner.plan(report.issues()).plans()));
            }
        }
    }
}
