package dev.panoptes.integrity.declared;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the programs of a cargo package are called (The Cargo Book, "Cargo Targets"). */
final class CargoBinaries {
    private static final Pattern NAME = Pattern.compile("\\s*name\\s*=\\s*[\"']([\\w-]+)[\"']\\s*(?:#.*)?");

    private static final Pattern MEMBERS = Pattern.compile("(?m)^members\\s*=\\s*\\[([^\\]]{0,4000})]");
    private static final Pattern FOLDER = Pattern.compile("[\"']([\\w./-]+)[\"']");

    private CargoBinaries() {}

    /** The folders of a workspace's packages that are named without a pattern. */
    static List<String> members(String manifest) {
        List<String> folders = new ArrayList<>();
        Matcher members = MEMBERS.matcher(manifest);
        if (members.find()) {
            FOLDER.matcher(members.group(1)).results().forEach(each -> folders.add(each.group(1)));
        }
        return folders;
    }

    /** What {@code [package]} is called; null where there is none. */
    static @Nullable String packageName(String manifest) {
        String section = "";
        for (String line : manifest.lines().limit(2_000).toList()) {
            String stripped = line.strip();
            section =
                    stripped.startsWith("[") ? stripped.replaceFirst("#.*", "").strip() : section;
            Matcher name = NAME.matcher(line);
            if (name.matches() && section.equals("[package]")) {
                return name.group(1);
            }
        }
        return null;
    }

    /** Empty for a workspace, and where the manifest does not say. */
    static List<String> of(String manifest) {
        List<String> names = new ArrayList<>();
        String named = null;
        String section = "";
        for (String line : manifest.lines().limit(2_000).toList()) {
            String stripped = line.strip();
            if (stripped.startsWith("[")) {
                section = stripped.replaceFirst("#.*", "").strip();
            }
            Matcher name = NAME.matcher(line);
            if (section.startsWith("[workspace]")) {
                return List.of();
            }
            if (name.matches() && section.equals("[package]")) {
                named = name.group(1);
            } else if (name.matches() && section.equals("[[bin]]")) {
                names.add(name.group(1));
            }
        }
        // src/main.rs makes one of the package's own name beside those that are listed.
        if (named != null && !names.contains(named)) {
            names.add(named);
        }
        return names;
    }
}
