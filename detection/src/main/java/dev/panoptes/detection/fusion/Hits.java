package dev.panoptes.detection.fusion;

import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Gathers hits in bounded space: what says the same of the same host and user within the same hour is one. The result does
 * not depend on the order in which they come. For one thread.
 */
public final class Hits {
    private static final int MOST = 100_000;
    private static final int MOST_EVENTS = 50;
    private static final int MOST_ENTITIES = 40;
    private static final long BUCKET = 3_600;

    private final Map<String, Gathered> gathered = new HashMap<>();
    private long dropped;

    /** What hits have in common that are one. */
    public static String key(Hit hit) {
        long bucket = Math.floorDiv(hit.first().getEpochSecond(), BUCKET);
        return Digests.of(List.of(hit.name(), hit.rule(), hit.host(), user(hit), Long.toString(bucket)));
    }

    public void add(Hit hit) {
        String key = key(hit);
        Gathered known = gathered.get(key);
        if (known == null) {
            if (gathered.size() >= MOST) {
                dropped++;
                return;
            }
            known = new Gathered(hit);
            gathered.put(key, known);
        } else {
            known.add(hit);
        }
    }

    /** How many did not fit. */
    public long dropped() {
        return dropped;
    }

    private static String user(Hit hit) {
        return hit.entities().stream()
                .filter(entity -> entity.type().equals("user"))
                .map(Entity::id)
                .findFirst()
                .orElse("");
    }

    /** What was gathered, by time. */
    public List<Hit> all() {
        List<Hit> hits = new ArrayList<>();
        gathered.values().forEach(one -> hits.add(one.hit()));
        hits.sort(Order.HITS);
        return hits;
    }

    private static final class Gathered {
        private Hit first;
        private Instant last;
        private Level level;
        private long count;
        private final TreeSet<Timed> events = new TreeSet<>();
        private final SortedSet<Entity> entities = new TreeSet<>();

        private record Timed(Instant at, String event) implements Comparable<Timed> {
            @Override
            public int compareTo(Timed other) {
                int byTime = at.compareTo(other.at);
                return byTime != 0 ? byTime : event.compareTo(other.event);
            }
        }

        Gathered(Hit hit) {
            first = hit;
            last = hit.last();
            level = hit.level();
            take(hit);
        }

        void add(Hit hit) {
            if (Order.HITS.compare(hit, first) < 0) {
                first = hit;
            }
            last = hit.last().isAfter(last) ? hit.last() : last;
            level = level.atLeast(hit.level());
            take(hit);
        }

        private void take(Hit hit) {
            count += hit.count();
            hit.events().forEach(event -> events.add(new Timed(hit.first(), event)));
            while (events.size() > MOST_EVENTS) {
                events.removeLast();
            }
            entities.addAll(hit.entities());
            while (entities.size() > MOST_ENTITIES) {
                entities.removeLast();
            }
        }

        Hit hit() {
            List<String> ids = events.stream().map(Timed::event).distinct().toList();
            return new Hit(
                    first.name(),
                    first.rule(),
                    first.title(),
                    level,
                    first.techniques(),
                    first.tactics(),
                    first.first(),
                    last,
                    first.event(),
                    ids,
                    count,
                    Collections.unmodifiableSortedSet(entities),
                    first.text());
        }
    }
}
