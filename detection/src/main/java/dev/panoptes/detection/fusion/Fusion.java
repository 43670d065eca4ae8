package dev.panoptes.detection.fusion;

import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.Techniques;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes findings and incidents of hits: a pure function of the set of hits, whatever the order in which they came.
 *
 * <p>Hits from medium on raise an incident. Two of them belong together where they share a host and lie less than
 * {@link #HOST_GAP} apart, or share an address from outside, a domain or a user that is no service's over several hosts and lie
 * less than {@link #IDENTITY_GAP} apart. What is below colours the incident of its host that it falls into (from
 * {@link #BEFORE} before it to {@link #BEFORE} after), and raises none.
 */
public final class Fusion {
    static final Duration HOST_GAP = Duration.ofHours(4);
    static final Duration IDENTITY_GAP = Duration.ofHours(6);
    static final Duration BEFORE = Duration.ofMinutes(30);
    private static final Set<String> LINKING = Set.of("source.ip", "destination.ip", "domain", "user", "file.hash");
    private static final Set<String> SERVICES = Set.of(
            "root", "0", "www-data", "nobody", "daemon", "apache", "nginx", "postgres", "mysql", "(unknown)", "");
    static final int MOST_MOMENTS = 500;
    static final int MOST_EVENTS = 1_000;
    static final int MOST_ENTITIES = 1_000;
    static final int MOST_FINDINGS = 1_000;

    private Fusion() {}

    /** @param hits in any order */
    public record Result(List<Finding> findings, List<Incident> incidents) {}

    /** 16 hexadecimal digits by which parts are known. */
    public static String digest(List<String> parts) {
        return Digests.of(parts);
    }

    public static Result fuse(Collection<Hit> hits) {
        List<Hit> sorted = new ArrayList<>(hits);
        sorted.sort(Order.HITS);
        List<Hit> raising = sorted.stream()
                .filter(hit -> hit.level().compareTo(Level.MEDIUM) >= 0)
                .toList();
        int[] groups = linked(raising);
        Map<Integer, List<Hit>> members = new TreeMap<>();
        for (int i = 0; i < raising.size(); i++) {
            members.computeIfAbsent(root(groups, i), _ -> new ArrayList<>()).add(raising.get(i));
        }
        Map<String, List<Hit>> colours = new HashMap<>();
        for (Hit hit : sorted) {
            if (hit.level().compareTo(Level.MEDIUM) < 0) {
                colours.computeIfAbsent(hit.host(), _ -> new ArrayList<>()).add(hit);
            }
        }
        List<Incident> incidents = new ArrayList<>();
        for (List<Hit> core : members.values()) {
            incidents.add(incident(core, coloured(core, colours)));
        }
        incidents.sort(Comparator.comparing(Incident::first).thenComparing(Incident::id));
        return new Result(findings(sorted), incidents);
    }

    /** What hits have in common; what came late has nothing in common with what did not. */
    private record Shared(Entity entity, boolean late) {}

    private static int[] linked(List<Hit> hits) {
        int[] parents = new int[hits.size()];
        for (int i = 0; i < parents.length; i++) {
            parents[i] = i;
        }
        Map<Shared, Integer> latest = new HashMap<>();
        Map<Shared, Instant> until = new HashMap<>();
        for (int i = 0; i < hits.size(); i++) {
            Hit hit = hits.get(i);
            for (Entity entity : hit.entities()) {
                boolean host = entity.type().equals("host");
                if (!host && !links(entity)) {
                    continue;
                }
                Shared shared = new Shared(entity, hit.isLate());
                Integer before = latest.get(shared);
                Instant end = until.get(shared);
                Duration gap = host ? HOST_GAP : IDENTITY_GAP;
                if (before != null && end != null && !hit.first().isAfter(end.plus(gap))) {
                    parents[root(parents, i)] = root(parents, before);
                }
                latest.put(shared, i);
                until.put(shared, end == null || hit.last().isAfter(end) ? hit.last() : end);
            }
        }
        return parents;
    }

    private static boolean links(Entity entity) {
        return LINKING.contains(entity.type())
                && !(entity.type().equals("user") && SERVICES.contains(entity.id()))
                && !entity.id().startsWith("127.")
                && !entity.id().equals("::1");
    }

    private static int root(int[] parents, int of) {
        int at = of;
        while (parents[at] != at) {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }

    private static List<Hit> coloured(List<Hit> core, Map<String, List<Hit>> colours) {
        List<Hit> all = new ArrayList<>(core);
        Map<String, Instant[]> spans = new HashMap<>();
        for (Hit hit : core) {
            Instant[] span = spans.computeIfAbsent(hit.host(), _ -> new Instant[] {hit.first(), hit.last()});
            span[0] = hit.first().isBefore(span[0]) ? hit.first() : span[0];
            span[1] = hit.last().isAfter(span[1]) ? hit.last() : span[1];
        }
        spans.forEach((host, span) -> {
            for (Hit hit : colours.getOrDefault(host, List.of())) {
                boolean within = !hit.last().isBefore(span[0].minus(BEFORE))
                        && !hit.first().isAfter(span[1].plus(BEFORE));
                if (within && hit.isLate() == core.getFirst().isLate()) {
                    all.add(hit);
                }
            }
        });
        all.sort(Order.HITS);
        return all;
    }

    private static Incident incident(List<Hit> core, List<Hit> all) {
        List<Incident.Contribution> contributions = new ArrayList<>();
        int score = score(core, Signs.among(all), contributions);
        int confidence = confidence(core);
        contributions.add(new Incident.Contribution(
                confidence,
                "confidence: 1 - product of (1 - c) over its findings; c is medium 0.5, high 0.75, critical 0.9"));
        Hit first = core.getFirst();
        SortedSet<Entity> entities = new TreeSet<>();
        for (Hit hit : all) {
            if (hit.level().compareTo(Level.LOW) >= 0) {
                entities.addAll(hit.entities());
            }
        }
        Set<String> events = events(all);
        List<String> findings =
                all.stream().map(hit -> fingerprint(hit)).distinct().sorted().toList();
        Instant last =
                core.stream().map(Hit::last).max(Comparator.naturalOrder()).orElseThrow();
        List<Incident.Moment> timeline = all.stream()
                .map(hit -> new Incident.Moment(hit.first(), hit.event(), hit.title() + ": " + hit.text()))
                .limit(MOST_MOMENTS)
                .toList();
        return new Incident(
                "inc-" + Digests.of(List.of(fingerprint(first), first.event())),
                title(core),
                severity(score),
                score,
                confidence,
                contributions,
                first.first(),
                last,
                most(entities, MOST_ENTITIES),
                chain(all),
                timeline,
                most(events, MOST_EVENTS),
                most(findings, MOST_FINDINGS),
                new Incident.More(
                        beyond(entities.size(), MOST_ENTITIES),
                        beyond(all.size(), MOST_MOMENTS),
                        beyond(events.size(), MOST_EVENTS),
                        beyond(findings.size(), MOST_FINDINGS)));
    }

    private static Set<String> events(List<Hit> hits) {
        Set<String> events = new LinkedHashSet<>();
        hits.forEach(hit -> events.addAll(hit.events()));
        return events;
    }

    private static <T> List<T> most(Collection<T> all, int bound) {
        return all.stream().limit(bound).toList();
    }

    private static int beyond(int size, int bound) {
        return Math.max(0, size - bound);
    }

    /**
     * Severity: the highest finding gives medium 40, high 70 or critical 90 points; each further tactic among findings from
     * medium on, and among the low ones of {@link Signs}, adds 10, at most 30; each further host adds 5, at most 10; that something of it is nobody's by the registry adds
     * 10. From 85 on it is critical, from 60 high, from 30 medium.
     */
    private static int score(List<Hit> core, List<Hit> signs, List<Incident.Contribution> contributions) {
        Hit worst = core.stream()
                .max(Comparator.comparing(Hit::level).thenComparing(Order.HITS.reversed()))
                .orElseThrow();
        int score = switch (worst.level()) {
            case CRITICAL -> 90;
            case HIGH -> 70;
            default -> 40;
        };
        contributions.add(new Incident.Contribution(
                score, "the worst finding is " + worst.level().word() + ": " + worst.title()));
        Set<String> tactics = new LinkedHashSet<>();
        core.forEach(hit -> hit.tactics().stream().limit(1).forEach(tactics::add));
        signs.forEach(hit -> hit.tactics().stream().limit(1).forEach(tactics::add));
        int more = Math.min(30, 10 * (tactics.size() - 1));
        if (more > 0) {
            contributions.add(new Incident.Contribution(
                    more, tactics.size() + " tactics: " + String.join(", ", new TreeSet<>(tactics))));
        }
        long hosts = Math.max(1, core.stream().flatMap(Fusion::hosts).distinct().count());
        int wide = (int) Math.min(10, 5 * (hosts - 1));
        if (wide > 0) {
            contributions.add(new Incident.Contribution(wide, hosts + " hosts"));
        }
        int nobodys = 0;
        SortedSet<Hit.Adjustment> reasons = new TreeSet<>();
        core.forEach(hit -> reasons.addAll(hit.adjustments()));
        for (Hit.Adjustment reason : reasons.reversed()) {
            boolean against = reason.levels() > 0 && nobodys == 0;
            nobodys += against ? 10 : 0;
            contributions.add(
                    reason.levels() == 0
                            ? new Incident.Contribution(0, reason.reason())
                            : new Incident.Contribution(
                                    against ? 10 : 0,
                                    (reason.levels() > 0 ? "raised a finding by " : "lowered a finding by ")
                                            + Math.abs(reason.levels()) + " level: " + reason.reason()));
        }
        return Math.min(100, score + Math.max(0, more) + Math.max(0, wide) + nobodys);
    }

    /** A finding may be of several hosts, of which the first gave it its place. */
    private static Stream<String> hosts(Hit hit) {
        return hit.entities().stream()
                .filter(entity -> entity.type().equals("host"))
                .map(Entity::id);
    }

    private static Level severity(int score) {
        return score >= 85 ? Level.CRITICAL : score >= 60 ? Level.HIGH : score >= 30 ? Level.MEDIUM : Level.LOW;
    }

    private static int confidence(Collection<Hit> core) {
        Map<String, Level> byName = new TreeMap<>();
        core.forEach(hit -> byName.merge(hit.name(), hit.level(), Level::atLeast));
        double doubt = 1;
        for (Level level : byName.values()) {
            doubt *= 1 - certainty(level);
        }
        return (int) Math.min(99, Math.round(100 * (1 - doubt)));
    }

    private static double certainty(Level level) {
        return switch (level) {
            case INFORMATIONAL -> 0.1;
            case LOW -> 0.25;
            case MEDIUM -> 0.5;
            case HIGH -> 0.75;
            case CRITICAL -> 0.9;
        };
    }

    private static String title(List<Hit> core) {
        Hit worst = core.stream()
                .max(Comparator.comparing(Hit::level).thenComparing(Order.HITS.reversed()))
                .orElseThrow();
        Set<String> hosts = core.stream()
                .map(Hit::host)
                .filter(host -> !host.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        String where = hosts.isEmpty()
                ? ""
                : hosts.size() == 1 ? " on " + hosts.iterator().next() : " on " + hosts.size() + " hosts";
        long others = core.stream().map(Hit::name).distinct().count() - 1;
        String more = others == 0 ? "" : ", with " + others + (others == 1 ? " other finding" : " other findings");
        return worst.title() + where + more;
    }

    private static List<Incident.Step> chain(List<Hit> all) {
        Map<String, Incident.Step> first = new LinkedHashMap<>();
        for (Hit hit : all) {
            String tactic =
                    hit.tactics().isEmpty() ? "execution" : hit.tactics().getFirst();
            for (String technique : hit.techniques()) {
                first.putIfAbsent(technique, new Incident.Step(tactic, technique, hit.first()));
            }
        }
        return first.values().stream()
                .sorted(Comparator.comparing(Incident.Step::at)
                        .thenComparingInt(step -> Tactics.place(step.tactic()))
                        .thenComparing(Incident.Step::technique))
                .toList();
    }

    /** The same rule or analytic, of the same host and the same identity. */
    public static String fingerprint(Hit hit) {
        List<String> parts = new ArrayList<>(List.of(hit.name(), hit.rule(), hit.host()));
        hit.entities().stream()
                .filter(entity -> entity.type().equals("user")
                        || (entity.type().equals("source.ip") && hit.rule().equals(hit.name())))
                .limit(1)
                .forEach(entity -> parts.add(entity.type() + "=" + entity.id()));
        return Digests.of(parts);
    }

    private static List<Finding> findings(List<Hit> sorted) {
        Map<String, List<Hit>> same = new LinkedHashMap<>();
        sorted.forEach(hit ->
                same.computeIfAbsent(fingerprint(hit), _ -> new ArrayList<>(1)).add(hit));
        List<Finding> findings = new ArrayList<>();
        same.forEach((fingerprint, hits) -> {
            Hit first = hits.getFirst();
            SortedSet<Entity> entities = new TreeSet<>();
            hits.forEach(hit -> entities.addAll(hit.entities()));
            Set<String> events = events(hits);
            Level level =
                    hits.stream().map(Hit::level).max(Comparator.naturalOrder()).orElseThrow();
            findings.add(new Finding(
                    fingerprint,
                    fingerprint,
                    first.name(),
                    first.rule(),
                    first.title(),
                    level,
                    (int) Math.round(100 * certainty(level)),
                    Techniques.current(first.techniques()),
                    first.first(),
                    hits.stream().map(Hit::last).max(Comparator.naturalOrder()).orElseThrow(),
                    hits.stream().mapToLong(Hit::count).sum(),
                    most(entities, MOST_ENTITIES),
                    most(events, MOST_EVENTS),
                    new Finding.More(beyond(entities.size(), MOST_ENTITIES), beyond(events.size(), MOST_EVENTS))));
        });
        findings.sort(Comparator.comparing(Finding::first)
                .thenComparing(Finding::name)
                .thenComparing(Finding::fingerprint));
        return findings;
    }
}
