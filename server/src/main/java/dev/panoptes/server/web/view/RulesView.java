package dev.panoptes.server.web.view;

import java.time.Instant;
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
     * @param broken whether it does not run
     * @param more null in lists
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
            boolean broken,
            String file,
            long hits,
            @Nullable More more) {}

    /**
     * What only the page of a rule tells.
     *
     * @param reasons why it does not run
     * @param sensors whose events it looks at; empty for any
     * @param cases what it is tried with
     * @param text as it is written
     */
    public record More(
            int line,
            List<Broken> reasons,
            List<String> sensors,
            @Nullable Instant first,
            @Nullable Instant last,
            List<Matched> hosts,
            List<Case> cases,
            String text) {}

    /** @param host empty where none is named */
    public record Matched(String host, long hits, @Nullable Instant last) {}

    /** @param kind match, near or ordinary @param holds whether it does what it must */
    public record Case(String kind, String text, boolean holds) {}

    public record Broken(String file, int line, String reason) {
        /** As its page is asked for: the file's name without its suffix. */
        public String name() {
            String name = file.substring(file.lastIndexOf('/') + 1);
            int dot = name.lastIndexOf('.');
            return dot > 0 ? name.substring(0, dot) : name;
        }
    }
}
