package dev.panoptes.code;

import dev.panoptes.code.run.Module;
import dev.panoptes.code.run.ProgramRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads code directories: first their files, then the programs among them. */
final class DirectoryReader {
    private static final int MOST_REASONS = 3;

    private final SourceTree tree;
    private final Set<String> endpoints;

    private final Start start;

    DirectoryReader(SourceTree tree, Set<String> endpoints) {
        this(tree, endpoints, Start.PLAIN);
    }

    /** @param start how the programs are started that are followed */
    DirectoryReader(SourceTree tree, Set<String> endpoints, Start start) {
        this.tree = tree;
        this.endpoints = endpoints;
        this.start = start;
    }

    private record Listed(String path, String rootPath, FolderWalk.Listed files) {}

    /** @param folders what reports call them, by path below the root */
    List<CodeDirectory> read(Map<String, String> folders) throws InterruptedException {
        List<Listed> listed = Workers.each(
                List.copyOf(folders.entrySet()),
                (folder, parsers) ->
                        new Listed(folder.getValue(), folder.getKey(), FolderWalk.of(tree.scanned(), folder.getKey())));
        // All files first: a program may import from other folders.
        List<String> files =
                listed.stream().flatMap(one -> one.files().files().stream()).toList();
        Workers.each(files, (file, parsers) -> parse(file, parsers));
        List<CodeDirectory> directories = new ArrayList<>();
        for (List<CodeDirectory> one : Workers.each(listed, this::directory)) {
            directories.addAll(one);
        }
        directories.sort(Comparator.comparing(CodeDirectory::path));
        return directories;
    }

    private SourceTree.Found parse(String file, Parsers parsers) {
        SourceTree.Found found = tree.file(file);
        if (found instanceof SourceTree.Found.Source source
                && source.file().scan.starts()) {
            source.file().module(parsers);
        }
        return found;
    }

    /** Empty where the folder holds no code at all. */
    private List<CodeDirectory> directory(Listed listed, Parsers parsers) {
        List<CodeFile> files = new ArrayList<>();
        List<Program> programs = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        if (listed.files().incomplete() != null) {
            reasons.add(listed.files().incomplete());
        }
        int lines = 0;
        for (String rootPath : listed.files().files()) {
            String path = listed.rootPath().isEmpty()
                    ? rootPath
                    : rootPath.substring(listed.rootPath().length() + 1);
            switch (tree.file(rootPath)) {
                case SourceTree.Found.Source source -> {
                    SourceFile file = source.file();
                    files.add(new CodeFile(
                            path, rootPath, file.language, file.digest, file.lines.count(), file.lines.sketch()));
                    lines += file.lines.count();
                    if (file.scan.starts()) {
                        Followed followed = follow(file, path, parsers);
                        if (followed.program() != null) {
                            programs.add(followed.program());
                        }
                        if (followed.incomplete() != null) {
                            reasons.add(path + ": " + followed.incomplete());
                        }
                    }
                }
                case SourceTree.Found.Unreadable unreadable -> reasons.add(path + " " + unreadable.reason());
                case SourceTree.Found.Absent _, SourceTree.Found.Other _ -> {}
            }
        }
        for (String rootPath : listed.files().files()) {
            if (tree.file(rootPath) instanceof SourceTree.Found.Source source) {
                source.file().release();
            }
        }
        if (files.isEmpty() && reasons.isEmpty()) {
            return List.of();
        }
        programs.sort(
                Comparator.comparing((Program program) -> !program.direct()).thenComparing(Program::path));
        return List.of(new CodeDirectory(listed.path(), listed.rootPath(), files, programs, lines, summary(reasons)));
    }

    /** @param program null where the file is none */
    record Followed(@Nullable Program program, @Nullable String incomplete) {}

    /** Follows one file as a program. */
    Followed follow(SourceFile file, String path, Parsers parsers) {
        Module module = file.module(parsers);
        if (module == null) {
            return new Followed(null, "can no longer be read");
        }
        String incomplete = module.text().incomplete();
        if (!incomplete.isEmpty()) {
            return new Followed(null, incomplete);
        }
        try {
            ProgramRun run = ProgramRun.of(module, new TreeModules(tree, parsers), endpoints, start);
            Program program = new Program(
                    path,
                    module.rootPath(),
                    file.language,
                    run.runnable(),
                    run.definesApp(),
                    run.binds(),
                    run.names(),
                    run.nameUnknown());
            boolean serves = run.runnable() || run.definesApp() || !run.binds().isEmpty();
            return new Followed(serves ? program : null, run.incomplete());
        } catch (RuntimeException e) {
            // One file that we fail on must not take the others with it; that it is not known is told.
            tree.scanned().doubt();
            return new Followed(null, "could not be followed: " + e);
        }
    }

    private static @Nullable String summary(List<String> reasons) {
        if (reasons.isEmpty()) {
            return null;
        }
        String text = String.join("; ", reasons.subList(0, Math.min(reasons.size(), MOST_REASONS)));
        return reasons.size() > MOST_REASONS ? text + "; and " + (reasons.size() - MOST_REASONS) + " more" : text;
    }
}
