package dev.panoptes.integrity.declared;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Paths inside containers and below the root: {@code /}-separated text, never looked up. */
final class ContainerPath {
    private ContainerPath() {}

    /**
     * A path as seen from a folder.
     *
     * @param folder absolute, or beginning with {@code ?} where its own beginning is not known
     * @return without {@code .}, {@code ..} and trailing slash; {@code /} itself for the root
     */
    static String resolve(String folder, String path) {
        boolean absolute = path.startsWith("/");
        String start = absolute ? "/" : folder.startsWith("?!") ? "?!" : folder.startsWith("?") ? "?" : "/";
        String whole = absolute ? path : folder.substring(start.equals("/") ? 0 : start.length()) + "/" + path;
        Deque<String> parts = new ArrayDeque<>();
        for (String part : whole.split("/")) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        String joined = String.join("/", parts);
        return start.equals("/") ? "/" + joined : joined.isEmpty() ? start : start + "/" + joined;
    }

    /** What follows the folder in a path below it, empty for the folder itself; null where the path is not below it. */
    static @Nullable String below(String folder, String path) {
        if (path.equals(folder)) {
            return "";
        }
        String prefix = folder.endsWith("/") ? folder : folder + "/";
        return path.startsWith(prefix) ? path.substring(prefix.length()) : null;
    }

    /**
     * A path as seen from a folder of the scanned tree.
     *
     * @param folder rootPath; empty for the root
     * @param path relative
     * @return rootPath, empty for the root; null where it leads out of the root
     */
    static @Nullable String belowRoot(String folder, String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : (folder + "/" + path).split("/")) {
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    return null;
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }
}
