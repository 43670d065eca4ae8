package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.Similar;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.plan.FixPlan;
import dev.panoptes.integrity.plan.Planner;
import dev.panoptes.integrity.plan.Quoted;
import dev.panoptes.integrity.report.Formats;
import dev.panoptes.integrity.report.PlanJson;
import dev.panoptes.integrity.report.PlanText;
import dev.panoptes.integrity.report.TextStyle;
import dev.panoptes.integrity.scan.Scan;
import dev.panoptes.integrity.scan.ScanOutcome;
import dev.panoptes.integrity.scan.ScanRequest;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Scans, and prints the steps that make the issues go away. It changes nothing. */
final class PlanCommand implements Command {
    private static final String JSON = "json";

    @Override
    public String name() {
        return "plan";
    }

    @Override
    public String summary() {
        return "Scan, and print ordered steps to a fix, or a patch for git apply";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        OptionSpec patch = OptionSpec.builder("--patch")
                .type(boolean.class)
                .arity("0")
                .description("Print one unified diff for git apply: what was proven on a copy of the tree.")
                .build();
        PositionalParamSpec issue = PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .type(String.class)
                .paramLabel("ISSUE")
                .description("Plan for this issue id or fingerprint only.")
                .build();
        spec.addPositional(issue);
        spec.addOption(patch);
        ScanOptions options = new ScanOptions(spec, List.of(Formats.TEXT, JSON));
        return shell -> {
            String caller = CallerOptions.of(spec);
            boolean without = options.isWithoutRegistry(shell);
            ScanRequest request = without ? options.requestWithoutRegistry(shell) : options.request(shell);
            Scan scan = new Scan(Checks.all(), shell.clock(), shell.random());
            return switch (without ? scan.runWithoutRegistry(request) : scan.run(request)) {
                case ScanOutcome.Refused(String message, String hint) -> throw new UsageException(message, hint);
                case ScanOutcome.Completed(ScanReport report, World world) -> {
                    Planner.Outcome outcome;
                    try (Trial trial = Trial.of(scan, request, world, without, shell)) {
                        Planner planner = new Planner(world, trial.proof(), caller);
                        outcome = issue.getValue() == null
                                ? planner.plan(report.issues())
                                : planner.plan(report.issues(), selected(report.issues(), issue.getValue()));
                    }
                    PatchPlace place = PatchPlace.of(world, shell.directory());
                    if (Options.given(patch)) {
                        write(outcome.patch(), options.output(), shell);
                        if (!outcome.patch().isEmpty() && !place.isHere()) {
                            shell.err().println("apply it with: " + place.command());
                        }
                    } else {
                        String one = issue.getValue() == null ? "" : " " + Quoted.word(issue.getValue());
                        String applied = "panoptes plan" + caller + " --patch" + one + " | " + place.command();
                        write(text(options, outcome.plans(), applied, shell), options.output(), shell);
                    }
                    yield ExitCode.OK;
                }
            };
        };
    }

    private static Issue selected(List<Issue> issues, String wanted) throws UsageException {
        for (Issue issue : issues) {
            if (issue.id().equals(wanted) || issue.fingerprint().equals(wanted)) {
                return issue;
            }
        }
        String near = Similar.to(wanted, issues.stream().map(Issue::id).toList());
        throw new UsageException(
                "this scan found no issue " + wanted, near == null ? "" : "Did you mean " + near + "?");
    }

    private static String text(ScanOptions options, List<FixPlan> plans, String applied, Shell shell) {
        return options.format().equals(JSON)
                ? new PlanJson().write(plans)
                : new PlanText(options.output() == null ? shell.style() : TextStyle.PLAIN).write(plans, applied);
    }

    private static void write(String text, @Nullable Path file, Shell shell) throws IOException, UsageException {
        if (file == null) {
            shell.print(text);
        } else {
            new AtomicFile(shell.resolve(file)).write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
