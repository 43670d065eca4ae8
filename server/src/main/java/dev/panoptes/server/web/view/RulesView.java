package dev.panoptes.server.web.view;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules that run.
 *
 * @param rules a part of those that the filter leaves
 * @param left how many it leaves
 * @param total how many there are
 * @param broken those that do not run, with why
 * @param sources log sources that rules read
 * @param next where the next part is; null on the last
 * @param one the rule that is shown alone; null for the list
 */
public record RulesView(
        List<Rule> rules,
        int left,
        int total,
        List<Broken> broken,
        Map<String, String> filter,
        List<String> sources,
        @Nullable String next,
        @Nullable Rule one) {
    /**
     * @param level empty where the rule states none
     * @param cases what it must match and what it must not, where the server tells them
     */
    public record Rule(
            String name,
            String title,
            String description,
            String level,
            List<String> techniques,
            String source,
            boolean correlation,
            boolean silent,
            String file,
            long hits,
            List<Case> cases) {}

    /** @param matches whether the rule must match it */
    public record Case(String name, boolean matches, String event) {}

    public record Broken(String file, int line, String reason) {}
}
