package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.command.StartCommand;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the program of an Elixir release is called: like the release (Mix, {@code mix release}). */
final class ReleaseBinaries {
    private static final Pattern RELEASE = Pattern.compile(".*/_build/[a-z]+/rel/([a-z][a-z0-9_]*)/?");
    private static final Pattern PROGRAM = Pattern.compile("(/[\\w./-]+)/bin/([a-z][a-z0-9_]*)");

    private ReleaseBinaries() {}

    /** The program that a release is started by and that it does not have; null where it may have it. */
    static @Nullable String missing(
            Declarations declarations, Dockerfile dockerfile, Dockerfile.Stage stage, StartCommand start) {
        Matcher program = PROGRAM.matcher(start.text().split("\\s", 2)[0]);
        if (!program.matches()) {
            return null;
        }
        boolean lacking = false;
        for (Dockerfile.Copy copy : stage.copies()) {
            Matcher release = RELEASE.matcher(copy.sources().getFirst());
            boolean whole = copy.from() != null
                    && !copy.unclear()
                    && copy.sources().size() == 1
                    && release.matches()
                    && copy.destination().equals(program.group(1));
            if (whole && release.group(1).equals(program.group(2))) {
                return null;
            }
            lacking |= whole;
            if (!whole && mayBring(copy, program.group(1))) {
                return null;
            }
        }
        boolean overlaid = isOverlaid(declarations, "") || isOverlaid(declarations, dockerfile.directory());
        boolean made = stage.runs().stream()
                .anyMatch(run -> run.text().contains("bin/") || run.text().contains(program.group(2)));
        return lacking && !overlaid && !made ? program.group() : null;
    }

    /** True where something else is put into the release, which rel/overlays is by itself. */
    private static boolean isOverlaid(Declarations declarations, String project) {
        String mix = declarations.code().text(PathNames.join(project, "mix.exs"));
        return (mix != null && (mix.contains("overlays:") || mix.contains("steps:")))
                || !(declarations.paths().below(PathNames.join(project, "rel/overlays"))
                        instanceof DeployedPath.Below below)
                || below.exists();
    }

    /** True unless it puts plain files of the tree there. */
    private static boolean mayBring(Dockerfile.Copy copy, String folder) {
        boolean beside = ContainerPath.below(folder, copy.destination()) == null
                && ContainerPath.below(copy.destination(), folder) == null;
        boolean plain = copy.from() == null
                && !copy.unclear()
                && copy.destination().equals(folder)
                && copy.sources().stream().allMatch(source -> source.matches("[\\w./-]*[\\w-]\\.[a-z]+"));
        return !beside && !plain;
    }
}
