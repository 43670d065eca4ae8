package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The assembly that a stage publishes for the next one ({@code dotnet publish PROJECT -o FOLDER}), where its project says a name of its
 * own (MSBuild, {@code AssemblyName}).
 */
final class DotnetAssembly {
    private static final Pattern STARTED = Pattern.compile("dotnet (?:\\./)?([\\w.-]+)\\.dll(?: .*)?");
    private static final Pattern PUBLISH = Pattern.compile("dotnet publish\\s+(\\S+proj)\\s+([^&|;]*)");
    private static final Pattern OUTPUT = Pattern.compile("(?:^|\\s)(?:-o|--output)[ =](\\S+)");
    private static final Pattern NAME = Pattern.compile("<AssemblyName>\\s*([\\w.-]+)\\s*</AssemblyName>");
    private static final Pattern NAMED = Pattern.compile("<AssemblyName\\b");

    private DotnetAssembly() {}

    /** @param project rootPath */
    record Otherwise(String started, String made, String project) {}

    /** Where the program that is started is published under another name; null where it is not, or that is not known. */
    static @Nullable Otherwise of(
            Dockerfile dockerfile,
            Dockerfile.Stage stage,
            String command,
            SequencedSet<String> contexts,
            Function<String, @Nullable String> text) {
        Matcher started = STARTED.matcher(command);
        List<Dockerfile.Copy> copies = stage.copies();
        Dockerfile.Copy copy = copies.size() == 1 ? copies.getFirst() : null;
        if (!started.matches()
                || copy == null
                || copy.from() == null
                || copy.unclear()
                || copy.sources().size() != 1
                || !copy.destination().equals(stage.workdir())) {
            return null;
        }
        Dockerfile.Stage build = dockerfile.stage(copy.from()).orElse(null);
        List<Matcher> published = new ArrayList<>();
        for (Dockerfile.Run run : build == null ? List.<Dockerfile.Run>of() : build.runs()) {
            Matcher publish = PUBLISH.matcher(run.text());
            if (publish.find()) {
                published.add(publish);
            } else if (run.text().contains("publish")
                    || run.text().contains("cp ")
                    || run.text().contains("mv ")) {
                return null;
            }
        }
        if (build == null || published.size() != 1) {
            return null;
        }
        Matcher output = OUTPUT.matcher(published.getFirst().group(2));
        String folder = ContainerPath.resolve("/", copy.sources().getFirst());
        if (!output.find()
                || published.getFirst().group(2).contains("AssemblyName")
                || !ContainerPath.resolve(build.workdir(), output.group(1)).equals(folder)) {
            return null;
        }
        String project =
                ContainerPath.resolve(build.workdir(), published.getFirst().group(1));
        Otherwise found = null;
        for (String context : contexts) {
            String rootPath = source(build, project, context, text);
            String content = rootPath == null ? null : text.apply(rootPath);
            if (rootPath == null || content == null) {
                continue;
            }
            Matcher name = NAME.matcher(content);
            if (!name.find() || NAMED.matcher(content).results().count() != 1) {
                continue;
            }
            String program = started.group(1);
            if (name.group(1).equals(program) || content.contains("ProjectReference")) {
                return null;
            }
            found = new Otherwise(program + ".dll", name.group(1) + ".dll", rootPath);
        }
        return found;
    }

    /** Where a file of the stage lies in the tree. */
    private static @Nullable String source(
            Dockerfile.Stage build, String inContainer, String context, Function<String, @Nullable String> text) {
        for (Dockerfile.Copy copy : build.copies()) {
            String below = ContainerPath.below(copy.destination(), inContainer);
            if (copy.from() != null || copy.unclear() || below == null) {
                continue;
            }
            for (String source : copy.sources()) {
                String place = ContainerPath.belowRoot(context, source);
                String rootPath = place == null || below.isEmpty() ? place : PathNames.join(place, below);
                if (rootPath != null && text.apply(rootPath) != null) {
                    return rootPath;
                }
                if (place != null && PathNames.last(place).equals(below) && text.apply(place) != null) {
                    return place;
                }
            }
        }
        return null;
    }
}
