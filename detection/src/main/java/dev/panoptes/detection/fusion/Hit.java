package dev.panoptes.detection.fusion;

import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

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
        String text) {
    public Hit {
        techniques = List.copyOf(techniques);
        tactics = List.copyOf(tactics);
        events = List.copyOf(events);
        entities = new TreeSet<>(entities);
    }

    /** The same of another number of events. */
    public Hit counting(long events) {
        return new Hit(
                name, rule, title, level, techniques, tactics, first, last, event, this.events, events, entities, text);
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
