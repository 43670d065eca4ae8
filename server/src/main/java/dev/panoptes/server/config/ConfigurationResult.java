package dev.panoptes.server.config;

import java.util.List;

/** What loading the configuration gave. */
public sealed interface ConfigurationResult {
    /** @param notices things worth knowing that stop nothing */
    record Loaded(Configuration configuration, List<String> notices) implements ConfigurationResult {
        public Loaded {
            notices = List.copyOf(notices);
        }
    }

    /** @param problems all of them, each one line with its file and line or variable */
    record Refused(List<String> problems) implements ConfigurationResult {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
