package dev.panoptes.integrity.declared.code;

import dev.panoptes.integrity.declared.ScannedTree.Content;
import dev.panoptes.integrity.declared.code.run.Module;
import dev.panoptes.integrity.declared.code.run.Modules;
import org.jspecify.annotations.Nullable;

/** The tree as one thread sees it, with that thread's parsers. */
record TreeModules(SourceTree tree, Parsers parsers) implements Modules {
    private static final int LARGEST_TEXT = 1 << 16;

    @Override
    public @Nullable Module module(String rootPath) {
        String normal = PathNames.normal(rootPath);
        return normal != null && tree.file(normal) instanceof SourceTree.Found.Source source
                ? source.file().module(parsers)
                : null;
    }

    @Override
    public @Nullable String text(String rootPath) {
        String normal = PathNames.normal(rootPath);
        return normal != null && tree.scanned().read(normal, LARGEST_TEXT) instanceof Content.Text text
                ? text.text()
                : null;
    }

    @Override
    public boolean folder(String rootPath) {
        String normal = PathNames.normal(rootPath);
        return normal != null && tree.folder(normal);
    }
}
