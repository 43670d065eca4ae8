package dev.panoptes.sensors.persistence;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Readers that many kinds have in common. */
final class FilePlaces {
    private static final Pattern RUN_PARTS = Pattern.compile("[A-Za-z0-9_-]+");

    private FilePlaces() {}

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static boolean isAny(String path) {
        return !path.isEmpty();
    }

    /** What run-parts(8) and cron run: names without a dot or a tilde. */
    static boolean isRunPart(String path) {
        return RUN_PARTS.matcher(name(path)).matches();
    }

    /** No copy that an editor or a package manager left. */
    static boolean isMeant(String path) {
        String name = name(path);
        return !name.startsWith(".")
                && !name.endsWith("~")
                && !name.endsWith(".bak")
                && !name.endsWith(".sample")
                && !name.endsWith(".swp")
                && !name.contains(".dpkg-")
                && !name.endsWith(".rpmnew")
                && !name.endsWith(".rpmsave")
                && !name.endsWith(".rpmorig");
    }

    /** Whole files. @param user as whom they run; null: whoever triggers them */
    static Place.Reader whole(String kind, @Nullable String user, Predicate<String> wanted, String... globs) {
        return (tree, found) -> {
            for (String glob : globs) {
                for (String path : tree.glob(glob)) {
                    if (tree.isFile(path) && wanted.test(path)) {
                        found.accept(Entry.ofFile(kind, name(path), path, tree.digest(path))
                                .runs(path)
                                .user(user));
                    }
                }
            }
        };
    }

    /** Programs: what is not executable stands there disabled. */
    static Place.Reader programs(String kind, @Nullable String user, Predicate<String> wanted, String... globs) {
        return (tree, found) -> {
            for (String glob : globs) {
                for (String path : tree.glob(glob)) {
                    if (tree.isFile(path) && wanted.test(path)) {
                        found.accept(Entry.ofFile(kind, name(path), path, tree.digest(path))
                                .runs(path)
                                .user(user)
                                .enabled(tree.isExecutable(path)));
                    }
                }
            }
        };
    }

    /** Whole files in every home; they run as its user. */
    static Place.Reader inHomes(String kind, Predicate<String> wanted, String... globs) {
        return (tree, found) -> {
            for (Map.Entry<String, String> home : tree.homes().entrySet()) {
                for (String glob : globs) {
                    for (String path : tree.glob(home.getKey() + "/" + glob)) {
                        if (tree.isFile(path) && wanted.test(path)) {
                            found.accept(Entry.ofFile(kind, name(path), path, tree.digest(path))
                                    .runs(path)
                                    .user(home.getValue()));
                        }
                    }
                }
            }
        };
    }

    /**
     * Lines that fit a pattern. Its group {@code run} is what is run, its group {@code name} the name; without a name it is the
     * line itself.
     */
    static Place.Reader lines(
            String kind, @Nullable String user, Pattern pattern, Predicate<String> wanted, String... globs) {
        return (tree, found) -> {
            for (String glob : globs) {
                for (String path : tree.glob(glob)) {
                    if (tree.isFile(path) && wanted.test(path)) {
                        lines(tree, kind, user, pattern, path, found);
                    }
                }
            }
        };
    }

    static void lines(
            Tree tree,
            String kind,
            @Nullable String user,
            Pattern pattern,
            String path,
            java.util.function.Consumer<Entry> found) {
        for (Tree.Line line : tree.lines(path)) {
            Matcher matcher = pattern.matcher(line.text());
            if (matcher.find()) {
                Map<String, Integer> groups = pattern.namedGroups();
                String run = groups.containsKey("run") ? matcher.group("run") : null;
                String name = groups.containsKey("name") ? matcher.group("name") : null;
                found.accept(Entry.ofLine(
                                kind,
                                name == null || name.isBlank() ? line.text() : name.strip(),
                                path,
                                line.number(),
                                line.text())
                        .runs(unquoted(run == null ? line.text() : run))
                        .user(user));
            }
        }
    }

    static String unquoted(String text) {
        String stripped = text.strip();
        return stripped.length() > 1
                        && ((stripped.startsWith("\"") && stripped.endsWith("\""))
                                || (stripped.startsWith("'") && stripped.endsWith("'")))
                ? stripped.substring(1, stripped.length() - 1)
                : stripped;
    }

    /** Several readers as one. */
    static Place.Reader all(Place.Reader... readers) {
        return (tree, found) -> List.of(readers).forEach(reader -> reader.read(tree, found));
    }
}
