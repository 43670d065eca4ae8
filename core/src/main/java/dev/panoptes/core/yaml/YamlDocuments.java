package dev.panoptes.core.yaml;

import java.util.List;

/** What reading a YAML stream of several documents gave. */
public sealed interface YamlDocuments {
    /**
     * @param roots of every document that has content, in file order
     * @param problems what is wrong although the stream could be read
     */
    record Parsed(List<YamlNode> roots, List<Problem> problems) implements YamlDocuments {
        public Parsed {
            roots = List.copyOf(roots);
            problems = List.copyOf(problems);
        }
    }

    /** It is no YAML or is beyond the limits. @param problems at least one */
    record Broken(List<Problem> problems) implements YamlDocuments {
        public Broken {
            problems = List.copyOf(problems);
        }
    }
}
