package dev.panoptes.detection.sigma;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people and reports need of a rule.
 *
 * @param key its id, or else its file's name
 * @param id null where the rule has none
 * @param name the short name that findings carry: the rule's {@code name}, or else its file's name without the suffix
 * @param level null where the rule states none
 * @param techniques ATT&CK ids as the rule names them, in upper case
 * @param source null for a correlation
 * @param correlation true where it counts or orders what other rules match
 * @param silent true where it only serves a correlation
 */
public record RuleInfo(
        String key,
        @Nullable String id,
        String name,
        String title,
        String description,
        @Nullable Level level,
        List<String> tags,
        List<String> techniques,
        @Nullable LogSource source,
        boolean correlation,
        boolean silent,
        String file,
        int line) {
    public RuleInfo {
        tags = List.copyOf(tags);
        techniques = List.copyOf(techniques);
    }

    RuleInfo withSilent(boolean now) {
        return new RuleInfo(
                key, id, name, title, description, level, tags, techniques, source, correlation, now, file, line);
    }
}
