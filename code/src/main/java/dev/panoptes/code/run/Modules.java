package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The source files of the scanned tree. */
public interface Modules {
    /** The file at this path below the root, parsed; null where there is none that can be read. */
    @Nullable
    Module module(String rootPath);

    /** The statements of a function of a file, by where it stands in it; null where it cannot be parsed. */
    @Nullable
    List<Statement> statements(Module module, int start, int end);

    /** The text of a small data file below the root, such as a package.json; null where it cannot be read. */
    @Nullable
    String text(String rootPath);

    /** Names of the files of a folder below the root that end so, sorted; empty where it cannot be listed. */
    List<String> files(String folder, String suffix);

    /** Paths below the root of the source files anywhere below a folder that end so, sorted, bounded. */
    List<String> below(String folder, String suffix);

    /** True where there is such a folder below the root. */
    boolean folder(String rootPath);
}
