package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.event.Event;
import dev.panoptes.detection.EventLines;
import dev.panoptes.detection.sigma.Correlator;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.OwnRules;
import dev.panoptes.detection.sigma.Problem;
import dev.panoptes.detection.sigma.RuleCases;
import dev.panoptes.detection.sigma.RuleFiles;
import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.RuleSet;
import dev.panoptes.detection.sigma.RuleText;
import dev.panoptes.detection.sigma.Techniques;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.databind.ObjectMapper;

/** Checks, tests, runs and lists detection rules. */
final class RulesCommand implements Command {

    @Override
    public String name() {
        return "rules";
    }

    @Override
    public String summary() {
        return "Check, test, run and list detection rules (Sigma)";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec action = options.argument(
                0,
                "1",
                "ACTION",
                List.of("check", "test", "match", "list"),
                "check DIR...: tell every rule that cannot be loaded. test DIR: try the cases beside the rules. "
                        + "match: run rules over events. list: what rules there are.");
        PositionalParamSpec directories = PositionalParamSpec.builder()
                .index("1..*")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel("DIR")
                .description("Directories with rules, or files.")
                .build();
        spec.addPositional(directories);
        OptionSpec rules = options.files("--rules", "DIR", "match, list: these rules instead of those that ship.");
        OptionSpec events = options.text("--events", "FILE", "match: events as lines of JSON; - for standard input.");
        OptionSpec asJson = options.flag("--json", "list: as JSON.");
        return shell -> {
            List<Path> named = new ArrayList<>();
            if (directories.getValue() instanceof List<?> values) {
                values.forEach(value -> named.add(shell.resolve(Path.of(String.valueOf(value)))));
            }
            List<Path> chosen =
                    Options.files(rules).stream().map(shell::resolve).toList();
            return switch (Objects.requireNonNullElse(Options.text(action), "")) {
                case "check" -> check(given(named, "check"), shell);
                case "test" -> test(given(named, "test"), shell);
                case "match" -> match(chosen, Options.text(events), shell);
                case "list" -> list(named.isEmpty() ? chosen : named, Options.given(asJson), shell);
                case String other ->
                    throw new UsageException(
                            other.isEmpty() ? "what is to be done?" : "there is no action " + other,
                            "One of check, test, match, list: panoptes rules --help");
            };
        };
    }

    private static List<Path> given(List<Path> directories, String action) throws UsageException {
        if (directories.isEmpty()) {
            throw new UsageException("no directory was named", "Name one: panoptes rules " + action + " DIR");
        }
        return directories;
    }

    private static RuleFiles.@Nullable Found read(List<Path> directories, Shell shell) {
        RuleFiles.Found found = new RuleFiles.Found(List.of(), List.of());
        for (Path directory : directories) {
            try {
                found = found.plus(RuleFiles.read(directory));
            } catch (IOException e) {
                shell.err().println("cannot be read: " + e.getMessage());
                return null;
            }
        }
        return found;
    }

    private static ExitCode check(List<Path> directories, Shell shell) throws IOException {
        RuleFiles.Found found = read(directories, shell);
        if (found == null) {
            return ExitCode.INCOMPLETE;
        }
        RuleSet rules = RuleSet.of(found);
        StringBuilder text = new StringBuilder();
        rules.problems().forEach(problem -> text.append(problem.text()).append('\n'));
        shell.print(text.toString());
        shell.err().println(rules.read() + " rules, " + rules.problems().size() + " broken");
        return rules.problems().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static ExitCode test(List<Path> directories, Shell shell) throws IOException {
        RuleFiles.Found found = read(directories, shell);
        if (found == null) {
            return ExitCode.INCOMPLETE;
        }
        RuleSet rules = RuleSet.of(found);
        RuleCases cases = new RuleCases(rules);
        for (RuleText rule : found.rules()) {
            Path beside = Path.of(rule.file().replaceFirst("\\.ya?ml$", ".cases.yml"));
            cases.run(rule.file(), Files.isRegularFile(beside) ? text(beside) : null);
        }
        for (Path directory : directories) {
            Path ordinary = directory.resolve("ordinary.cases.yml");
            if (Files.isRegularFile(ordinary)) {
                cases.ordinary(text(ordinary), Level.MEDIUM);
            }
        }
        List<Problem> failures = new ArrayList<>(rules.problems());
        failures.addAll(cases.failures());
        StringBuilder text = new StringBuilder();
        failures.forEach(problem -> text.append(problem.text()).append('\n'));
        shell.print(text.toString());
        shell.err()
                .println(rules.rules().size() + " rules, " + cases.tried() + " cases, " + failures.size() + " failed");
        return failures.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static RuleText text(Path file) throws IOException {
        return new RuleText(file.toString(), Files.readString(file));
    }

    private ExitCode match(List<Path> directories, @Nullable String file, Shell shell)
            throws UsageException, IOException {
        if (file == null) {
            throw new UsageException("no events were named", "Name a file, or - for standard input: --events FILE");
        }
        RuleFiles.Found found = directories.isEmpty() ? OwnRules.read() : read(directories, shell);
        if (found == null) {
            return ExitCode.INCOMPLETE;
        }
        RuleSet rules = RuleSet.of(found);
        rules.problems().forEach(problem -> shell.err().println(problem.text()));
        Writer out = new BufferedWriter(new OutputStreamWriter(shell.out(), StandardCharsets.UTF_8), 1 << 16);
        Run run = new Run(rules, out);
        boolean read = true;
        try (InputStream in =
                Files.newInputStream(file.equals("-") ? Path.of("/dev/stdin") : shell.resolve(Path.of(file)))) {
            run.all(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16));
        } catch (IOException e) {
            shell.err().println(file + " cannot be read: " + e.getMessage());
            read = false;
        }
        run.end();
        out.flush();
        shell.err().println(run.summary());
        // A broken rule was told and the others ran: check is there to fail on it.
        return read && run.unreadable == 0 ? ExitCode.OK : ExitCode.INCOMPLETE;
    }

    /** One run of rules over lines of events. */
    private final class Run {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final RuleSet rules;
        private final Correlator correlator;
        private final Writer out;
        private final EventLines lines = new EventLines();
        private final Map<Integer, String> begins = new HashMap<>();
        private long events;
        private long matches;
        private long unreadable;

        Run(RuleSet rules, Writer out) {
            this.rules = rules;
            this.correlator = new Correlator(rules);
            this.out = out;
        }

        void all(BufferedReader reader) throws IOException {
            long number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                Event event = lines.read(line);
                if (event == null) {
                    unreadable++;
                } else {
                    events++;
                    match(event, number);
                }
            }
        }

        private void match(Event event, long line) throws IOException {
            String id = event.id();
            Object key = id == null ? (Object) line : id;
            List<Integer> matched = new ArrayList<>(4);
            rules.match(event, matched::add);
            for (int rule : matched) {
                if (correlator.wants(rule)) {
                    correlator.add(rule, event, key.toString(), line);
                }
                tell(rule, key);
            }
        }

        private void tell(int rule, Object event) throws IOException {
            RuleInfo info = rules.rules().get(rule);
            if (info.silent()) {
                return;
            }
            matches++;
            out.write(begins.computeIfAbsent(rule, _ -> begin(info)));
            out.write(event instanceof Long number ? number.toString() : JSON.writeValueAsString(event));
            out.write("}\n");
        }

        /** All of the line that is the same for every event that a rule matches. */
        private static String begin(RuleInfo info) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("rule", info.key());
            told.put("title", info.title());
            told.put("level", info.level() == null ? null : info.level().word());
            String object = JSON.writeValueAsString(told);
            return object.substring(0, object.length() - 1) + ",\"event\":";
        }

        void end() throws IOException {
            for (Correlator.Completed completed : correlator.completed()) {
                String event = completed.event();
                tell(completed.rule(), event.matches("[0-9]{1,18}") ? (Object) Long.valueOf(event) : event);
            }
        }

        String summary() {
            String text = rules.rules().size() + " rules, " + events + " events, " + matches + " matches";
            text += unreadable == 0 ? "" : ", " + unreadable + " lines are no events";
            return correlator.dropped() == 0
                    ? text
                    : text + ", " + correlator.dropped() + " matches could not be correlated";
        }
    }

    private ExitCode list(List<Path> directories, boolean asJson, Shell shell) throws IOException {
        RuleFiles.Found found = directories.isEmpty() ? OwnRules.read() : read(directories, shell);
        if (found == null) {
            return ExitCode.INCOMPLETE;
        }
        RuleSet rules = RuleSet.of(found);
        rules.problems().forEach(problem -> shell.err().println(problem.text()));
        if (asJson) {
            List<Map<String, Object>> all =
                    rules.rules().stream().map(RulesCommand::fields).toList();
            shell.print(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
        } else {
            StringBuilder text = new StringBuilder();
            for (RuleInfo rule : rules.rules()) {
                text.append(String.format(
                        java.util.Locale.ROOT,
                        "%-13s %-24s %s%n",
                        rule.level() == null ? "-" : rule.level().word(),
                        String.join(" ", rule.techniques()),
                        rule.title()));
            }
            shell.print(text.toString());
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> fields(RuleInfo rule) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", rule.key());
        fields.put("name", rule.name());
        fields.put("title", rule.title());
        fields.put("level", rule.level() == null ? null : rule.level().word());
        fields.put("techniques", Techniques.current(rule.techniques()));
        Map<String, Object> source = new LinkedHashMap<>();
        if (rule.source() != null) {
            source.put("product", rule.source().product());
            source.put("category", rule.source().category());
            source.put("service", rule.source().service());
        }
        fields.put("logsource", source);
        fields.put("file", rule.file());
        return fields;
    }
}
