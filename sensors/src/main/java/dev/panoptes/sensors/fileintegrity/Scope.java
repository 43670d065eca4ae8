package dev.panoptes.sensors.fileintegrity;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which files are looked at: a baseline is true of those only. What another configuration leaves out is not deleted, and what it
 * adds is not created.
 *
 * @param paths with everything below them
 * @param leftOut with everything below them
 */
record Scope(Set<String> paths, Set<String> leftOut) {
    private static final String BETWEEN = " ";
    private static final String WITHOUT = "|";

    Scope(List<String> paths, Set<String> leftOut) {
        this(plain(paths), plain(leftOut));
    }

    /** Each in one spelling: without a slash at its end. */
    static Set<String> plain(Collection<String> paths) {
        return paths.stream()
                .map(path -> path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Of what is looked at and what is left out the nearer one counts: of /dev nothing is looked at, but of /dev/shm where that is asked. */
    boolean covers(String path) {
        int nearest = nearest(path, paths);
        return nearest >= 0 && nearest >= nearest(path, leftOut) && !leftOut.contains(path);
    }

    /** How long the longest of the directories is that a path is or lies in; -1 where none is. */
    private static int nearest(String path, Set<String> directories) {
        return directories.stream()
                .filter(directory -> path.equals(directory)
                        || directory.equals("/")
                        || (path.startsWith(directory) && path.charAt(directory.length()) == '/'))
                .mapToInt(String::length)
                .max()
                .orElse(-1);
    }

    /** One line. */
    String line() {
        return encoded(paths) + BETWEEN + WITHOUT + BETWEEN + encoded(leftOut);
    }

    private static String encoded(Set<String> paths) {
        return paths.stream()
                .map(path -> URLEncoder.encode(path, StandardCharsets.UTF_8))
                .collect(Collectors.joining(BETWEEN));
    }

    /** Null for what {@link #line} never wrote. */
    static @Nullable Scope parse(String line) {
        List<String> words = Arrays.asList(line.split(BETWEEN, -1));
        int middle = words.indexOf(WITHOUT);
        if (middle < 0) {
            return null;
        }
        try {
            return new Scope(
                    decoded(words.subList(0, middle)), Set.copyOf(decoded(words.subList(middle + 1, words.size()))));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static List<String> decoded(List<String> words) {
        return words.stream()
                .filter(word -> !word.isEmpty())
                .map(word -> URLDecoder.decode(word, StandardCharsets.UTF_8))
                .distinct()
                .toList();
    }
}
