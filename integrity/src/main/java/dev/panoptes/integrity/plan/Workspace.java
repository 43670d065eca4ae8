package dev.panoptes.integrity.plan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files below the root as they would be after the plan. Reads the real ones, writes only to memory; {@link #diff} is the
 * difference.
 */
final class Workspace {
    private static final long LARGEST_FILE_BYTES = 4 << 20;
    private static final int MOST_FILES_IN_A_DIRECTORY = 200;

    private final Path root;
    private final GitFiles git;
    private final Map<String, List<String>> originals = new HashMap<>();
    private final Map<String, Change> changes = new LinkedHashMap<>();

    /** Per edited file, which line of the original each line was; 0 for a new one. Places in declarations are original ones. */
    private final Map<String, List<Integer>> origins = new HashMap<>();

    private sealed interface Change {
        record Written(List<String> lines) implements Change {}

        record Deleted() implements Change {}
    }

    Workspace(Path root) {
        this.root = root;
        this.git = GitFiles.of(root);
    }

    Path root() {
        return root;
    }

    /** How many blanks a line begins with, as YAML counts them. */
    static int indent(String line) {
        return (int) line.chars().takeWhile(character -> character == ' ').count();
    }

    /** The path below the root; empty where the file lies elsewhere. */
    Optional<String> below(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Path base = root.toAbsolutePath().normalize();
        return absolute.startsWith(base) ? Optional.of(base.relativize(absolute).toString()) : Optional.empty();
    }

    /** The lines as they stand in the plan so far; empty where the file is gone, no text, or too large to edit. */
    Optional<List<String>> lines(String path) {
        return switch (changes.get(path)) {
            case Change.Written(List<String> lines) -> Optional.of(lines);
            case Change.Deleted() -> Optional.empty();
            case null -> original(path);
        };
    }

    boolean exists(String path) {
        return switch (changes.get(path)) {
            case Change.Written(List<String> _) -> true;
            case Change.Deleted() -> false;
            case null -> Files.exists(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
        };
    }

    /** True where the plan so far touches one of these files. */
    boolean changed(List<String> paths) {
        return paths.stream().anyMatch(changes::containsKey);
    }

    /** Makes a new file. The last element is what stands behind the last newline, usually empty. */
    void create(String path, List<String> lines) {
        changes.put(path, new Change.Written(List.copyOf(lines)));
    }

    /** Where a line of the original file, counted from 1, stands now, counted from 0; -1 where it is gone. */
    int current(String path, int originalLine) {
        List<Integer> known = origins.get(path);
        return known == null ? originalLine - 1 : known.indexOf(originalLine);
    }

    /** @param index counted from 0, in the text as it is now */
    void replaceLine(String path, int index, String text) {
        List<String> lines = editable(path);
        lines.set(index, text);
        changes.put(path, new Change.Written(List.copyOf(lines)));
    }

    /** @param from counted from 0, in the text as it is now; @param to exclusive */
    void removeLines(String path, int from, int to) {
        List<String> lines = editable(path);
        lines.subList(from, to).clear();
        origins.getOrDefault(path, List.of()).subList(from, to).clear();
        changes.put(path, new Change.Written(List.copyOf(lines)));
    }

    /** @param index counted from 0, in the text as it is now: what stands there moves down */
    void insertLines(String path, int index, List<String> added) {
        List<String> lines = editable(path);
        lines.addAll(index, added);
        origins.getOrDefault(path, List.of())
                .addAll(index, added.stream().map(_ -> 0).toList());
        changes.put(path, new Change.Written(List.copyOf(lines)));
    }

    private List<String> editable(String path) {
        List<String> lines = new ArrayList<>(lines(path).orElseThrow());
        origins.computeIfAbsent(path, _ -> {
            List<Integer> numbers = new ArrayList<>();
            for (int line = 1; line <= lines.size(); line++) {
                numbers.add(line);
            }
            return numbers;
        });
        return lines;
    }

    /**
     * Removes the files of a directory that Git holds as they are; false, and nothing removed, where there is none, or one that Git holds
     * was changed since, or cannot be part of a text patch. What Git does not hold stays and is shown nowhere.
     */
    boolean deleteTracked(String path) {
        List<String> files = new ArrayList<>();
        try (Stream<Path> found = Files.walk(root.resolve(path))) {
            found.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .limit(MOST_FILES_IN_A_DIRECTORY + 1L)
                    .forEach(file -> files.add(root.relativize(file).toString()));
        } catch (IOException | java.io.UncheckedIOException e) {
            return false;
        }
        List<String> held = files.stream().filter(this::held).toList();
        if (held.isEmpty() || files.size() > MOST_FILES_IN_A_DIRECTORY) {
            return false;
        }
        held.forEach(file -> changes.put(file, new Change.Deleted()));
        return true;
    }

    /** True where Git holds the file as it stands on the disk, so that a patch tells nothing that it does not. */
    boolean held(String path) {
        try {
            return original(path).isPresent() && git.holds(root.resolve(path), Files.readAllBytes(root.resolve(path)));
        } catch (IOException e) {
            return false;
        }
    }

    /** The state of the plan, to which {@link #restore} goes back. */
    record State(Map<String, Change> changes, Map<String, List<Integer>> origins) {}

    State state() {
        Map<String, List<Integer>> numbers = new HashMap<>();
        origins.forEach((path, lines) -> numbers.put(path, new ArrayList<>(lines)));
        return new State(new LinkedHashMap<>(changes), numbers);
    }

    void restore(State state) {
        changes.clear();
        changes.putAll(state.changes());
        origins.clear();
        state.origins().forEach((path, lines) -> origins.put(path, new ArrayList<>(lines)));
    }

    /** Text by path of what the plan makes of the tree; empty for a file that it deletes. */
    Map<String, Optional<String>> changed() {
        Map<String, Optional<String>> changed = new LinkedHashMap<>();
        changes.forEach((path, change) -> changed.put(
                path,
                switch (change) {
                    case Change.Written(List<String> lines) -> Optional.of(String.join("\n", lines));
                    case Change.Deleted() -> Optional.empty();
                }));
        return changed;
    }

    /** A path as patches name it: from the top of the work tree, which is where {@code git apply} begins. */
    private String inPatch(String path) {
        Path top = git.top();
        Path base = root.toAbsolutePath().normalize();
        return top == null || top.equals(base)
                ? path
                : top.relativize(base).resolve(path).toString();
    }

    /** All changes as one unified diff; empty where there are none. */
    String diff() {
        return diffOf(changes.keySet());
    }

    /** The changes of these files. */
    String diffOf(java.util.Set<String> paths) {
        StringBuilder text = new StringBuilder();
        changes.forEach((path, change) -> {
            if (!paths.contains(path)) {
                return;
            }
            Optional<List<String>> before = original(path);
            switch (change) {
                case Change.Written(List<String> lines) -> {
                    if (before.isEmpty()) {
                        text.append(UnifiedDiff.created(inPatch(path), lines));
                    } else if (!before.get().equals(lines)) {
                        text.append(UnifiedDiff.modified(inPatch(path), before.get(), lines));
                    }
                }
                case Change.Deleted() ->
                    before.ifPresent(lines -> text.append(UnifiedDiff.deleted(inPatch(path), lines, mode(path))));
            }
        });
        return text.toString();
    }

    private String mode(String path) {
        try {
            return Files.getPosixFilePermissions(root.resolve(path)).contains(PosixFilePermission.OWNER_EXECUTE)
                    ? "100755"
                    : "100644";
        } catch (IOException | UnsupportedOperationException e) {
            return "100644";
        }
    }

    private Optional<List<String>> original(String path) {
        List<String> known = originals.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        Path file = root.resolve(path).normalize();
        try {
            if (!file.startsWith(root)
                    || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(file) > LARGEST_FILE_BYTES) {
                return Optional.empty();
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                return Optional.empty();
            }
            List<String> lines = List.of(text.split("\n", -1));
            originals.put(path, lines);
            return Optional.of(lines);
        } catch (IOException e) {
            // Not readable or not UTF-8 text: it cannot be part of a patch, and the plan says so with its steps.
            return Optional.empty();
        }
    }
}
