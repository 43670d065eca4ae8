package dev.panoptes.integrity.plan;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.world.World;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the fixes of one plan share: the world, the workspace, and which ports are spoken for. */
final class PlanContext {
    private final World world;
    private final @Nullable Workspace workspace;
    private final List<Issue> issues;
    private final String caller;
    private final Set<Integer> taken;
    private final Set<String> moved = new HashSet<>();

    /** @param caller the command that planned, with its options, as a shell takes them: steps repeat it */
    PlanContext(World world, @Nullable Workspace workspace, List<Issue> issues, String caller) {
        this.world = world;
        this.workspace = workspace;
        this.issues = List.copyOf(issues);
        this.caller = caller;
        this.taken = portsInUse(world);
    }

    /** What a fix may change, to which {@link #restore} goes back. */
    record State(Set<Integer> taken, Set<String> moved, Workspace.@Nullable State files) {}

    State state() {
        return new State(new HashSet<>(taken), new HashSet<>(moved), workspace == null ? null : workspace.state());
    }

    /** Undoes what a fix did to files and names; ports that it took stay taken, so that no other step is given them. */
    void restore(State state) {
        moved.clear();
        moved.addAll(state.moved());
        if (workspace != null && state.files() != null) {
            workspace.restore(state.files());
        }
    }

    /** These ports are spoken for, too. */
    void take(Set<Integer> ports) {
        taken.addAll(ports);
    }

    /** The command that scans for this issue's check alone. */
    String scanOnly(Issue issue) {
        return "panoptes scan" + caller + " --only " + issue.check();
    }

    /** The command that plans for this issue alone. */
    String planOnly(Issue issue) {
        return "panoptes plan" + caller + " " + Quoted.word(issue.id());
    }

    World world() {
        return world;
    }

    Registry registry() {
        return world.registry();
    }

    /** Null where the scan had no root, so nothing can be patched. */
    @Nullable
    Workspace workspace() {
        return workspace;
    }

    /** The registry's path below the root; empty where it lies elsewhere and no patch can reach it. */
    Optional<String> registryFile() {
        return workspace == null
                ? Optional.empty()
                : workspace.below(workspace.root().resolve(registry().file()));
    }

    /** The agent that an issue's {@code affected} names first. */
    Optional<DeclaredAgent> agent(String key) {
        return registry().agent(key);
    }

    Optional<CodeDirectory> directory(String path) {
        Declarations declarations = world.declarations();
        return declarations == null
                ? Optional.empty()
                : declarations.code().directories().stream()
                        .filter(directory -> directory.path().equals(path))
                        .findFirst();
    }

    /** The next port above {@code port} that nothing declares, binds or listens on; it is taken from then on. */
    int nextFreePort(int port) {
        for (int candidate = port + 1; candidate <= 65_535; candidate++) {
            if (taken.add(candidate)) {
                return candidate;
            }
        }
        for (int candidate = port - 1; candidate > 1023; candidate--) {
            if (taken.add(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException("every port is taken");
    }

    /** The issue that says that two of these directories are one agent, where both are still there in the plan. */
    Optional<Issue> duplicateAmong(List<String> directories) {
        return issues.stream()
                .filter(issue -> issue.check().equals("duplicate-dir"))
                .filter(issue -> directories.containsAll(issue.affected().subList(0, 2)))
                .filter(issue -> issue.affected().subList(0, 2).stream().allMatch(this::stillThere))
                .findFirst();
    }

    private boolean stillThere(String path) {
        return directory(path)
                .filter(found -> files(found).stream().anyMatch(file -> workspace == null || workspace.exists(file)))
                .isPresent();
    }

    /** Notes that an earlier step takes an agent or directory off a port. */
    void move(String name, int port) {
        moved.add(Keys.link(name) + ":" + port);
    }

    boolean moved(String name, int port) {
        return moved.contains(Keys.link(name) + ":" + port);
    }

    /**
     * Replaces a word in the one line of these files where it stands; false, and nothing changed, where it stands in none or
     * in several, for then only a person can tell which one counts.
     */
    boolean replaceOnly(List<String> files, String word, String replacement) {
        if (workspace == null) {
            return false;
        }
        Pattern pattern = Pattern.compile("(?<![\\w.])" + Pattern.quote(word) + "(?![\\w.])");
        String where = null;
        int at = -1;
        for (String file : files) {
            List<String> lines = workspace.lines(file).orElse(List.of());
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                boolean comment = line.startsWith("#") || line.startsWith("//") || line.startsWith("*");
                if (!comment && pattern.matcher(line).find()) {
                    if (where != null) {
                        return false;
                    }
                    where = file;
                    at = i;
                }
            }
        }
        return where != null && replaceAt(workspace, where, at, word, replacement);
    }

    /**
     * Replaces a YAML scalar where its reader found it; false, and nothing changed, where it does not stand there as it was read (it is
     * folded, escaped, or an alias of another place).
     */
    boolean replaceScalar(String file, Location place, String old, String replacement) {
        if (workspace == null || old.isEmpty()) {
            return false;
        }
        int index = workspace.current(file, place.line());
        List<String> lines = workspace.lines(file).orElse(List.of());
        if (index < 0 || index >= lines.size()) {
            return false;
        }
        String line = lines.get(index);
        int at = place.column() - 1;
        if (line.startsWith("'", at) || line.startsWith("\"", at)) {
            at++;
        }
        if (!line.startsWith(old, at)) {
            // A step before changed the line: then the text must stand there once.
            at = line.indexOf(old);
            if (at < 0 || line.indexOf(old, at + 1) >= 0) {
                return false;
            }
        }
        workspace.replaceLine(file, index, line.substring(0, at) + replacement + line.substring(at + old.length()));
        return true;
    }

    /** Replaces what stands once in one line of the original file, counted from 1; false, and nothing changed, where it does not. */
    boolean replaceInLine(String file, int line, String word, String replacement) {
        return workspace != null && replaceAt(workspace, file, workspace.current(file, line), word, replacement);
    }

    /** Replaces what a pattern finds in a line as it is now, counted from 0; false, and nothing changed, where it finds nothing. */
    boolean replaceMatches(String file, int index, Pattern pattern, String replacement) {
        return workspace != null && replaceMatches(workspace, file, index, pattern, replacement);
    }

    private static boolean replaceMatches(
            Workspace workspace, String file, int index, Pattern pattern, String replacement) {
        List<String> lines = workspace.lines(file).orElse(List.of());
        if (index < 0 || index >= lines.size()) {
            return false;
        }
        String old = lines.get(index);
        String changed = pattern.matcher(old).replaceAll(Matcher.quoteReplacement(replacement));
        if (changed.equals(old)) {
            return false;
        }
        workspace.replaceLine(file, index, changed);
        return true;
    }

    private static boolean replaceAt(Workspace workspace, String file, int index, String word, String replacement) {
        List<String> lines = workspace.lines(file).orElse(List.of());
        String before = Character.isLetterOrDigit(word.charAt(0)) ? "(?<![\\w.])" : "";
        Pattern pattern = Pattern.compile(before + Pattern.quote(word) + "(?!\\w)");
        return index >= 0
                && index < lines.size()
                && pattern.matcher(lines.get(index)).results().limit(2).count() == 1
                && replaceMatches(workspace, file, index, pattern, replacement);
    }

    /** Paths below the root of the code files of a directory. */
    static List<String> files(CodeDirectory directory) {
        return directory.files().stream()
                .map(dev.panoptes.code.CodeFile::rootPath)
                .toList();
    }

    private static Set<Integer> portsInUse(World world) {
        Set<Integer> ports = new HashSet<>();
        for (DeclaredAgent agent : world.registry().agents()) {
            if (world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at) {
                ports.add(at.port());
            }
        }
        world.snapshots().forEach(snapshot -> snapshot.listeners().forEach(listener -> ports.add(listener.port())));
        Declarations declarations = world.declarations();
        if (declarations != null) {
            for (CodeDirectory directory : declarations.code().directories()) {
                directory.programs().forEach(program -> ports.addAll(program.ports()));
            }
            for (UnitFile unit : declarations.units()) {
                add(ports, unit.start());
            }
            for (ComposeFile file : declarations.composeFiles()) {
                for (ComposeFile.Service service : file.services()) {
                    service.ports().forEach(published -> add(ports, published.host()));
                }
            }
            declarations.dockerfiles().forEach(dockerfile -> add(ports, dockerfile.start()));
        }
        return ports;
    }

    private static void add(Set<Integer> ports, @Nullable StartCommand start) {
        if (start != null) {
            add(ports, start.port());
        }
    }

    private static void add(Set<Integer> ports, @Nullable PortValue value) {
        if (value instanceof PortValue.Known known) {
            ports.add(known.port());
        }
    }
}
