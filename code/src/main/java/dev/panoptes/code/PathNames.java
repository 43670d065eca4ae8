package dev.panoptes.code;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Paths below the root as text: {@code /}-separated, the root empty. */
public final class PathNames {
    private PathNames() {}

    public static String join(String folder, String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    /** What lies above; the root of a name without a slash. */
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    /** What stands behind the last slash. */
    public static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** This folder and those above it, the root last. */
    public static List<String> upwards(String folder) {
        List<String> folders = new ArrayList<>(List.of(folder));
        while (!folders.getLast().isEmpty()) {
            folders.add(parent(folders.getLast()));
        }
        return folders;
    }

    /** Without {@code .}, {@code ..}, doubled and outer slashes; null where it leads out of the root. */
    static @Nullable String normal(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    return null;
                }
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }
}
