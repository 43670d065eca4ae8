package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command of npm, Yarn or pnpm that names the folder of the package whose script it runs.
 *
 * @param folder as written
 * @param command the same without that option
 */
record PackageFolder(String folder, StartCommand command) {
    private static final Map<String, List<String>> OPTIONS = Map.of(
            "npm", List.of("--prefix", "-C", "-w", "--workspace"),
            "pnpm", List.of("-C", "--dir"),
            "yarn", List.of("--cwd"));

    /** Null for others. */
    static @Nullable PackageFolder of(StartCommand start) {
        List<String> options = OPTIONS.get(String.valueOf(start.runner()));
        if (options == null || start.module() != null) {
            return null;
        }
        List<String> rest = new ArrayList<>(start.arguments());
        for (int i = 0; i < rest.size() && !rest.get(i).equals("--"); i++) {
            int equals = rest.get(i).indexOf('=');
            String option = equals < 0 ? rest.get(i) : rest.get(i).substring(0, equals);
            if (options.contains(option) && (equals > 0 || i + 1 < rest.size())) {
                String folder = equals > 0 ? rest.get(i).substring(equals + 1) : rest.remove(i + 1);
                rest.remove(i);
                return new PackageFolder(
                        folder,
                        new StartCommand(
                                start.text(),
                                start.runner(),
                                null,
                                start.port(),
                                start.directory(),
                                start.environment(),
                                rest,
                                start.line()));
            }
        }
        return null;
    }

    /** Where it lies, absolute; null where that is not known. */
    @Nullable
    String in(@Nullable String working) {
        return folder.startsWith("/") ? folder : working == null ? null : working + "/" + folder;
    }
}
