package dev.panoptes.code;

import dev.panoptes.code.run.ProgramRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What was read, and the rest of the tree on demand. Safe for several threads. */
final class CodeView implements Code {
    private static final int MOST_STARTS = 4_000;
    private static final int LARGEST_TEXT = 1 << 16;

    private final Map<Started, ProgramLookup> starts = new ConcurrentHashMap<>();
    private final SourceTree tree;
    /** Not noted where it is kept: a text is read each time. */
    private final ScannedTree texts;

    private final Set<String> endpoints;
    private final List<CodeDirectory> directories;
    private final Children children;
    private final KeptCode kept;
    private final Map<String, ProgramLookup> programs = new ConcurrentHashMap<>();

    /**
     * What lies directly below the agents path.
     *
     * @param links those that are links to others, name to name
     * @param incomplete why not all could be listed; null where all were
     */
    record Children(
            List<String> names,
            Map<String, String> links,
            @Nullable String incomplete) {
        Children {
            names = List.copyOf(names);
            links = Map.copyOf(links);
        }
    }

    CodeView(
            SourceTree tree,
            ScannedTree texts,
            Set<String> endpoints,
            List<CodeDirectory> directories,
            Children children,
            KeptCode kept) {
        this.kept = kept;
        this.tree = tree;
        this.texts = texts;
        this.endpoints = endpoints;
        this.directories = List.copyOf(directories);
        this.children = children;
        for (CodeDirectory directory : directories) {
            for (Program program : directory.programs()) {
                programs.put(program.rootPath(), new ProgramLookup.Found(program));
            }
        }
    }

    @Override
    public List<CodeDirectory> directories() {
        return directories;
    }

    @Override
    public List<String> children() {
        return children.names();
    }

    @Override
    public Map<String, String> linkedChildren() {
        return children.links();
    }

    @Override
    public @Nullable String childrenIncomplete() {
        return children.incomplete();
    }

    @Override
    public ProgramLookup program(String rootPath) {
        String normal = PathNames.normal(rootPath);
        if (normal == null || normal.isEmpty()) {
            return new ProgramLookup.Absent();
        }
        ProgramLookup known = programs.get(normal);
        if (known != null) {
            return known;
        }
        ProgramLookup looked = kept.program(normal, Start.PLAIN, () -> look(normal, Start.PLAIN));
        ProgramLookup first = programs.putIfAbsent(normal, looked);
        return first == null ? looked : first;
    }

    @Override
    public ProgramLookup started(String rootPath, Start start) {
        String normal = PathNames.normal(rootPath);
        if (start.equals(Start.PLAIN) || normal == null || normal.isEmpty()) {
            return program(rootPath);
        }
        Started key = new Started(normal, start);
        ProgramLookup known = starts.get(key);
        if (known != null) {
            return known;
        }
        if (starts.size() >= MOST_STARTS) {
            return new ProgramLookup.Unreadable("the fleet starts programs in more ways than are followed");
        }
        ProgramLookup looked = kept.program(normal, start, () -> look(normal, start));
        ProgramLookup first = starts.putIfAbsent(key, looked);
        return first == null ? looked : first;
    }

    @Override
    public void keep() {
        tree.keep();
        kept.keep(children, directories);
    }

    private record Started(String rootPath, Start start) {}

    @Override
    public @Nullable String text(String rootPath) {
        String normal = PathNames.normal(rootPath);
        return normal != null && texts.read(normal, LARGEST_TEXT) instanceof ScannedTree.Content.Text text
                ? text.text()
                : null;
    }

    @Override
    public @Nullable Bind setting(String rootPath, String name, Start start) {
        String normal = PathNames.normal(rootPath);
        return normal == null ? null : kept.setting(normal, name, start, () -> setting(normal, start, name));
    }

    private @Nullable Bind setting(String normal, Start start, String name) {
        if (!(tree.file(normal) instanceof SourceTree.Found.Source source)) {
            return null;
        }
        Optional<Bind> found = alone(
                source.file(),
                (file, parsers) -> Optional.ofNullable(file.module(parsers))
                        .map(module -> ProgramRun.setting(module, new TreeModules(tree, parsers), name, start)));
        return found == null ? null : found.orElse(null);
    }

    /** Follows one file on a thread that has the stack for it; null where that was interrupted. */
    private <R> @Nullable R alone(SourceFile file, BiFunction<SourceFile, Parsers, R> work) {
        try {
            return Workers.each(List.of(file), work).getFirst();
        } catch (InterruptedException e) {
            kept.doubt();
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private ProgramLookup look(String rootPath, Start start) {
        return switch (tree.file(rootPath)) {
            case SourceTree.Found.Absent _ -> new ProgramLookup.Absent();
            case SourceTree.Found.Other other -> new ProgramLookup.NoProgram("it " + other.reason());
            case SourceTree.Found.Unreadable unreadable -> new ProgramLookup.Unreadable("it " + unreadable.reason());
            case SourceTree.Found.Source source -> followed(source.file(), start);
        };
    }

    private ProgramLookup followed(SourceFile file, Start start) {
        if (!file.scan.starts()) {
            return new ProgramLookup.NoProgram(
                    "nothing that is followed in it binds, defines an application or starts one");
        }
        DirectoryReader reader = new DirectoryReader(tree, endpoints, start);
        DirectoryReader.Followed followed = alone(file, (one, parsers) -> reader.follow(one, one.rootPath, parsers));
        if (followed == null) {
            return new ProgramLookup.Unreadable("reading it was interrupted");
        }
        if (followed.program() != null) {
            return new ProgramLookup.Found(followed.program());
        }
        return followed.incomplete() != null
                ? new ProgramLookup.Unreadable("it could not be read: " + followed.incomplete())
                : new ProgramLookup.NoProgram(
                        "nothing that is followed in it binds, defines an application or starts one");
    }
}
