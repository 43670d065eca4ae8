package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.fleet.RegistryLocation;
import dev.panoptes.integrity.fleet.UnnamedRegistries;
import dev.panoptes.integrity.report.Formats;
import dev.panoptes.integrity.report.ReportWriter;
import dev.panoptes.integrity.report.TextStyle;
import dev.panoptes.integrity.scan.ScanRequest;
import dev.panoptes.integrity.verdict.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of everything that scans, and what they ask for. */
final class ScanOptions {
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private final DeclaredOptions declared;
    private final ObservedOptions observed;
    private final JudgedOptions judged;
    private final OptionSpec offline;
    private final ClusterOptions cluster;
    private final OptionSpec snapshot;
    private final OptionSpec fromSnapshot;
    private final OptionSpec maxAge;
    private final OptionSpec format;
    private final OptionSpec output;
    private final OptionSpec deadline;
    private final OptionSpec noCache;

    /** @param formats what {@code --format} takes */
    ScanOptions(CommandSpec spec, List<String> formats) {
        Options options = new Options(spec);
        declared = new DeclaredOptions(options);
        options.heading("What is observed");
        offline = options.flag("--offline", "Declarations only: no socket, no health request, no systemd.");
        observed = new ObservedOptions(options);
        cluster = new ClusterOptions(options);
        snapshot = options.file("--snapshot", "FILE", "Also write what was observed.");
        fromSnapshot = options.files("--from-snapshot", "FILE", "Judge stored snapshots instead of looking.");
        maxAge = options.duration("--max-age", "A stored snapshot that is older is stale, which is unknown; 3m.");
        judged = new JudgedOptions(options);
        options.heading("How it is told and run");
        format = options.word("--format", "FORMAT", formats, "One of " + String.join(", ", formats) + ".");
        output = options.file("--output", "FILE", "Write the report there, whole or not at all.");
        deadline = options.duration("--deadline", "For the whole scan; 5m.");
        noCache = options.flag("--no-cache", "Read all code anew, and remember nothing of it.");
        options.close();
    }

    String format() {
        return Options.text(format, Formats.TEXT);
    }

    ReportWriter writer(Shell shell) throws UsageException {
        TextStyle style = output() == null ? shell.style() : TextStyle.PLAIN;
        return Formats.named(format(), style)
                .orElseThrow(() -> new UsageException(
                        "there is no format " + format(), "Formats: " + String.join(", ", Formats.NAMES)));
    }

    @Nullable
    Path output() {
        return Options.file(output);
    }

    /** Where to write what was observed; null: nowhere. */
    @Nullable
    Path snapshot() throws UsageException {
        Path file = Options.file(snapshot);
        if (file != null
                && (Options.given(offline) || !Options.files(fromSnapshot).isEmpty())) {
            throw new UsageException("--snapshot writes what is observed, but nothing is to be observed", "");
        }
        return file;
    }

    Policy policy() throws UsageException {
        return judged.policy();
    }

    /** True where there is no registry: then only what the tree declares is judged. */
    boolean isWithoutRegistry(Shell shell) {
        return declared.isWithoutRegistry(shell);
    }

    ScanRequest request(Shell shell) throws UsageException {
        return request(shell, declared.registry(shell));
    }

    ScanRequest requestWithoutRegistry(Shell shell) throws UsageException {
        return request(
                shell,
                new RegistryLocation.Found(
                        shell.resolve(Path.of("agent-registry.yaml")), "nothing", Profile.NONE, false));
    }

    private ScanRequest request(Shell shell, RegistryLocation.Found registry) throws UsageException {
        List<String> notes = notes(shell, registry);
        KnownBefore known = declared.knownBefore();
        return new ScanRequest(
                registry.file(),
                registry.profile(),
                declared.agentsPath(shell, registry.profile()),
                declared.root(),
                home(shell),
                declared.deployedAt(),
                observed.hostRoot(),
                observed.resolve(),
                Options.given(offline),
                judged.selection(),
                declared.waivers(),
                known.baseline(),
                Options.files(fromSnapshot),
                Options.duration(maxAge, ScanRequest.SNAPSHOT_MAX_AGE),
                known.recorded(),
                cache(shell),
                observed.probeTimeout(),
                Options.duration(deadline, DEADLINE),
                observed.concurrency(),
                notes,
                cluster.source(shell, Options.given(offline)));
    }

    private static List<String> notes(Shell shell, RegistryLocation.Found registry) {
        List<String> notes = new ArrayList<>();
        if (registry.assumed()) {
            notes.add("The profile " + registry.profile().name()
                    + " applies, since its registry exists and no other was found.");
        }
        if (registry.source().equals("nothing")) {
            notes.add(
                    "There is no registry, so what compose files, units and Dockerfiles declare is judged by itself.");
            UnnamedRegistries.near(shell.directory())
                    .forEach(file -> notes.add(file + " looks like a registry and was not read as one: --registry "
                            + file + " names it."));
        }
        return notes;
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
        return shell.variable("HOME") == null
                ? null
                : home(shell).resolve(".cache").resolve("panoptes");
    }

    private static Path home(Shell shell) {
        String home = shell.variable("HOME");
        return shell.resolve(Path.of(home == null ? "/" : home));
    }
}
