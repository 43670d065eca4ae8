package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.code.command.Dollar;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.integrity.declared.UnitSettings.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns parsed units into {@link UnitFile}s: environment files that lie below the root are read, and the command line is told
 * with the environment that results.
 *
 * <p>An environment file that cannot be read leaves a unit's variables open where the unit is the only one to name it: it is
 * there to set something for this unit. One that several units share can hold no port of one of them, so the defaults in
 * their code stand.
 */
final class UnitFileResolver {
    private static final int LARGEST_ENVIRONMENT = 256 * 1024;

    private final ScannedTree tree;
    private final DeployedPaths paths;

    UnitFileResolver(ScannedTree tree, DeployedPaths paths) {
        this.tree = tree;
        this.paths = paths;
    }

    List<UnitFile> resolve(List<ParsedUnit> units) {
        Map<String, Long> uses = units.stream()
                .flatMap(unit -> unit.environmentFiles().stream()
                        .map(path -> ParsedUnit.withoutDash(path) + "\n" + unit.name())
                        .distinct())
                .distinct()
                .collect(Collectors.groupingBy(use -> use.substring(0, use.indexOf('\n')), Collectors.counting()));
        return units.stream().map(unit -> resolve(unit, uses)).toList();
    }

    private UnitFile resolve(ParsedUnit unit, Map<String, Long> uses) {
        Map<String, String> environment = new HashMap<>(UnitWords.assignments(unit.environment()));
        String unknown = null;
        boolean allRead = true;
        for (String path : unit.environmentFiles()) {
            String file = ParsedUnit.withoutDash(path);
            Map<String, String> read = environmentFile(file);
            if (read != null) {
                environment.putAll(read);
            } else {
                allRead = false;
                if (uses.getOrDefault(file, 1L) == 1) {
                    unknown = "its environment file " + TreePaths.shortened(file) + " is not in the scanned tree";
                }
            }
        }
        for (String unset : unit.unsetEnvironment()) {
            int equals = unset.indexOf('=');
            if (equals < 0) {
                environment.remove(unset);
            } else {
                environment.remove(unset.substring(0, equals), unset.substring(equals + 1));
            }
        }
        Setting directory = unit.workingDirectory().orElse(null);
        Setting exec = unit.execStart().orElse(null);
        String working = directory == null ? null : directory.value();
        StartEnvironment given =
                new StartEnvironment(environment, name -> working == null ? null : text(working + "/" + name));
        if (exec != null) {
            given.through(arguments(exec.value()));
        }
        StartCommand start = exec == null ? null : start(exec, environment, allRead);
        StartCommand inner = followed(start, working, environment);
        if (inner != null && !inner.equals(start)) {
            given.through(ShellWords.split(inner.text()));
        }
        unknown = unknown == null ? given.unknown() : unknown;
        return new UnitFile(
                unit.rootPath(),
                unit.name(),
                directory == null ? null : directory.value(),
                directory == null ? 0 : directory.line(),
                start == null || inner == null ? start : shownAs(start, inner),
                environment,
                unit.digest(),
                new UnitFile.Details(
                        unit.allAliases(),
                        unit.job(),
                        unit.trigger(),
                        unit.installable(),
                        unknown,
                        unit.dropIns(),
                        unit.conflicts(),
                        unit.workingDirectoryOptional(),
                        otherFile(exec, unit),
                        otherFile(directory, unit),
                        UnitFaults.commands(unit),
                        UnitFaults.unexpanded(unit),
                        unit.references(),
                        UnitFaults.refused(unit)));
    }

    private static @Nullable String otherFile(@Nullable Setting setting, ParsedUnit unit) {
        return setting == null || setting.file().equals(unit.rootPath()) ? null : setting.file();
    }

    /** The variables of a file below the root; null where it cannot be read. */
    private @Nullable Map<String, String> environmentFile(String path) {
        String file = switch (paths.locate(path)) {
            case DeployedPath.Below(String rootPath, boolean exists, boolean directory) ->
                exists && !directory ? rootPath : null;
            // A tree that holds what an installer copies below /, such as etc/default/NAME.
            case DeployedPath.Outside outside -> path.startsWith("/etc/") ? path.substring(1) : null;
            case DeployedPath.BuildProduct product -> null;
            case DeployedPath.Unclear unclear -> null;
        };
        return file != null && tree.read(file, LARGEST_ENVIRONMENT) instanceof Content.Text text
                ? UnitWords.environmentFile(text.text())
                : null;
    }

    /** The text of a file of the deployed machine; null where it is not in the tree. */
    private @Nullable String text(String path) {
        return paths.locate(TreePaths.normalized(path))
                                instanceof DeployedPath.Below(String rootPath, boolean exists, boolean directory)
                        && exists
                        && !directory
                        && tree.read(rootPath, LARGEST_ENVIRONMENT) instanceof Content.Text text
                ? text.text()
                : null;
    }

    /** What a script of a package file runs, in the folder that the command names or works in. */
    private @Nullable StartCommand followed(
            @Nullable StartCommand start, @Nullable String working, Map<String, String> environment) {
        PackageFolder place = start == null ? null : PackageFolder.of(start);
        String folder = place == null ? working : place.in(working);
        if (start == null
                || folder == null
                || !(paths.locate(TreePaths.normalized(folder)) instanceof DeployedPath.Below below)) {
            return start;
        }
        StartCommand inner = PackageScripts.followed(
                place == null ? start : place.command(),
                below.rootPath(),
                path -> tree.read(path, LARGEST_ENVIRONMENT) instanceof Content.Text text ? text.text() : null,
                environment);
        if (place == null) {
            return inner;
        }
        String directory = inner.directory();
        return new StartCommand(
                inner.text(),
                inner.runner(),
                inner.module(),
                inner.port(),
                directory == null ? folder : directory.startsWith("/") ? directory : folder + "/" + directory,
                inner.environment(),
                inner.arguments(),
                inner.line());
    }

    /** What the unit says stays what is shown. */
    private static StartCommand shownAs(StartCommand start, StartCommand inner) {
        return new StartCommand(
                start.text(),
                inner.runner(),
                inner.module(),
                inner.port(),
                inner.directory(),
                inner.environment(),
                inner.arguments(),
                start.line());
    }

    private static @Nullable StartCommand start(Setting exec, Map<String, String> environment, boolean allRead) {
        List<String> arguments = arguments(exec.value());
        List<String> expanded = new ArrayList<>();
        for (String argument : arguments) {
            String name = argument.startsWith("$") ? argument.substring(1) : "";
            boolean whole = !name.isEmpty() && Dollar.nameEnd(name, 0) == name.length();
            String value = whole ? environment.get(name) : null;
            if (value != null) {
                // systemd splits the value of a variable that is a word of its own.
                expanded.addAll(UnitWords.split(value));
            } else if (!whole || !allRead) {
                expanded.add(argument.replace("$$", "$"));
            }
        }
        return StartCommandParser.ofArguments(expanded, environment, exec.line());
    }

    /** The words of the last command of an ExecStart without its prefixes (systemd.service(5), table 1). */
    static List<String> arguments(String execStart) {
        List<String> words = UnitWords.split(execStart);
        int semicolon = words.subList(0, Math.max(0, words.size() - 1)).lastIndexOf(";");
        List<String> command = new ArrayList<>(words.subList(semicolon + 1, words.size()));
        if (!command.isEmpty() && command.getLast().equals(";")) {
            command.removeLast();
        }
        if (command.isEmpty()) {
            return command;
        }
        String program = command.getFirst();
        int at = 0;
        boolean named = false;
        while (at < program.length() && "@-:+!|".indexOf(program.charAt(at)) >= 0) {
            named |= program.charAt(at) == '@';
            at++;
        }
        command.set(0, program.substring(at));
        if (named && command.size() > 1) {
            // After "@" the second word is what the program calls itself.
            command.remove(1);
        }
        return command;
    }
}
