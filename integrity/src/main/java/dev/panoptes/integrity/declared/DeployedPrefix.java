package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Place;
import dev.panoptes.code.command.ModuleName;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the directory of the deployed machine that the scanned root stands for: the prefix under which most of the units'
 * absolute paths exist below the root.
 *
 * <p>Every path votes for each prefix under which the rest of it exists; a path that would be the root itself proves nothing.
 * Paths of the system ({@code /usr/bin/python3}) and through build products do not vote. A prefix under which fewer than half
 * of the working directories and scripts exist is not believed, nor is one of several with as many votes, unless it is where the root lies now.
 */
final class DeployedPrefix {
    private static final int MOST_PATHS = 2_000;
    private static final int MOST_COMPONENTS = 32;
    private static final int MOST_PREFIXES = 5;
    private static final Pattern NAMED_FILE = Pattern.compile("(\\./)?[\\w-]+(/[\\w.-]+)+");
    private static final Set<String> SYSTEM = Set.of(
            "bin", "sbin", "usr", "lib", "lib32", "lib64", "etc", "dev", "proc", "sys", "run", "boot", "snap", "nix");

    private DeployedPrefix() {}

    /** What the units tell. */
    sealed interface Answer {
        /** @param prefixes the likeliest first */
        record Known(List<String> prefixes) implements Answer {}

        /** @param reason one sentence */
        record Unclear(String reason) implements Answer {}
    }

    static Answer of(ScannedTree tree, List<ParsedUnit> units) {
        Set<String> judged = new LinkedHashSet<>();
        Set<String> paths = paths(units, judged);
        Votes votes = Votes.of(tree, paths, judged);
        List<String> best = votes.best();
        String root = tree.root().toString();
        if (best.size() == 1) {
            return new Answer.Known(withOthers(tree, best.getFirst(), paths, judged));
        }
        if (!best.isEmpty() && best.stream().allMatch(TreePaths::isPlaceholder)) {
            // Installers replace placeholders; each stands for the root where what follows exists below it.
            return new Answer.Known(best);
        }
        if (best.contains(root) || (best.isEmpty() && paths.stream().anyMatch(path -> isBelow(path, root)))) {
            return new Answer.Known(withOthers(tree, root, paths, judged));
        }
        return new Answer.Unclear(
                best.isEmpty()
                        ? "it is not known where the tree is deployed: too few paths of the units exist in it; say"
                                + " --deployed-at"
                        : "it is not known where the tree is deployed: " + String.join(" and ", best)
                                + " fit equally well; say --deployed-at");
    }

    /** Where most paths of another prefix, at least two, exist below the root as well, the root is deployed there too. */
    private static List<String> withOthers(ScannedTree tree, String first, Set<String> paths, Set<String> judged) {
        List<String> prefixes = new ArrayList<>(List.of(first));
        while (prefixes.size() < MOST_PREFIXES) {
            Set<String> left = new LinkedHashSet<>(paths);
            left.removeIf(path -> prefixes.stream().anyMatch(prefix -> path.equals(prefix) || isBelow(path, prefix)));
            Set<String> leftJudged = new LinkedHashSet<>(judged);
            leftJudged.retainAll(left);
            Votes votes = Votes.of(tree, left, leftJudged);
            List<String> best = votes.best();
            if (best.size() != 1
                    || votes.most() < 2
                    || prefixes.stream().anyMatch(prefix -> isBelow(prefix, best.getFirst()))) {
                break;
            }
            prefixes.add(best.getFirst());
        }
        return prefixes;
    }

    /** How many paths speak for each prefix that is believed. */
    private record Votes(Map<String, Integer> counts, Map<String, Integer> files, int most) {
        static Votes of(ScannedTree tree, Set<String> paths, Set<String> judged) {
            Map<String, Integer> votes = new HashMap<>();
            Map<String, Integer> files = new HashMap<>();
            for (String path : paths) {
                vote(tree, path, votes, files);
            }
            votes.entrySet()
                    .removeIf(vote -> vote.getValue() * 2L
                            < judged.stream()
                                    .filter(path -> isBelow(path, vote.getKey()))
                                    .count());
            return new Votes(
                    votes,
                    files,
                    votes.values().stream().mapToInt(Integer::intValue).max().orElse(0));
        }

        /** A file is there by its own name; a folder may be called like the tree itself, so it decides only where no file does. */
        List<String> best() {
            List<String> best = counts.entrySet().stream()
                    .filter(vote -> vote.getValue() == most)
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            int proven = best.stream()
                    .mapToInt(prefix -> files.getOrDefault(prefix, 0))
                    .max()
                    .orElse(0);
            return best.stream()
                    .filter(prefix -> files.getOrDefault(prefix, 0) == proven)
                    .toList();
        }
    }

    /**
     * The absolute paths that units name below no system directory.
     *
     * @param judged gets those that should exist: working directories and scripts; a program may be a build product
     */
    private static Set<String> paths(List<ParsedUnit> units, Set<String> judged) {
        Set<String> paths = new LinkedHashSet<>();
        for (ParsedUnit unit : units) {
            if (paths.size() >= MOST_PATHS) {
                break;
            }
            List<String> named = new ArrayList<>();
            String directory = unit.workingDirectory()
                    .map(UnitSettings.Setting::value)
                    .map(TreePaths::rooted)
                    .filter(value -> value.startsWith("/"))
                    .orElse(null);
            if (directory != null) {
                named.add(directory);
                // Of a template the folder that holds the directories of its instances.
                int instance = directory.indexOf("%i");
                if (instance > 0) {
                    named.add(directory.substring(0, directory.lastIndexOf('/', instance)));
                }
            }
            unit.execStart().ifPresent(exec -> {
                for (String written : UnitFileResolver.arguments(exec.value())) {
                    String argument = TreePaths.rooted(written);
                    if (argument.startsWith("/")) {
                        named.add(argument);
                    } else if (directory != null && isScript(argument)) {
                        named.add(directory + "/" + argument);
                    }
                }
            });
            Set<String> imported = new LinkedHashSet<>(modules(unit, directory));
            imported.addAll(files(unit, directory));
            named.addAll(imported);
            named.stream()
                    .filter(path -> !TreePaths.isOpen(path))
                    .map(TreePaths::normalized)
                    .filter(DeployedPrefix::votes)
                    .forEach(path -> {
                        paths.add(path);
                        if ((isScript(path) && !imported.contains(path)) || path.equals(directory)) {
                            judged.add(path);
                        }
                    });
        }
        return paths;
    }

    /**
     * Where a module lies that a command imports from its working directory, such as {@code wsgi.py}. An installed package may
     * hold it, so that it speaks for a prefix below which it lies and against none.
     */
    private static Set<String> modules(ParsedUnit unit, @Nullable String directory) {
        UnitSettings.Setting exec = unit.execStart().orElse(null);
        if (directory == null || exec == null) {
            return Set.of();
        }
        StartCommand start =
                StartCommandParser.ofArguments(UnitFileResolver.arguments(exec.value()), Map.of(), exec.line());
        StartCommand celery = start == null ? null : CeleryApp.of(start);
        if (celery != null) {
            return Set.of(TreePaths.normalized(
                    directory + "/" + CeleryApp.files(celery).paths().getFirst()));
        }
        return start != null
                        && start.runner() != null
                        && start.module() != null
                        && start.directory() == null
                        && ModuleName.of(start.runner(), start.module()) instanceof ModuleName.Files files
                        && files.packaged()
                ? Set.of(TreePaths.normalized(directory + "/" + files.paths().getFirst()))
                : Set.of();
    }

    /** Files that a command names relative to its working directory: a module, a configuration. One may be made on the machine. */
    private static Set<String> files(ParsedUnit unit, @Nullable String directory) {
        UnitSettings.Setting exec = unit.execStart().orElse(null);
        if (directory == null || exec == null) {
            return Set.of();
        }
        Set<String> files = new LinkedHashSet<>();
        for (String argument : UnitFileResolver.arguments(exec.value())) {
            if (NAMED_FILE.matcher(argument).matches()) {
                files.add(TreePaths.normalized(directory + "/" + argument));
            }
        }
        return files;
    }

    private static boolean isScript(String argument) {
        return argument.endsWith(".py") || argument.endsWith(".js") || argument.endsWith(".sh");
    }

    private static boolean votes(String path) {
        String[] components = path.split("/");
        return components.length > 1
                && components.length <= MOST_COMPONENTS
                && !SYSTEM.contains(components[1])
                && TreePaths.buildProduct(path) == null;
    }

    private static void vote(ScannedTree tree, String path, Map<String, Integer> votes, Map<String, Integer> files) {
        for (int slash = 0; slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (tree.look(path.substring(slash + 1)) instanceof Place.Here here) {
                String prefix = slash == 0 ? "/" : path.substring(0, slash);
                votes.merge(prefix, 1, Integer::sum);
                files.merge(prefix, here.regular() ? 1 : 0, Integer::sum);
            }
        }
    }

    private static boolean isBelow(String path, String prefix) {
        return path.startsWith(prefix.equals("/") ? "/" : prefix + "/");
    }
}
