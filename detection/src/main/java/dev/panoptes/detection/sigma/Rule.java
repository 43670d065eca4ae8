package dev.panoptes.detection.sigma;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rule as it was read. */
sealed interface Rule {
    RuleInfo info();

    /** Asks something of one event. */
    record Detection(RuleInfo info, LogSource source, Expr expr) implements Rule {}

    /**
     * Counts or orders what other rules match within a time.
     *
     * @param rules ids or names of the rules it refers to
     * @param limits all of them must hold
     * @param field whose values are counted, summed or averaged; null for the others
     * @param percentile of {@code value_percentile}; else 0
     * @param aliases name -> rule -> field
     * @param condition which of the rules must occur, for {@code temporal}; null for all
     */
    record Correlation(
            RuleInfo info,
            Type type,
            List<String> rules,
            List<String> groupBy,
            Duration timespan,
            List<Limit> limits,
            @Nullable String field,
            double percentile,
            Map<String, Map<String, String>> aliases,
            @Nullable Expr condition,
            boolean generate)
            implements Rule {
        public Correlation {
            rules = List.copyOf(rules);
            groupBy = List.copyOf(groupBy);
            limits = List.copyOf(limits);
            aliases = Map.copyOf(aliases);
        }
    }

    /** Takes matches away from rules. @param rules ids or names; empty for any */
    record Filter(RuleInfo info, LogSource source, List<String> rules, Expr expr) implements Rule {
        public Filter {
            rules = List.copyOf(rules);
        }
    }

    record Limit(Test.Comparison comparison, double number) {}

    enum Type {
        EVENT_COUNT,
        VALUE_COUNT,
        VALUE_SUM,
        VALUE_AVG,
        VALUE_PERCENTILE,
        VALUE_MEDIAN,
        TEMPORAL,
        TEMPORAL_ORDERED
    }
}
