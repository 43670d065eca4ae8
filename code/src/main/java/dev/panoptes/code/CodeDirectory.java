package dev.panoptes.code;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The code of one agent.
 *
 * @param path below the agents path (below the root for a directory elsewhere that the registry's {@code path} names);
 *     this is how reports name it
 * @param rootPath below the scan's root
 * @param files without hidden, vendored, virtualenv, build and test files, sorted by path
 * @param programs sorted: direct ones first, then by path
 * @param codeLines of all files
 * @param incomplete why not everything could be read; null where everything was. Then "binds nothing" is not known
 */
public record CodeDirectory(
        String path,
        String rootPath,
        List<CodeFile> files,
        List<Program> programs,
        int codeLines,
        @Nullable String incomplete) {
    public CodeDirectory {
        files = List.copyOf(files);
        programs = List.copyOf(programs);
    }

    /** The last component of the path: what an agent's key is compared with. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    public Optional<Program> program(String pathBelow) {
        return programs.stream()
                .filter(program -> program.path().equals(pathBelow))
                .findFirst();
    }
}
