package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A systemd service unit file (systemd.service(5)) with its drop-ins applied.
 *
 * <p>Two files of one name are two copies of one unit: a host has one unit of each name.
 *
 * @param rootPath below the scan's root
 * @param name the file's name, for example {@code hermes.service}; {@code name@.service} for a template
 * @param workingDirectory as written, without a leading {@code -}; null where absent
 * @param start the last ExecStart; null where there is none
 * @param environment from {@code Environment=} and from environment files below the root; never printed whole
 * @param digest SHA-256 of the file
 * @param details what fewer checks ask for
 */
public record UnitFile(
        String rootPath,
        String name,
        @Nullable String workingDirectory,
        int workingDirectoryLine,
        @Nullable StartCommand start,
        Map<String, String> environment,
        String digest,
        Details details) {
    public UnitFile {
        environment = Map.copyOf(environment);
    }

    /** An ordinary unit: a service that runs on, without drop-ins. */
    public UnitFile(
            String rootPath,
            String name,
            @Nullable String workingDirectory,
            int workingDirectoryLine,
            @Nullable StartCommand start,
            Map<String, String> environment,
            String digest) {
        this(rootPath, name, workingDirectory, workingDirectoryLine, start, environment, digest, Details.ORDINARY);
    }

    /**
     * @param aliases other names of the same unit: links to its file, and {@code Alias=}
     * @param job true where it runs and ends ({@code Type=oneshot} without RemainAfterExit): it serves no port
     * @param trigger the timer, socket or path unit beside it that starts it; null where none does
     * @param installable true where it has an {@code [Install]} section that says what wants it, so that it can be enabled
     * @param environmentUnknown why variables may have other values than {@code environment} says; null where they may not
     * @param dropIns paths of its drop-ins below the root, in the order in which they apply
     * @param conflicts units that never run at the same time ({@code Conflicts=})
     * @param workingDirectoryOptional true where a missing WorkingDirectory does not keep it from starting ({@code -})
     * @param startPath the file that holds the ExecStart where that is a drop-in; null where it is the unit file
     * @param workingDirectoryPath the same for WorkingDirectory
     * @param commands every ExecStart of a service that may have only one; empty where it has one, or may have several
     * @param unexpanded what it holds that systemd does not replace, with the text as reports show it
     * @param references files and units that it names
     * @param refused lines for which systemd does not load it
     */
    public record Details(
            List<String> aliases,
            boolean job,
            @Nullable String trigger,
            boolean installable,
            @Nullable String environmentUnknown,
            List<String> dropIns,
            List<String> conflicts,
            boolean workingDirectoryOptional,
            @Nullable String startPath,
            @Nullable String workingDirectoryPath,
            List<Line> commands,
            List<Line> unexpanded,
            References references,
            List<Line> refused) {
        /** One whose lines systemd takes as they are meant. */
        public Details(
                List<String> aliases,
                boolean job,
                @Nullable String trigger,
                boolean installable,
                @Nullable String environmentUnknown,
                List<String> dropIns,
                List<String> conflicts,
                boolean workingDirectoryOptional,
                @Nullable String startPath,
                @Nullable String workingDirectoryPath) {
            this(
                    aliases,
                    job,
                    trigger,
                    installable,
                    environmentUnknown,
                    dropIns,
                    conflicts,
                    workingDirectoryOptional,
                    startPath,
                    workingDirectoryPath,
                    List.of(),
                    List.of(),
                    References.NONE,
                    List.of());
        }

        /** A service that runs on and can be enabled. */
        public static final Details ORDINARY =
                new Details(List.of(), false, null, true, null, List.of(), List.of(), false, null, null);

        public Details {
            aliases = List.copyOf(aliases);
            dropIns = List.copyOf(dropIns);
            conflicts = List.copyOf(conflicts);
            commands = List.copyOf(commands);
            unexpanded = List.copyOf(unexpanded);
            refused = List.copyOf(refused);
        }
    }

    /**
     * What a unit names besides its program.
     *
     * @param environmentFiles in order, those without patterns ({@code *}, {@code ?}) only
     * @param needs units that it names under {@code [Unit]}
     */
    public record References(List<EnvironmentFile> environmentFiles, List<Need> needs) {
        public static final References NONE = new References(List.of(), List.of());

        public References {
            environmentFiles = List.copyOf(environmentFiles);
            needs = List.copyOf(needs);
        }
    }

    /**
     * An {@code EnvironmentFile=} (systemd.exec(5)).
     *
     * @param path as written, specifiers replaced, without a leading {@code -}
     * @param optional true where a missing file does not keep the unit from starting ({@code -})
     */
    public record EnvironmentFile(String path, boolean optional, Line line) {}

    /**
     * A unit that another names (systemd.unit(5)).
     *
     * @param unit its name, specifiers replaced
     * @param hard true where the other does not start without it: {@code Requires=}, {@code Requisite=}, {@code BindsTo=}
     */
    public record Need(String unit, boolean hard, Line line) {}

    /** A line of the unit or of a drop-in. */
    public record Line(String file, int line, String text) {}

    /** True for {@code name@.service}: what it starts depends on the instance. */
    public boolean template() {
        return name.endsWith("@.service");
    }

    /** True where it serves: it is no template and does not run to an end. */
    public boolean serves() {
        return !template() && !details.job();
    }

    /** The name without {@code .service}. */
    public String shortName() {
        return name.endsWith(".service") ? name.substring(0, name.length() - ".service".length()) : name;
    }

    /** The file that holds the ExecStart. */
    public String startPath() {
        String path = details.startPath();
        return path == null ? rootPath : path;
    }

    /** The file that holds the WorkingDirectory. */
    public String workingDirectoryPath() {
        String path = details.workingDirectoryPath();
        return path == null ? rootPath : path;
    }
}
