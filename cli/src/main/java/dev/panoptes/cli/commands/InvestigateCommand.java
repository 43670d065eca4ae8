package dev.panoptes.cli.commands;

import dev.panoptes.cli.investigate.Evidence;
import dev.panoptes.cli.investigate.Reading;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.StampZone;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.text.Visible;
import dev.panoptes.detection.Detector;
import dev.panoptes.detection.fusion.Fusion;
import dev.panoptes.detection.fusion.Threat;
import dev.panoptes.detection.report.Investigation;
import dev.panoptes.detection.report.InvestigationHtml;
import dev.panoptes.detection.report.InvestigationJson;
import dev.panoptes.detection.report.InvestigationText;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.OwnRules;
import dev.panoptes.detection.sigma.RuleFiles;
import dev.panoptes.detection.sigma.RuleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Tells what happened, from logs and captures, without a server. */
final class InvestigateCommand implements Command {
    private static final List<String> LEVELS =
            Arrays.stream(Level.values()).map(Level::word).toList();

    @Override
    public String name() {
        return "investigate";
    }

    @Override
    public String summary() {
        return "Tell what happened, from logs, captures and events";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec inputs = PositionalParamSpec.builder()
                .index("0..*")
                .arity("1..*")
                .required(true)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel("FILE|DIR")
                .description("Logs, captures, lines of events, or folders of them; what they are is known by content.")
                .build();
        spec.addPositional(inputs);
        OptionSpec output =
                options.word("--output", "FORMAT", List.of("text", "json", "html"), "text (default), json or html.");
        OptionSpec failOn =
                options.word("--fail-on", "LEVEL", LEVELS, "Exit 1 where something of this level or above was found.");
        OptionSpec rules = options.files("--rules", "DIR", "Rules beside those that ship.");
        OptionSpec zone = options.text("--timezone", "ZONE", "Of stamps without a zone; else TZ tells.");
        OptionSpec year = options.number("--year", "Of the first line of a log that has none.");
        OptionSpec host =
                options.text("--host", "NAME", "Of records that name no host; else the logs beside them tell.");
        OptionSpec since = options.text("--since", "TIME", "Leave out what was before, such as 2026-03-01T09:30.");
        OptionSpec until = options.text("--until", "TIME", "Leave out what was at this time or later.");
        return shell -> {
            RuleFiles.Found found = OwnRules.read();
            for (Path directory : Options.files(rules)) {
                found = found.plus(readable(shell.resolve(directory)));
            }
            RuleSet set = RuleSet.of(found);
            set.problems().forEach(problem -> shell.err().println(problem.text()));
            Detector detector = new Detector(set);
            Integer from = year.getValue() instanceof Integer number ? number : null;
            ZoneId stamps = StampZone.of(Options.text(zone));
            Reading reading = new Reading(stamps, from, Options.text(host), time(since, stamps), time(until, stamps));
            Evidence evidence = new Evidence(detector, reading);
            for (Object input : (List<?>) inputs.getValue()) {
                evidence.read(shell.resolve(Path.of(input.toString())), input.toString());
            }
            evidence.finish();
            return told(
                    investigation(detector, evidence),
                    Options.text(output, "text"),
                    Options.text(failOn),
                    evidence,
                    shell);
        };
    }

    private static RuleFiles.Found readable(Path directory) throws UsageException {
        try {
            return RuleFiles.read(directory);
        } catch (IOException e) {
            throw new UsageException("the rules cannot be read: " + e.getMessage(), "");
        }
    }

    private static @Nullable Instant time(OptionSpec option, ZoneId zone) throws UsageException {
        String text = Options.text(option);
        if (text == null) {
            return null;
        }
        try {
            TemporalAccessor time = DateTimeFormatter.ofPattern(
                            "uuuu-MM-dd[['T'][' ']HH:mm[:ss[.SSSSSSSSS][.SSSSSS][.SSS]]][XXX]", Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT)
                    .parse(text);
            LocalTime clock = time.query(TemporalQueries.localTime());
            return LocalDate.from(time)
                    .atTime(clock == null ? LocalTime.MIDNIGHT : clock)
                    .atZone(Objects.requireNonNullElse(time.query(TemporalQueries.offset()), zone))
                    .toInstant();
        } catch (DateTimeException e) {
            throw new UsageException(
                    option.longestName() + ": " + text + " is no time",
                    "For example 2026-03-01, 2026-03-01T09:30 (in --timezone) or 2026-03-01T09:30:00Z");
        }
    }

    private static Investigation investigation(Detector detector, Evidence evidence) {
        Fusion.Result result = detector.conclude();
        List<Threat.Open> open = result.incidents().stream()
                .map(incident -> new Threat.Open(incident.severity(), incident.confidence(), incident.last(), false))
                .toList();
        return new Investigation(
                Threat.of(open, detector.last()),
                result.incidents(),
                result.findings(),
                evidence.unreadable(),
                detector.events(),
                detector.repeated(),
                detector.dropped(),
                evidence.outside(),
                evidence.datasets());
    }

    private static ExitCode told(
            Investigation investigation, String format, @Nullable String failOn, Evidence evidence, Shell shell)
            throws IOException {
        switch (format) {
            case "json" -> new InvestigationJson().write(investigation, shell.out());
            case "html" -> InvestigationHtml.write(investigation, shell.out());
            default -> InvestigationText.write(investigation, shell.out());
        }
        shell.out().flush();
        evidence.notes().forEach(one -> shell.err().println(Visible.of(one)));
        investigation.unreadable().forEach(one -> shell.err().println("could not be read: " + Visible.of(one)));
        Level level = failOn == null ? null : Level.of(failOn);
        if (level != null && investigation.reaches(level)) {
            return ExitCode.FAILED;
        }
        return investigation.unreadable().isEmpty() ? ExitCode.OK : ExitCode.INCOMPLETE;
    }
}
