package dev.panoptes.server.detections;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.Detector;
import dev.panoptes.detection.Observation;
import dev.panoptes.detection.Recollection;
import dev.panoptes.detection.analytics.Seen;
import dev.panoptes.detection.fusion.Fusion;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.fusion.Hits;
import dev.panoptes.detection.fusion.Threat;
import dev.panoptes.detection.intent.Intent;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.RuleSet;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.findings.FindingsService;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.telemetry.TelemetryListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Concludes from events. Rules run in the transaction that stores the events, and so do findings and incidents that follow;
 * analytics, which need many events, look at the last day every minute.
 */
final class Detections implements TelemetryListener {
    private static final Duration REPORTING = Duration.ofHours(24);
    private final Database database;
    private final InstantSource clock;
    private final Changes changes;
    private final FindingsService findings;
    private final LoadedRules rules;
    private final Suppressions suppressions;
    private final Duration lateness;
    private final Intents intents;
    private final IssueFindings issueFindings;
    private final HitStore hits = new HitStore();
    private final ObservationStore observations = new ObservationStore();
    private final FirstStore firsts;
    private final LagStore lags = new LagStore();
    private final AtomicLong leftOut = new AtomicLong();
    private final IncidentStore incidents = new IncidentStore();
    private final IncidentFusion fusion;

    /** @param lateness how long after their time events still join an incident */
    Detections(
            Database database,
            InstantSource clock,
            Changes changes,
            FindingsService findings,
            LoadedRules rules,
            Suppressions suppressions,
            Intents intents,
            IssueFindings issueFindings,
            Duration lateness) {
        this.intents = intents;
        this.firsts = new FirstStore(clock);
        this.issueFindings = issueFindings;
        this.suppressions = suppressions;
        this.lateness = lateness;
        this.database = database;
        this.clock = clock;
        this.changes = changes;
        this.findings = findings;
        this.rules = rules;
        this.fusion = new IncidentFusion(clock, changes, hits, incidents);
    }

    RuleSet rules() {
        return rules.rules();
    }

    @Override
    public Hearing begin(String host) {
        return new Thought(rules.rules(), intents.now());
    }

    /** Makes findings of integrity issues in the transaction that opens them, and withdraws them in the one that ends them. */
    void changed(Transaction transaction, List<Change> made, Instant at) {
        List<String> opened = subjects(made, Set.of("new", "regressed"));
        List<String> again =
                subjects(made.stream().filter(change -> change.from() != null).toList(), Set.of("new", "regressed"));
        List<String> over = subjects(made, Set.of("resolved", "waived"));
        if (!over.isEmpty()) {
            withdraw(transaction, issueFindings.over(transaction, over));
        }
        if (opened.isEmpty()) {
            return;
        }
        Intent intent = intents.now(transaction);
        List<Hit> found = suppressions.told(
                transaction,
                issueFindings.opened(transaction, opened, Set.copyOf(again), at).stream()
                        .map(hit -> intent.judged(hit, null))
                        .toList());
        if (!found.isEmpty()) {
            Hits gathered = new Hits();
            found.forEach(gathered::add);
            hits.add(transaction, gathered.all());
            conclude(transaction, gathered.all());
        }
    }

    private void withdraw(Transaction transaction, List<String> issues) {
        if (!issues.isEmpty()) {
            transaction.atEnd(() -> {
                // Before the incidents, as everybody who locks both.
                hits.lock(transaction);
                fusion.withdraw(transaction, issues);
            });
        }
    }

    private static List<String> subjects(List<Change> made, Set<String> states) {
        return made.stream()
                .filter(change -> change.kind().equals("issue") && change.to() != null && states.contains(change.to()))
                .map(Change::subject)
                .distinct()
                .toList();
    }

    /** What follows from events one by one, and what must be kept of them. */
    private final class Thought implements Hearing {
        private final RuleSet rules;
        private final Intent intent;
        private final Hits gathered = new Hits();
        private final Instant earliest = clock.instant().minus(lateness);
        private final Recollection.Notes notes;

        Thought(RuleSet rules, Intent intent) {
            this.rules = rules;
            this.intent = intent;
            this.notes = new Recollection(rules).notes(firsts);
        }

        @Override
        public void hear(Event event) {
            Instant at = event.timestamp();
            if (at == null) {
                return;
            }
            Seen seen = Seen.of(event, Objects.requireNonNullElse(event.id(), at.toString()), at);
            List<Integer> matched = new ArrayList<>(4);
            rules.match(event, matched::add);
            for (int number : matched) {
                RuleInfo rule = rules.rules().get(number);
                if (rule.silent()) {
                    continue;
                }
                boolean late = at.isBefore(earliest);
                Hit weighed = intent.isEmpty() && !late ? null : intent.judged(Detector.hit(rule, seen), seen);
                if (weighed != null && late) {
                    gathered.add(weighed.late());
                } else if (weighed == null || weighed.adjustments().isEmpty()) {
                    gathered.add(rule, seen.host(), at, seen.id(), seen.entities(), () -> Detector.hit(rule, seen));
                } else {
                    gathered.add(weighed);
                }
            }
            notes.see(seen, matched);
        }

        @Override
        public void stored(Transaction transaction) {
            Detections.this.stored(transaction, rules, intent, gathered.all(), notes.all());
        }
    }

    private void stored(
            Transaction transaction, RuleSet now, Intent intent, List<Hit> gathered, List<Observation> kept) {
        List<Hit> told = suppressions.told(transaction, gathered);
        if (!told.isEmpty()) {
            hits.add(transaction, told);
            conclude(transaction, told);
        }
        if (!kept.isEmpty()) {
            transaction.atEnd(() -> recollect(transaction, new Recollection(now), intent, kept));
        }
    }

    /** Concludes anew what these observations may change. */
    private void recollect(Transaction transaction, Recollection recollection, Intent intent, List<Observation> fresh) {
        Map<String, List<Observation>> groups = new TreeMap<>();
        Map<String, List<Observation>> lasting = new TreeMap<>();
        fresh.forEach(one -> (one.once() == null ? groups : lasting)
                .computeIfAbsent(origin(one), _ -> new ArrayList<>())
                .add(one));
        hits.lock(transaction);
        Instant now = clock.instant();
        Map<String, Long> counts = new HashMap<>();
        if (!groups.isEmpty()) {
            observations.add(transaction, groups, now);
            counts.putAll(observations.counts(transaction, groups.keySet()));
        }
        lasting.keySet().retainAll(firsts.add(transaction, lasting, now));
        if (!lasting.isEmpty()) {
            counts.putAll(firsts.counts(transaction, lasting.keySet()));
            groups.putAll(lasting);
        }
        Map<String, Integer> least = new HashMap<>();
        Map<String, Observation> enough = new TreeMap<>();
        groups.forEach((key, group) -> {
            Observation one = group.getFirst();
            long count = counts.getOrDefault(key, 0L);
            if (count >= least.computeIfAbsent(one.concluder(), recollection::least)) {
                enough.put(key, one);
                leftOut.addAndGet(
                        one.once() != null ? 0 : Math.max(0, Math.min(group.size(), count - ObservationStore.MOST)));
            }
        });
        if (enough.isEmpty()) {
            return;
        }
        Map<String, Observation> kept = new TreeMap<>(enough);
        kept.keySet().removeAll(lasting.keySet());
        Map<String, List<Observation>> all = kept.isEmpty() ? new HashMap<>() : observations.of(transaction, kept);
        enough.keySet().retainAll(lasting.keySet());
        all.putAll(firsts.of(transaction, enough));
        enough.putAll(kept);
        Map<String, List<Hit>> concluded = new TreeMap<>();
        Map<String, Instant> oldest = new HashMap<>();
        enough.forEach((key, like) -> {
            List<Observation> group = all.getOrDefault(key, List.of());
            concluded.put(
                    key,
                    recollection.conclude(like.concluder(), like.group(), group).stream()
                            .map(hit -> intent.judged(hit, null))
                            .toList());
            // The very first of a group is known beside the newest: what followed from those between stays.
            group.stream()
                    .map(Observation::at)
                    .sorted()
                    .skip(like.once() != null && group.size() > FirstStore.MOST ? 1 : 0)
                    .findFirst()
                    .ifPresent(at -> oldest.put(key, at));
        });
        HitStore.Replaced replaced =
                hits.replace(transaction, concluded, oldest, found -> suppressions.told(transaction, found));
        if (!replaced.changed().isEmpty()) {
            conclude(transaction, replaced.changed());
        }
        Set<String> retracted = new HashSet<>();
        replaced.removed().forEach(hit -> retracted.addAll(hit.events()));
        replaced.removed().stream()
                .map(Hit::first)
                .min(Comparator.naturalOrder())
                .ifPresent(
                        first -> transaction.atEnd(() -> fusion.fuse(transaction, first.minus(lateness), retracted)));
    }

    private static String origin(Observation one) {
        return Fusion.digest(List.of(one.concluder(), one.group()));
    }

    /** How many observations this replica left out, for there were too many of a group. */
    long leftOut() {
        return leftOut.get() + firsts.leftOut();
    }

    /** Tells findings, and makes incidents anew where these hits may change one. */
    private void conclude(Transaction transaction, List<Hit> fresh) {
        Map<String, Hit> told = new LinkedHashMap<>();
        fresh.stream()
                .filter(hit -> hit.level().compareTo(Level.LOW) >= 0)
                .forEach(hit -> told.put(Fusion.fingerprint(hit), hit));
        told.forEach((fingerprint, hit) -> findings.report(transaction, HitFinding.of(fingerprint, hit)));
        Instant from = fresh.stream()
                .map(Hit::first)
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .minus(lateness);
        List<String> hosts = fresh.stream().map(Hit::host).distinct().toList();
        boolean raising = fresh.stream().anyMatch(hit -> hit.level().compareTo(Level.MEDIUM) >= 0);
        if (raising || incidents.anyOpen(transaction, hosts, from)) {
            transaction.atEnd(() -> fusion.fuse(transaction, from, Set.of()));
        }
    }

    /** How far detection is behind what sensors have to tell; zero where they have told all. */
    Duration lag() {
        Instant now = clock.instant();
        return database.transaction(transaction -> lags.all(transaction, now)).stream()
                .map(lag -> lag.behind(now))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** Whether a sensor sent something within the last day. */
    boolean reports() {
        return database.transaction(
                transaction -> incidents.seen(transaction, clock.instant().minus(REPORTING)));
    }

    /** The level of threat, and what makes it. */
    record ThreatNow(Threat level, double score, List<Weighed> open) {}

    /** An open incident, and what it adds to the score. */
    record Weighed(StoredIncident incident, Threat.Open open, Threat.Reason reason) {
        static Weighed of(StoredIncident incident, Instant now) {
            Threat.Open open = new Threat.Open(
                    Objects.requireNonNullElse(Level.of(incident.severity()), Level.LOW),
                    incident.confidence(),
                    incident.last(),
                    !incident.state().equals("open"));
            return new Weighed(incident, open, Threat.reason(open, now));
        }
    }

    ThreatNow threat() {
        Instant now = clock.instant();
        return database.transaction(transaction -> {
            List<Weighed> weighed = incidents.open(transaction, now.minus(IncidentFusion.OPEN_FOR)).stream()
                    .map(incident -> Weighed.of(incident, now))
                    .sorted(Comparator.comparingDouble(
                                    (Weighed one) -> -one.reason().points())
                            .thenComparing(one -> one.incident().id()))
                    .toList();
            List<Threat.Open> open = weighed.stream().map(Weighed::open).toList();
            // What integrity finds says nothing of what no sensor looks at.
            boolean watched = incidents.seen(transaction, now.minus(REPORTING))
                    || weighed.stream().anyMatch(one -> one.incident().seenBySensors());
            return new ThreatNow(Threat.of(open, watched ? now : null), Threat.score(open, now), weighed);
        });
    }

    List<StoredIncident> page(
            @Nullable String state,
            @Nullable String host,
            @Nullable Instant from,
            @Nullable Instant before,
            String beforeId,
            int limit) {
        return database.transaction(
                transaction -> incidents.page(transaction, state, host, from, before, beforeId, limit));
    }

    Optional<StoredIncident> find(String id) {
        return database.transaction(transaction -> incidents.find(transaction, id));
    }

    LoadedRules loaded() {
        return rules;
    }

    Map<String, HitStore.Counted> counts() {
        return database.transaction(hits::counts);
    }

    List<HitStore.Where> where(String rule) {
        return database.transaction(transaction -> hits.where(transaction, rule));
    }

    /** Every sensor that ever sent something. */
    List<LagStore.Watching> watching() {
        return database.transaction(lags::watching);
    }

    /** True where it is so late that a sensor that sent nothing since does not watch any more. */
    boolean silent(Instant last) {
        return last.isBefore(clock.instant().minus(REPORTING));
    }

    /** Says what became of an incident; empty where there is none. */
    Optional<StoredIncident> move(String id, String state, @Nullable String note, Actor actor) {
        Instant now = clock.instant();
        return database.transaction(transaction -> incidents
                .lock(transaction, id)
                .map(old -> {
                    StoredIncident moved = old.as(state, old.mergedInto(), old.body(), now);
                    if (!old.state().equals(state)) {
                        incidents.put(transaction, moved);
                        changes.record(
                                transaction,
                                new Change(
                                        IncidentFusion.KIND,
                                        id,
                                        old.host(),
                                        old.state(),
                                        state,
                                        actor,
                                        note,
                                        Map.of("title", old.title(), "severity", old.severity())));
                    }
                    return moved;
                }));
    }

    int forgetHits(Transaction transaction, Instant before, int limit) {
        return hits.forget(transaction, before, limit);
    }

    int forgetObservations(Transaction transaction, Instant before) {
        return observations.forget(transaction, before);
    }

    int forgetFirsts(Transaction transaction, Instant before, int limit) {
        return firsts.forget(transaction, before, limit);
    }

    int forgetIncidents(Transaction transaction, Instant before, int limit) {
        return incidents.forget(transaction, before, limit);
    }
}
