package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.Similar;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.Scanner;
import dev.panoptes.integrity.report.IssueText;
import dev.panoptes.integrity.report.ReportReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Prints what a check means; of an issue, what its check means, and the issue itself where its report is given. */
final class ExplainCommand implements Command {
    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String summary() {
        return "What a check or an issue means and how to fix it";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec subject = options.argument(
                0,
                "0..1",
                "CHECK|ISSUE",
                Checks.all().stream().map(check -> check.info().id()).toList(),
                "A check, an issue id, or with --report a fingerprint. None: list all checks.");
        OptionSpec report = options.file("--report", "FILE", "A JSON report: show the issue as it was found.");
        return shell -> {
            String wanted = subject.getValue();
            shell.print(wanted == null ? list() : explain(wanted, Options.file(report), shell));
            return ExitCode.OK;
        };
    }

    private static String explain(String wanted, @Nullable Path report, Shell shell) throws UsageException {
        StringBuilder text = new StringBuilder();
        String name = wanted;
        if (report != null) {
            Issue issue = issue(wanted, report);
            name = issue.check();
            text.append('\n');
            new IssueText(shell.style())
                    .lines(issue)
                    .forEach(line -> text.append(line).append('\n'));
            text.append('\n');
        }
        CheckInfo check = check(name);
        return text.append(CheckPages.page(check.id()).orElse(check.title() + "\n"))
                .toString();
    }

    private static Issue issue(String wanted, Path report) throws UsageException {
        List<Issue> issues = StoredReports.read(report, new ReportReader()).issues();
        for (Issue issue : issues) {
            if (issue.id().equals(wanted) || issue.fingerprint().equals(wanted)) {
                return issue;
            }
        }
        String near = Similar.to(wanted, issues.stream().map(Issue::id).toList());
        throw new UsageException(
                report + " holds no issue " + wanted, near == null ? "" : "Did you mean " + near + "?");
    }

    /** The check of this id, else the one with the longest id that the issue id begins with. */
    private static CheckInfo check(String wanted) throws UsageException {
        CheckInfo best = null;
        List<CheckInfo> known = known();
        for (CheckInfo check : known) {
            boolean names = wanted.equals(check.id()) || wanted.startsWith(check.id() + "-");
            if (names && (best == null || check.id().length() > best.id().length())) {
                best = check;
            }
        }
        if (best == null) {
            String near = Similar.to(wanted, known.stream().map(CheckInfo::id).toList());
            throw new UsageException(
                    "there is no check " + wanted,
                    near == null ? "All checks: panoptes explain" : "Did you mean: panoptes explain " + near);
        }
        return best;
    }

    private static List<CheckInfo> known() {
        List<CheckInfo> known = new ArrayList<>();
        for (Check check : Checks.all()) {
            known.add(check.info());
        }
        known.add(Scanner.SCANNER_ERROR);
        return known;
    }

    private static String list() {
        StringBuilder text = new StringBuilder(4096);
        for (CheckGroup group : CheckGroup.values()) {
            boolean first = true;
            for (CheckInfo check : known()) {
                if (check.group() == group) {
                    if (first) {
                        text.append(text.isEmpty() ? "" : "\n")
                                .append(group.id())
                                .append('\n');
                    }
                    first = false;
                    text.append("  ")
                            .append(check.id())
                            .repeat(' ', Math.max(1, 34 - check.id().length()))
                            .append(check.severity().id())
                            .repeat(' ', 10 - check.severity().id().length())
                            .append(check.title())
                            .append('\n');
                }
            }
        }
        return text.append("\nMore: panoptes explain CHECK\n").toString();
    }
}
