package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which source a compiled Go program of an image is made of: the only {@code go build -o} of its Dockerfile, run where all of the
 * build context was copied to, makes the file that the image starts.
 */
final class GoBuild {
    private static final Set<String> WITH_VALUE = Set.of(
            "-ldflags",
            "-tags",
            "-gcflags",
            "-asmflags",
            "-mod",
            "-modfile",
            "-buildmode",
            "-p",
            "-pkgdir",
            "-overlay",
            "-pgo");

    private static final Pattern TAGGED = Pattern.compile("\\bgo (?:build|install)\\b[^\\n;&|]*\\s--?tags[ =]");

    private GoBuild() {}

    /** True where it is built with tags, so that other files belong to it than to an ordinary build. */
    static boolean isTagged(Dockerfile dockerfile) {
        return dockerfile.stages().stream()
                .flatMap(stage -> stage.runs().stream())
                .anyMatch(run -> TAGGED.matcher(run.text()).find());
    }

    /**
     * The rootPath of the {@code main.go} of the package that is built; null where it is not known which that is.
     *
     * @param context rootPath of the build context
     * @param arguments what the build is given for ARG
     */
    static @Nullable String program(
            Dockerfile dockerfile,
            Dockerfile.Stage last,
            String context,
            StartCommand start,
            Map<String, String> arguments) {
        List<String> command = ShellWords.split(start.text());
        if (command.isEmpty() || (command.size() > 1 && start.arguments().isEmpty())) {
            // What it is given is not known.
            return null;
        }
        Built built = null;
        for (Dockerfile.Stage stage : dockerfile.stages()) {
            for (Dockerfile.Run run : stage.runs()) {
                if (!run.text().contains("go build") && !run.text().contains("go install")) {
                    continue;
                }
                Built one = built(given(run.text(), arguments), stage);
                if (one == null || (built != null && !built.equals(one))) {
                    return null;
                }
                built = one;
            }
        }
        if (built == null || !names(last, built.output()).contains(StartCommandParser.baseName(command.getFirst()))) {
            return null;
        }
        String folder = ContainerPath.belowRoot(context, built.folder());
        return folder == null ? null : PathNames.join(folder, "main.go");
    }

    private static String given(String run, Map<String, String> arguments) {
        String text = run;
        for (Map.Entry<String, String> argument : arguments.entrySet()) {
            text = text.replaceAll(
                    "\\$(?:\\{" + Pattern.quote(argument.getKey()) + "}|" + Pattern.quote(argument.getKey()) + "\\b)",
                    Matcher.quoteReplacement(argument.getValue()));
        }
        return text;
    }

    /** @param output the name of the file that it makes; @param folder of the package, relative to the context */
    private record Built(String output, String folder) {}

    private static @Nullable Built built(String run, Dockerfile.Stage stage) {
        int at = run.indexOf("go build");
        int end = run.indexOf("&&", at);
        if (at < 0 || run.indexOf("go build", at + 1) >= 0 || run.matches("(?s).*(^|[;&(\\s])cd\\s.*")) {
            return null;
        }
        List<String> words = ShellWords.split(run.substring(at, end < 0 ? run.length() : end));
        String output = null;
        String folder = ".";
        for (int i = 2; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-o") && i + 1 < words.size()) {
                output = words.get(++i);
            } else if (word.startsWith("-o=")) {
                output = word.substring(3);
            } else if (WITH_VALUE.contains(word)) {
                i++;
            } else if (!word.startsWith("-")) {
                folder = word.endsWith("/main.go") || word.equals("main.go")
                        ? word.substring(0, Math.max(0, word.length() - "main.go".length()))
                        : word;
            }
        }
        boolean local = folder.isEmpty() || folder.equals(".") || folder.startsWith("./") || folder.endsWith("/");
        String copied = local ? copied(stage, folder.isEmpty() ? "." : folder) : null;
        return output == null
                        || copied == null
                        || output.endsWith("/")
                        || output.contains("$")
                        || !local
                        || folder.contains("$")
                        || folder.contains("...")
                ? null
                : new Built(StartCommandParser.baseName(output), copied);
    }

    /** Where the folder of the package lies in the context; null where that is not known. */
    private static @Nullable String copied(Dockerfile.Stage stage, String folder) {
        List<Dockerfile.Copy> copies = stage.copies().stream()
                .filter(copy -> copy.from() == null && !copy.unclear())
                .toList();
        boolean whole = copies.stream()
                .anyMatch(copy -> copy.sources().stream().anyMatch(source -> source.equals(".") || source.equals("./"))
                        && (copy.destination().equals(stage.workdir())
                                || copy.destination().equals(".")));
        if (whole) {
            return folder;
        }
        String place = ContainerPath.resolve(stage.workdir(), folder);
        String found = null;
        for (Dockerfile.Copy copy : copies) {
            String source = copy.sources().size() == 1 ? copy.sources().getFirst() : "";
            String below = ContainerPath.below(copy.destination(), place);
            if (below == null
                    || copy.destination().equals(stage.workdir())
                    || source.isEmpty()
                    || ModuleSearch.isGlob(source)) {
                continue;
            }
            if (found != null) {
                return null;
            }
            found = below.isEmpty() ? source : PathNames.join(source, below);
        }
        return found;
    }

    /** What the file is called in the image that starts it. */
    private static Set<String> names(Dockerfile.Stage last, String output) {
        Set<String> names = new HashSet<>();
        boolean sameStage = last.runs().stream().anyMatch(run -> run.text().contains("go build"));
        if (sameStage) {
            names.add(output);
        }
        for (Dockerfile.Copy copy : last.copies()) {
            if (copy.from() != null
                    && copy.sources().stream()
                            .anyMatch(source ->
                                    StartCommandParser.baseName(source).equals(output))) {
                names.add(copy.intoFolder() ? output : StartCommandParser.baseName(copy.destination()));
            }
        }
        return names;
    }
}
