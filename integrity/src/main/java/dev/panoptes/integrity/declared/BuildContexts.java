package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The build contexts of the Dockerfiles of a tree: those that compose files name, else the folder in which all that is copied
 * is there, its own or one above. Knows also what {@code .dockerignore} keeps out of a context.
 */
public final class BuildContexts {
    private static final int MOST_SOURCES = 500;

    private final Declarations declarations;
    private final Map<String, SequencedSet<String>> declared = new HashMap<>();
    private final Map<String, Optional<IgnoreRules>> rules = new ConcurrentHashMap<>();

    public BuildContexts(Declarations declarations) {
        this.declarations = declarations;
        for (ComposeFile file : declarations.composeFiles()) {
            for (ComposeFile.Service service : file.services()) {
                ComposeFile.Build build = service.build();
                if (build != null) {
                    declare(build);
                }
            }
        }
        for (BuildFiles.Target target : declarations.builds().targets()) {
            for (ComposeFile.Build build : target.developers() ? List.<ComposeFile.Build>of() : target.builds()) {
                if (declare(build)) {
                    break;
                }
            }
        }
    }

    /** False where its Dockerfile is not there. */
    private boolean declare(ComposeFile.Build build) {
        if (BuildContext.of(declarations, build) instanceof BuildContext.Local context
                && context.directory()
                && BuildContext.dockerfile(declarations, build, context) instanceof BuildContext.Local place) {
            declared.computeIfAbsent(place.rootPath(), key -> new LinkedHashSet<>())
                    .add(context.rootPath());
            return place.exists();
        }
        return false;
    }

    /** A COPY or ADD and one of its sources. */
    public record Source(Dockerfile.Copy copy, String written) {}

    /** What is known of a Dockerfile's context. */
    public sealed interface Answer {
        /** @param missing sources that are not there; @param ignored those that {@code .dockerignore} keeps out */
        record Known(String context, List<Source> missing, List<Source> ignored) implements Answer {
            /** The same without a source of which it is not known whether it is there. */
            public Known without(Source source) {
                return new Known(
                        context,
                        missing.stream().filter(each -> !each.equals(source)).toList(),
                        ignored);
            }
        }

        /** @param reason one sentence without a full stop */
        record Unclear(String reason) implements Answer {}

        /** It copies nothing that could be missing. */
        record Nothing() implements Answer {}
    }

    /** True where a compose file says what it is built from. */
    public boolean isDeclared(Dockerfile dockerfile) {
        return declared.containsKey(dockerfile.rootPath());
    }

    /** The folders that it is or may be built from, never empty: those that are declared or found, else its own and all above. */
    List<String> possible(Dockerfile dockerfile) {
        SequencedSet<String> known = declared.get(dockerfile.rootPath());
        if (known != null && !known.isEmpty()) {
            return List.copyOf(known);
        }
        if (of(dockerfile).getFirst() instanceof Answer.Known found) {
            return List.of(found.context());
        }
        List<String> folders = new ArrayList<>();
        for (String folder = dockerfile.directory(); folder != null; folder = above(folder)) {
            folders.add(folder);
        }
        return folders;
    }

    /** One answer for each context that it is built from. */
    public List<Answer> of(Dockerfile dockerfile) {
        List<Source> sources = sources(dockerfile);
        if (sources.isEmpty()) {
            return List.of(new Answer.Nothing());
        }
        SequencedSet<String> known = declared.get(dockerfile.rootPath());
        if (known != null) {
            return known.stream()
                    .map(context -> judged(dockerfile, context, sources))
                    .toList();
        }
        return List.of(guessed(dockerfile, sources));
    }

    private Answer guessed(Dockerfile dockerfile, List<Source> sources) {
        Answer.Known best = null;
        int most = 0;
        boolean several = false;
        for (String folder = dockerfile.directory(); folder != null; folder = above(folder)) {
            if (!(judged(dockerfile, folder, sources) instanceof Answer.Known each)) {
                continue;
            }
            int there = sources.size() - each.missing().size();
            if (each.missing().isEmpty()) {
                // The nearest folder in which all of it is there.
                return each;
            }
            several |= there > 0 && most > 0;
            best = best == null || there > most ? each : best;
            most = Math.max(most, there);
        }
        String gone = best == null || best.missing().isEmpty()
                ? "what it copies"
                : best.missing().getFirst().written();
        return best == null || most == 0 || several
                ? new Answer.Unclear("no compose file says what the image is built from, and " + gone
                        + " is not in the folders that it may be built from")
                : best;
    }

    private Answer judged(Dockerfile dockerfile, String context, List<Source> sources) {
        List<Source> missing = new ArrayList<>();
        List<Source> ignored = new ArrayList<>();
        for (Source source : sources) {
            String rootPath = ContainerPath.belowRoot(context, insideContext(source.written()));
            if (rootPath == null) {
                continue;
            }
            DeployedPath place = declarations.paths().below(rootPath);
            boolean gone = place instanceof DeployedPath.Below below && !below.exists();
            if (gone) {
                missing.add(source);
            } else if (isIgnored(dockerfile, context, rootPath)) {
                // Also of what is made or placed by hand: the build does not see it.
                ignored.add(source);
            }
        }
        return new Answer.Known(context, missing, ignored);
    }

    /** The sources whose absence could be told: no pattern, nothing computed, not the whole context. */
    private static List<Source> sources(Dockerfile dockerfile) {
        List<Source> sources = new ArrayList<>();
        for (Dockerfile.Stage stage : dockerfile.stages()) {
            for (Dockerfile.Copy copy : stage.copies()) {
                if (copy.from() != null || copy.unclear()) {
                    continue;
                }
                for (String source : copy.sources()) {
                    String plain = ContainerPath.belowRoot("", insideContext(source));
                    boolean told = plain != null && !plain.isEmpty() && !ModuleSearch.isGlob(source);
                    if (told
                            && sources.size() < MOST_SOURCES
                            && sources.stream()
                                    .noneMatch(one -> one.copy().equals(copy)
                                            && one.written().equals(source))) {
                        sources.add(new Source(copy, source));
                    }
                }
            }
        }
        return sources;
    }

    /** A build cannot look above its context: what leads out of it is looked up from its top. */
    private static String insideContext(String source) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : source.split("/")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return String.join("/", names);
    }

    /** True where the build does not see this file or folder (docker build, "Filename and location"). */
    boolean isIgnored(Dockerfile dockerfile, String context, String rootPath) {
        String own = dockerfile.rootPath() + ".dockerignore";
        IgnoreRules read = rules.computeIfAbsent(own, this::read).orElse(null);
        if (read == null) {
            read = rules.computeIfAbsent(PathNames.join(context, ".dockerignore"), this::read)
                    .orElse(null);
        }
        String below = ContainerPath.below("/" + context, "/" + rootPath);
        if (context.isEmpty()) {
            below = rootPath;
        }
        return read != null
                && below != null
                && !below.isEmpty()
                && Boolean.TRUE.equals(read.excludes(below))
                && (isFile(rootPath) || !read.takesBackBelow(below));
    }

    private boolean isFile(String rootPath) {
        return declarations.paths().below(rootPath) instanceof DeployedPath.Below below
                && below.exists()
                && !below.directory();
    }

    /** The text of a file of a context; null where there is none. */
    @Nullable
    String text(String context, String path) {
        return declarations.code().text(PathNames.join(context, path));
    }

    private Optional<IgnoreRules> read(String file) {
        String text = declarations.code().text(file);
        return text == null ? Optional.empty() : Optional.of(IgnoreRules.docker(text));
    }

    private static @Nullable String above(String folder) {
        return folder.isEmpty() ? null : folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
    }
}
