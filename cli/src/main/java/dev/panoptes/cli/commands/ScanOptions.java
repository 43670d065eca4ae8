package dev.panoptes.cli.commands;

import dev.panoptes.cli.Shell;
import dev.panoptes.cli.Similar;
import dev.panoptes.cli.UsageException;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.Baseline;
import dev.panoptes.integrity.Check;
import dev.panoptes.integrity.CheckGroup;
import dev.panoptes.integrity.Policy;
import dev.panoptes.integrity.Profile;
import dev.panoptes.integrity.ScanRequest;
import dev.panoptes.integrity.Selection;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.report.Formats;
import dev.panoptes.integrity.report.ReportWriter;
import dev.panoptes.integrity.report.TextStyle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of {@code scan}, and what they ask for. */
final class ScanOptions {
    private static final String EVERY_GROUP = "all";
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final int CONCURRENCY = 64;

    private final OptionSpec registry;
    private final OptionSpec agentsPath;
    private final OptionSpec root;
    private final OptionSpec deployedAt;
    private final OptionSpec offline;
    private final OptionSpec hostRoot;
    private final OptionSpec resolve;
    private final OptionSpec snapshot;
    private final OptionSpec fromSnapshot;
    private final OptionSpec probeTimeout;
    private final OptionSpec only;
    private final OptionSpec skip;
    private final OptionSpec failOn;
    private final OptionSpec allowUnknown;
    private final OptionSpec format;
    private final OptionSpec output;
    private final OptionSpec deadline;
    private final OptionSpec concurrency;
    private final OptionSpec noCache;

    /** @param formats what {@code --format} takes */
    ScanOptions(CommandSpec spec, List<String> formats) {
        Options options = new Options(spec);
        options.heading("What is declared");
        registry = options.file(
                "--registry",
                "FILE",
                "The registry. Else PANOPTES_REGISTRY, REGISTRY_PATH,"
                        + " ./agent-registry.yaml, ./config/agent-registry.yaml, /etc/panoptes/agent-registry.yaml, a profile.");
        agentsPath =
                options.file("--agents-path", "DIR", "Each child directory is one agent's code. Else AGENTS_PATH.");
        root = options.file(
                "--root",
                "DIR",
                "Where compose files, Dockerfiles and units are looked for. Else the nearest"
                        + " common ancestor of registry and agents path.");
        deployedAt = options.text(
                "--deployed-at",
                "PREFIX",
                "The absolute path at which the root is deployed. Else found" + " out from the units.");
        options.heading("What is observed");
        offline = options.flag("--offline", "Declarations only: no socket, no probe, no systemd.");
        hostRoot = options.file("--host-root", "DIR", "Observe a captured file system instead of this machine.");
        resolve = options.words("--resolve", "HOST=ADDRESS", List.of(), "Probe this host at this address.");
        snapshot = options.file("--snapshot", "FILE", "Also write what was observed.");
        fromSnapshot = options.files("--from-snapshot", "FILE", "Judge stored snapshots instead of looking.");
        probeTimeout = options.duration("--probe-timeout", "For one health request; 5s.");
        options.heading("What is judged");
        only = options.words("--only", "NAMES", names(), "Run only these groups or checks, separated by commas.");
        skip = options.words("--skip", "NAMES", names(), "Do not run these groups or checks.");
        failOn = options.word("--fail-on", "SEVERITY", severities(), "Exit 1 from this severity on; high.");
        allowUnknown = options.add(OptionSpec.builder("--allow-unknown")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..1")
                .fallbackValue(EVERY_GROUP)
                .splitRegex(",")
                .paramLabel("GROUPS")
                .completionCandidates(groups())
                .description("Exit 0 though not everything could be checked: in all groups, or in these."));
        options.heading("How it is told");
        format = options.word("--format", "FORMAT", formats, String.join(", ", formats) + ".");
        output = options.file("--output", "FILE", "Write the report there, whole or not at all.");
        options.heading("How it runs");
        deadline = options.duration("--deadline", "For the whole scan; 5m.");
        concurrency = options.number("--concurrency", "Health requests at once; 64.");
        noCache = options.flag("--no-cache", "Read all code anew and cache nothing.");
        options.close();
    }

    ReportWriter writer(Shell shell) throws UsageException {
        TextStyle style = output() == null ? shell.style() : TextStyle.PLAIN;
        String name = format();
        return Formats.named(name, style)
                .orElseThrow(() -> new UsageException("there is no format " + name, "Formats: " + Formats.NAMES));
    }

    String format() {
        return Options.text(format, Formats.TEXT);
    }

    @Nullable
    Path output() {
        return Options.file(output);
    }

    Policy policy() throws UsageException {
        Severity limit =
                Severity.of(Options.text(failOn, Policy.STRICT.failOn().id())).orElse(Policy.STRICT.failOn());
        EnumSet<CheckGroup> allowed = EnumSet.noneOf(CheckGroup.class);
        for (String name : Options.words(allowUnknown)) {
            if (name.equals(EVERY_GROUP)) {
                allowed = EnumSet.allOf(CheckGroup.class);
            } else {
                allowed.add(CheckGroup.of(name).orElseThrow(() -> unknownName("--allow-unknown", name, groups())));
            }
        }
        return new Policy(limit, allowed);
    }

    ScanRequest request(Shell shell) throws UsageException {
        Path agents = Options.file(agentsPath);
        String agentsVariable = shell.variable("AGENTS_PATH");
        if (agents == null && agentsVariable != null) {
            agents = Path.of(agentsVariable);
        }
        int limit = Options.number(concurrency, CONCURRENCY);
        if (limit < 1) {
            throw new UsageException("--concurrency must be at least 1", "");
        }
        Path hosts = Options.file(hostRoot);
        return new ScanRequest(
                registry(shell),
                Profile.NONE,
                agents,
                Options.file(root),
                Options.text(deployedAt),
                hosts == null ? Path.of("/") : hosts,
                resolved(),
                Options.given(offline),
                selection(),
                List.of(),
                Baseline.NONE,
                Options.files(fromSnapshot),
                Options.file(snapshot),
                cache(shell),
                Options.duration(probeTimeout, PROBE_TIMEOUT),
                Options.duration(deadline, DEADLINE),
                limit);
    }

    /** Null where nothing is to be cached, or there is no home to cache in. */
    private @Nullable Path cache(Shell shell) {
        if (Options.given(noCache)) {
            return null;
        }
        String base = shell.variable("XDG_CACHE_HOME");
        if (base != null && base.startsWith("/")) {
            return Path.of(base, "panoptes");
        }
        String home = shell.variable("HOME");
        return home == null ? null : shell.resolve(Path.of(home, ".cache", "panoptes"));
    }

    private Path registry(Shell shell) throws UsageException {
        Path given = Options.file(registry);
        if (given != null) {
            return given;
        }
        for (String name : new String[] {"PANOPTES_REGISTRY", "REGISTRY_PATH"}) {
            String value = shell.variable(name);
            if (value != null) {
                return Path.of(value);
            }
        }
        for (String name : new String[] {"agent-registry.yaml", "config/agent-registry.yaml"}) {
            if (Files.exists(shell.resolve(Path.of(name)))) {
                return Path.of(name);
            }
        }
        throw new UsageException("no registry was found", "Write one: panoptes adopt > agent-registry.yaml");
    }

    private Selection selection() throws UsageException {
        return new Selection(names("--only", only), names("--skip", skip));
    }

    private static Set<String> names(String option, OptionSpec spec) throws UsageException {
        List<String> given = Options.words(spec);
        List<String> known = names();
        for (String name : given) {
            if (!known.contains(name)) {
                throw unknownName(option, name, known);
            }
        }
        return Set.copyOf(given);
    }

    private Map<String, String> resolved() throws UsageException {
        Map<String, String> addresses = new LinkedHashMap<>();
        for (String pair : Options.words(resolve)) {
            int equals = pair.indexOf('=');
            if (equals < 1 || equals == pair.length() - 1) {
                throw new UsageException("--resolve takes HOST=ADDRESS, not " + pair, "");
            }
            addresses.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return addresses;
    }

    private static UsageException unknownName(String option, String name, List<String> known) {
        String near = Similar.to(name, known);
        return new UsageException(
                option + ": there is no group or check " + name,
                near == null ? "Groups: " + String.join(", ", groups()) : "Did you mean " + near + "?");
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(groups());
        for (Check check : Checks.all()) {
            names.add(check.info().id());
        }
        return names;
    }

    private static List<String> groups() {
        List<String> groups = new ArrayList<>();
        for (CheckGroup group : CheckGroup.values()) {
            groups.add(group.id());
        }
        return groups;
    }

    private static List<String> severities() {
        List<String> severities = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            severities.add(severity.id());
        }
        return severities;
    }
}
