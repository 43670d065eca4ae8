package dev.panoptes.code;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the code of a tree. */
public interface CodeSource {
    /**
     * Never fails for bad content: what cannot be read is told by the {@link Code}.
     *
     * @param agentsPath below the root; empty where it is the root itself, null where there is none
     * @param others directories elsewhere below the root that the registry names by {@code path}
     */
    Code read(ScannedTree tree, @Nullable String agentsPath, List<String> others) throws InterruptedException;
}
