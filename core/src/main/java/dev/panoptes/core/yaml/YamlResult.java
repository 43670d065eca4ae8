package dev.panoptes.core.yaml;

import dev.panoptes.core.ContentDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reading a YAML file gave. */
public sealed interface YamlResult {
    /**
     * @param digest of the bytes
     * @param root null for a file without content
     * @param problems what is wrong although the file could be read
     */
    record Parsed(ContentDigest digest, @Nullable YamlNode root, List<Problem> problems) implements YamlResult {
        public Parsed {
            problems = List.copyOf(problems);
        }
    }

    /** The file is there but is no YAML, cannot be read, or is beyond the limits. @param problems at least one */
    record Broken(List<Problem> problems) implements YamlResult {
        public Broken {
            problems = List.copyOf(problems);
        }
    }

    /** There is no such file. */
    record Absent() implements YamlResult {}
}
