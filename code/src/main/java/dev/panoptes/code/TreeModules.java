package dev.panoptes.code;

import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.code.ScannedTree.Place;
import dev.panoptes.code.run.Module;
import dev.panoptes.code.run.Modules;
import dev.panoptes.code.syntax.Function;
import dev.panoptes.code.syntax.Statement;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tree as one run of one program sees it, with its thread's parsers: one module is one object in it. */
record TreeModules(SourceTree tree, Parsers parsers, Map<String, Optional<Module>> known) implements Modules {
    private static final int LARGEST_TEXT = 1 << 16;
    private static final int MOST_FILES = 2_000;

    TreeModules(SourceTree tree, Parsers parsers) {
        this(tree, parsers, new HashMap<>());
    }

    @Override
    public @Nullable Module module(String rootPath) {
        return known.computeIfAbsent(rootPath, path -> Optional.ofNullable(parsed(path)))
                .orElse(null);
    }

    private @Nullable Module parsed(String rootPath) {
        String normal = PathNames.normal(rootPath);
        return normal != null && tree.file(normal) instanceof SourceTree.Found.Source source
                ? source.file().module(parsers)
                : null;
    }

    @Override
    public @Nullable List<Statement> statements(Module module, int start, int end) {
        Function function = parsers.function(module.text().language(), module.source(), start, end);
        // What is left out of a part is nothing.
        return function == null ? null : function.body().statements((_, _) -> null);
    }

    @Override
    public @Nullable String text(String rootPath) {
        String normal = PathNames.normal(rootPath);
        return normal != null && tree.scanned().read(normal, LARGEST_TEXT) instanceof Content.Text text
                ? text.text()
                : null;
    }

    @Override
    public List<String> files(String folder, String suffix) {
        String normal = PathNames.normal(folder);
        if (normal == null || !(tree.scanned().look(normal) instanceof Place.Here here) || !here.directory()) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(here.file())) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (name.endsWith(suffix) && !Languages.skippedFile(name) && names.size() < MOST_FILES) {
                    names.add(name);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A folder that cannot be listed gives no modules; the walk over it has said so.
            tree.scanned().doubt();
            return List.of();
        }
        names.sort(null);
        return List.copyOf(names);
    }

    @Override
    public List<String> below(String folder, String suffix) {
        String normal = PathNames.normal(folder);
        return normal == null
                ? List.of()
                : FolderWalk.of(tree.scanned(), normal).files().stream()
                        .filter(path -> path.endsWith(suffix))
                        .limit(MOST_FILES)
                        .toList();
    }

    @Override
    public boolean folder(String rootPath) {
        String normal = PathNames.normal(rootPath);
        return normal != null && tree.folder(normal);
    }
}
