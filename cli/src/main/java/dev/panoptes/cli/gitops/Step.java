package dev.panoptes.cli.gitops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One thing that must change on the server for it to be as declared.
 *
 * @param what in words, such as {@code configuration of hermes}
 * @param lines where it differs
 * @param tag of the version that was compared, and that alone may be replaced; null where anything may
 */
public record Step(
        String what,
        List<String> lines,
        String method,
        String path,
        @Nullable JsonNode body,
        @Nullable String tag) {
    public Step {
        lines = List.copyOf(lines);
    }

    /** Of what has no versions. */
    Step(String what, List<String> lines, String method, String path, @Nullable JsonNode body) {
        this(what, lines, method, path, body, null);
    }
}
