package dev.panoptes.detection.fusion;

import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Something that a rule or an analytic concludes of one event, or of several within a short time.
 *
 * @param name a name of ours, or the rule's
 * @param rule the rule's id or the analytic's name
 * @param techniques ATT&CK ids as named
 * @param tactics ATT&CK's words, the first for the chain
 * @param event the event that stands for it; where there are several, the first in time
 * @param events all of them, bounded
 * @param count how many events there were
 * @param text one line of evidence
 * @param adjustments why its level is another one than the rule's or analytic's; empty where it is not
 */
public record Hit(
        String name,
        String rule,
        String title,
        Level level,
        List<String> techniques,
        List<String> tactics,
        Instant first,
        Instant last,
        String event,
        List<String> events,
        long count,
        SortedSet<Entity> entities,
        String text,
        SortedSet<Adjustment> adjustments) {
    private static final int MOST_ADJUSTMENTS = 5;
    /** Changes no level: what has it came too late to join an incident that is known. */
    private static final Adjustment LATE =
            new Adjustment(0, "its events came too late after their time to join an incident that was known");

    public Hit {
        techniques = List.copyOf(techniques);
        tactics = List.copyOf(tactics);
        events = List.copyOf(events);
        entities = FewEntities.of(entities);
        adjustments = adjustments.isEmpty()
                ? Collections.emptySortedSet()
                : Collections.unmodifiableSortedSet(
                        adjustments.stream().limit(MOST_ADJUSTMENTS).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** A reason to take it more or less seriously. @param levels by how many; less than zero for less */
    public record Adjustment(int levels, String reason) implements Comparable<Adjustment> {
        @Override
        public int compareTo(Adjustment other) {
            int byLevels = Integer.compare(levels, other.levels);
            return byLevels != 0 ? byLevels : reason.compareTo(other.reason);
        }
    }

    /** One whose level is the rule's or analytic's. */
    public Hit(
            String name,
            String rule,
            String title,
            Level level,
            List<String> techniques,
            List<String> tactics,
            Instant first,
            Instant last,
            String event,
            List<String> events,
            long count,
            SortedSet<Entity> entities,
            String text) {
        this(
                name,
                rule,
                title,
                level,
                techniques,
                tactics,
                first,
                last,
                event,
                events,
                count,
                entities,
                text,
                new TreeSet<>());
    }

    /** The same at another level, for reasons. */
    public Hit weighed(Level weighed, Collection<Adjustment> reasons) {
        SortedSet<Adjustment> all = new TreeSet<>(adjustments);
        all.addAll(reasons);
        return with(weighed, count, entities, all);
    }

    /** The same with the entities of others that are equal. */
    Hit sharing(UnaryOperator<Entity> shared) {
        return with(level, count, FewEntities.of(entities).sharing(shared), adjustments);
    }

    /** The same of another number of events. */
    public Hit counting(long events) {
        return with(level, events, entities, adjustments);
    }

    private Hit with(Level other, long events, SortedSet<Entity> concerned, SortedSet<Adjustment> reasons) {
        return new Hit(
                name,
                rule,
                title,
                other,
                techniques,
                tactics,
                first,
                last,
                event,
                this.events,
                events,
                concerned,
                text,
                reasons);
    }

    /** The same, which came too late to join an incident. */
    public Hit late() {
        return weighed(level, List.of(LATE));
    }

    /** True where it came too late to join an incident that was known: it may join others that did. */
    public boolean isLate() {
        return adjustments.contains(LATE);
    }

    /** The host it happened on; an empty text where none is named. */
    public String host() {
        return entities.stream()
                .filter(entity -> entity.type().equals("host"))
                .map(Entity::id)
                .findFirst()
                .orElse("");
    }
}
