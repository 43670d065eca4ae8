package dev.panoptes.detection.fusion;

import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.RuleInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers hits in bounded space: what says the same of the same host and user within the same hour is one. The result does
 * not depend on the order in which they come. For one thread.
 */
public final class Hits {
    private static final int MOST = 100_000;
    private static final int MOST_EVENTS = 50;
    /** Of each type: many files must not crowd out the host. */
    private static final int MOST_ENTITIES = 20;

    private static final long BUCKET = 3_600;
    /** Entities that are many are not those that many hits have in common. */
    private static final int MOST_SHARED = 50_000;

    private final Map<Group, Gathered> gathered = new HashMap<>();
    /** Each entity once: thousands of hits are of the same host and user. */
    private final Map<Entity, Entity> shared = new HashMap<>();

    private long dropped;

    /** What hits have in common that are one. */
    private record Group(String name, String rule, String host, String user, long bucket, boolean late) {
        static Group of(Hit hit) {
            return new Group(
                    hit.name(),
                    hit.rule(),
                    hit.host(),
                    first("user", hit.entities()),
                    bucket(hit.first()),
                    hit.isLate());
        }

        Group sharing(UnaryOperator<Entity> shared) {
            return new Group(
                    name,
                    rule,
                    shared.apply(new Entity("host", host)).id(),
                    shared.apply(new Entity("user", user)).id(),
                    bucket,
                    late);
        }

        private static long bucket(Instant at) {
            return Math.floorDiv(at.getEpochSecond(), BUCKET);
        }
    }

    /** What hits have in common that are one, as a name to keep them by. */
    public static String key(Hit hit) {
        Group group = Group.of(hit);
        String bucket = Long.toString(group.bucket()) + (group.late() ? " late" : "");
        return Digests.of(List.of(group.name(), group.rule(), group.host(), group.user(), bucket));
    }

    public void add(Hit hit) {
        Gathered known = gathered(Group.of(hit));
        if (known != null) {
            known.add(hit);
        }
    }

    /**
     * Takes the match of a rule. Of most only the count is kept, so that the rest is not made.
     *
     * @param host where it happened; an empty text where it does not say
     * @param made makes all of it
     */
    public void add(
            RuleInfo rule, String host, Instant at, String event, SortedSet<Entity> entities, Supplier<Hit> made) {
        Gathered known =
                gathered(new Group(rule.name(), rule.key(), host, first("user", entities), Group.bucket(at), false));
        if (known != null) {
            known.add(rule.level() == null ? Level.LOW : rule.level(), at, event, entities, made);
        }
    }

    /** Null where there is no room. */
    private @Nullable Gathered gathered(Group group) {
        Gathered known = gathered.get(group);
        if (known == null) {
            if (gathered.size() >= MOST) {
                dropped++;
                return null;
            }
            known = new Gathered();
            gathered.put(group.sharing(this::shared), known);
        }
        return known;
    }

    private Entity shared(Entity entity) {
        Entity known = shared.get(entity);
        if (known == null) {
            known = entity;
            if (shared.size() < MOST_SHARED) {
                shared.put(entity, entity);
            }
        }
        return known;
    }

    private static String first(String type, SortedSet<Entity> entities) {
        for (Entity entity : entities) {
            if (entity.type().equals(type)) {
                return entity.id();
            }
        }
        return "";
    }

    /** How many did not fit. */
    public long dropped() {
        return dropped;
    }

    /** What was gathered, by time. */
    public List<Hit> all() {
        List<Hit> hits = new ArrayList<>();
        gathered.values().forEach(one -> hits.add(one.hit()));
        hits.sort(Order.HITS);
        return hits;
    }

    /** The same, and forgets it: of many hits there are not two copies at once. */
    public List<Hit> drain() {
        List<Hit> hits = new ArrayList<>(gathered.size());
        shared.clear();
        gathered.values().removeIf(one -> hits.add(one.hit()));
        hits.sort(Order.HITS);
        return hits;
    }

    /** Most are alone, and need no more than the hit: sets are made when the second comes. */
    private final class Gathered {
        private @Nullable Hit first;
        private Instant last = Instant.MIN;
        private Level level = Level.INFORMATIONAL;
        private long count;
        private @Nullable TreeSet<Hit.Adjustment> adjustments;
        private @Nullable Sets sets;

        void add(Hit hit) {
            if (first != null) {
                Sets all = sets();
                all.take(hit);
            }
            if (first == null || Order.HITS.compare(hit, first) < 0) {
                first = hit.sharing(Hits.this::shared);
            }
            last = hit.last().isAfter(last) ? hit.last() : last;
            level = level.atLeast(hit.level());
            take(hit.adjustments());
            count += hit.count();
        }

        private Sets sets() {
            Sets all = sets;
            if (all == null) {
                all = new Sets();
                all.take(Objects.requireNonNull(first));
                sets = all;
            }
            return all;
        }

        void add(Level own, Instant at, String event, SortedSet<Entity> more, Supplier<Hit> made) {
            int order = first == null ? -1 : at.compareTo(first.first());
            if (first == null || order < 0 || (order == 0 && event.compareTo(first.event()) <= 0)) {
                add(made.get());
                return;
            }
            last = at.isAfter(last) ? at : last;
            level = level.atLeast(own);
            count++;
            Sets all = sets();
            all.take(event);
            more.forEach(all::take);
        }

        /** Most have none, and need no set for it. */
        private void take(SortedSet<Hit.Adjustment> more) {
            if (more.isEmpty()) {
                return;
            }
            if (adjustments == null) {
                adjustments = new TreeSet<>();
            }
            adjustments.addAll(more);
        }

        Hit hit() {
            Hit hit = Objects.requireNonNull(first);
            boolean alone = sets == null;
            if (alone
                    && !hit.event().isEmpty()
                    && hit.events().equals(List.of(hit.event()))
                    && hit.entities().size() <= MOST_ENTITIES) {
                return hit; // nothing is left out of it
            }
            Sets own = sets();
            sets = alone ? null : own;
            TreeSet<Entity> all = new TreeSet<>();
            own.entities.values().forEach(all::addAll);
            List<String> ids = Stream.concat(Stream.of(hit.event()), own.events.stream())
                    .filter(event -> !event.isEmpty())
                    .distinct()
                    .limit(MOST_EVENTS)
                    .toList();
            return new Hit(
                    hit.name(),
                    hit.rule(),
                    hit.title(),
                    level,
                    hit.techniques(),
                    hit.tactics(),
                    hit.first(),
                    last,
                    hit.event(),
                    ids,
                    count,
                    all,
                    hit.text(),
                    adjustments == null ? Collections.emptySortedSet() : adjustments);
        }
    }

    /** What several hits name, bounded. */
    private final class Sets {
        private final TreeSet<String> events = new TreeSet<>(Order.EVENTS);
        private final Map<String, TreeSet<Entity>> entities = new HashMap<>(4);

        void take(Hit hit) {
            hit.events().forEach(this::take);
            hit.entities().forEach(this::take);
        }

        /** By their names, not their times: of what was gathered before, only the first one's time is known. */
        private void take(String event) {
            if (events.size() < MOST_EVENTS || Order.EVENTS.compare(event, events.last()) < 0) {
                events.add(event);
                if (events.size() > MOST_EVENTS) {
                    events.removeLast();
                }
            }
        }

        private void take(Entity entity) {
            TreeSet<Entity> known = entities.computeIfAbsent(entity.type(), _ -> new TreeSet<>());
            if (known.size() < MOST_ENTITIES || entity.compareTo(known.last()) < 0) {
                known.add(shared(entity));
                if (known.size() > MOST_ENTITIES) {
                    known.removeLast();
                }
            }
        }
    }
}
