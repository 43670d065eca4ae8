package dev.panoptes.integrity.declared;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the programs of a cargo package are called (The Cargo Book, "Cargo Targets"). */
final class CargoBinaries {
    private static final Pattern NAME = Pattern.compile("\\s*name\\s*=\\s*[\"']([\\w-]+)[\"']\\s*(?:#.*)?");

    private CargoBinaries() {}

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
