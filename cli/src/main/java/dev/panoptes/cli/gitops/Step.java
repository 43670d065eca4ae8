package dev.panoptes.cli.gitops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One thing that must change on the server for it to be as declared.
 *
 * @param what in words, such as {@code configuration of hermes}
 * @param lines where it differs
 */
public record Step(
        String what,
        List<String> lines,
        String method,
        String path,
        @Nullable JsonNode body) {
    public Step {
        lines = List.copyOf(lines);
    }
}
