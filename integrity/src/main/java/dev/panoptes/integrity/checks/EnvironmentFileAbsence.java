package dev.panoptes.integrity.checks;

import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeployedPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why an environment file that the tree does not hold may yet be there where it is deployed: such files hold secrets. */
final class EnvironmentFileAbsence {
    private static final List<String> SUFFIXES = List.of(
            ".example",
            ".sample",
            ".dist",
            ".template",
            ".tmpl",
            ".tpl",
            ".default",
            ".defaults",
            ".j2",
            ".in",
            ".erb",
            ".enc",
            ".gpg",
            ".age",
            ".sops",
            ".vault",
            "-example",
            "-sample",
            "-template",
            "_example",
            "_sample");

    private static final List<String> PREFIXES =
            List.of("example", "sample", "template", "default", "example.", "sample.");

    private EnvironmentFileAbsence() {}

    /** A clause; null where nothing says so. */
    static @Nullable String doubt(Declarations declarations, String rootPath) {
        int slash = rootPath.lastIndexOf('/') + 1;
        String folder = rootPath.substring(0, slash);
        String name = rootPath.substring(slash);
        for (String example : examples(name)) {
            if (declarations.paths().below(folder + example)
                            instanceof DeployedPath.Below(String found, boolean exists, boolean directory)
                    && exists
                    && !directory) {
                return found + " lies beside it, so it is made by hand where it is deployed";
            }
        }
        String mention = declarations.catalog().mention(name);
        return mention == null ? null : mention + " speaks of it and may make it";
    }

    private static List<String> examples(String name) {
        List<String> examples = new ArrayList<>();
        String bare = name.startsWith(".") ? name.substring(1) : name;
        for (String suffix : SUFFIXES) {
            examples.add(name + suffix);
            examples.add(bare + suffix);
        }
        for (String prefix : PREFIXES) {
            examples.add(prefix + (name.startsWith(".") || prefix.endsWith(".") ? name : "." + name));
        }
        // api.env: api.example.env, api.sample.env.
        int dot = name.lastIndexOf('.');
        if (dot > 0) {
            for (String word : List.of("example", "sample", "template", "dist")) {
                examples.add(name.substring(0, dot) + "." + word + name.substring(dot));
                examples.add(name.substring(0, dot) + "-" + word + name.substring(dot));
            }
        }
        return examples;
    }
}
