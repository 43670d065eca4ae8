package dev.panoptes.core.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reading a YAML file gave. */
public sealed interface YamlResult {
    /**
     * @param digest SHA-256 of the bytes, lower-case hex
     * @param root null for a file without content
     * @param problems what is wrong although the file could be read
     */
    record Parsed(String digest, @Nullable YamlNode root, List<Problem> problems) implements YamlResult {
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
