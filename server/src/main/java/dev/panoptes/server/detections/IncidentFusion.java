package dev.panoptes.server.detections;

import dev.panoptes.detection.fusion.Fusion;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.fusion.Incident;
import dev.panoptes.detection.report.InvestigationJson;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes incidents out of what was concluded, and says what became of them: they open, extend, merge and go, and each change is
 * recorded. What somebody said of one stays.
 */
final class IncidentFusion {
    /** What the changes of incidents are called. */
    static final String KIND = "incident";
    /** So long an incident that nothing is added to still counts. */
    static final Duration OPEN_FOR = Duration.ofDays(30);
    /** The longest time between hits of one incident. */
    private static final Duration GAP = Duration.ofHours(6);

    private static final String RESOLVED = "resolved";
    /** What is not over. */
    private static final Set<String> LIVE = Set.of("open", "acknowledged", "contained");

    private final InstantSource clock;
    private final Changes changes;
    private final HitStore hits;
    private final IncidentStore incidents;
    private final Withdrawals withdrawals = new Withdrawals();

    IncidentFusion(InstantSource clock, Changes changes, HitStore hits, IncidentStore incidents) {
        this.clock = clock;
        this.changes = changes;
        this.hits = hits;
        this.incidents = incidents;
    }

    /**
     * Makes the incidents of a time on from all hits that may have to do with it.
     *
     * @param retracted events from which something followed that follows no longer
     */
    void fuse(Transaction transaction, Instant from, Set<String> retracted) {
        incidents.lock(transaction);
        Instant now = clock.instant();
        // Until no incident that reaches into the time began before it: a part of one would be another one.
        Instant begin = from;
        List<StoredIncident> known = List.of();
        for (Instant next = from; next != null; ) {
            begin = next;
            Instant since = begin;
            known = incidents.within(transaction, begin.minus(GAP), now.plus(OPEN_FOR));
            next = known.stream()
                    .map(StoredIncident::first)
                    .min(Comparator.naturalOrder())
                    .filter(first -> first.isBefore(since))
                    .orElse(null);
        }
        List<Hit> raising = hits.raising(transaction, begin);
        List<String> hosts = raising.stream().map(Hit::host).distinct().toList();
        List<Hit> all = new ArrayList<>(raising);
        all.addAll(hits.colours(transaction, hosts, begin.minus(Duration.ofHours(1))));
        List<Incident> made = Fusion.fuse(all).incidents();
        Map<String, StoredIncident> before = new HashMap<>();
        known.forEach(incident -> before.put(incident.id(), incident));
        List<Change> told = new ArrayList<>();
        Map<String, StoredIncident> same = new HashMap<>();
        for (Incident incident : made) {
            StoredIncident old = before.remove(incident.id());
            if (old == null) {
                old = incidents.find(transaction, incident.id()).orElse(null);
            }
            if (old != null) {
                same.put(incident.id(), old);
            }
        }
        Withdrawals.History history = withdrawals.history(
                transaction, made.stream().flatMap(one -> one.events().stream()).toList());
        for (Incident incident : made) {
            StoredIncident old = same.get(incident.id());
            String taken = old == null ? taken(incident, before.values()) : null;
            keep(transaction, incident, old, taken, history, now, told);
        }
        // What is no incident of its own any more became a part of another, which its events are in.
        for (StoredIncident gone : before.values()) {
            if (!gone.first().isBefore(begin)) {
                merged(transaction, gone, made, retracted, now, told);
            }
        }
        changes.record(transaction, told, now);
    }

    private void keep(
            Transaction transaction,
            Incident incident,
            @Nullable StoredIncident old,
            @Nullable String taken,
            Withdrawals.History history,
            Instant now,
            List<Change> told) {
        Withdrawals.Told withdrawn = history.told(
                Json.writeText(InvestigationJson.incident(incident)).replace("\\u0000", "\ufffd"),
                incident.first(),
                incident.last());
        String body = withdrawn.body();
        if (old != null && old.body().equals(body) && !old.state().equals("merged")) {
            return;
        }
        boolean over =
                old != null && (old.state().equals("resolved") || old.state().equals("merged"));
        boolean holds = old != null && over && withdrawn.why() == null && Withdrawals.all(old);
        boolean later = old == null || incident.last().isAfter(old.last()) || holds;
        String state = Objects.requireNonNullElse(taken, "open");
        if (old != null && !(over && later) && !old.state().equals("merged")) {
            state = old.state();
        }
        String why = withdrawn.why() != null && LIVE.contains(state) ? withdrawn.why() : null;
        state = why == null ? state : RESOLVED;
        List<String> hosts = incident.entities().stream()
                .filter(entity -> entity.type().equals("host"))
                .map(dev.panoptes.detection.fusion.Entity::id)
                .toList();
        incidents.put(
                transaction,
                new StoredIncident(
                        incident.id(),
                        incident.title().replace('\0', '\ufffd'),
                        incident.severity().word(),
                        incident.confidence(),
                        state,
                        null,
                        incident.first(),
                        incident.last(),
                        hosts.size() == 1 ? hosts.getFirst() : null,
                        body,
                        old == null ? now : old.createdAt(),
                        now));
        boolean worse = old != null
                && Objects.requireNonNullElse(Level.of(old.severity()), Level.LOW)
                                .compareTo(incident.severity())
                        < 0;
        if (old == null || !old.state().equals(state) || worse) {
            told.add(change(
                    incident.id(),
                    incident.title(),
                    incident.severity().word(),
                    hosts,
                    old == null ? null : old.state(),
                    state,
                    why));
        }
    }

    /** Tells in incidents that issues are over. One of which nothing holds any more is resolved. */
    void withdraw(Transaction transaction, List<String> issues) {
        incidents.lock(transaction);
        Instant now = clock.instant();
        List<StoredIncident> about = incidents.naming(transaction, issues, now.minus(OPEN_FOR));
        Withdrawals.History history = withdrawals.history(
                transaction,
                about.stream().flatMap(one -> one.events().stream()).toList());
        List<Change> told = new ArrayList<>();
        for (StoredIncident old : about) {
            Withdrawals.Told withdrawn = history.told(old.body(), old.first(), old.last());
            if (withdrawn.body().equals(old.body())) {
                continue;
            }
            boolean over = withdrawn.why() != null && LIVE.contains(old.state());
            String state = over ? RESOLVED : old.state();
            incidents.put(transaction, old.as(state, old.mergedInto(), withdrawn.body(), now));
            if (over) {
                List<String> hosts = old.host() == null ? List.of() : List.of(old.host());
                told.add(change(old.id(), old.title(), old.severity(), hosts, old.state(), state, withdrawn.why()));
            }
        }
        changes.record(transaction, told, now);
    }

    /**
     * What somebody said of an incident that became this one, as when an earlier event of it came late; null where nobody did.
     */
    private static @Nullable String taken(Incident incident, Collection<StoredIncident> gone) {
        Set<String> events = new HashSet<>(incident.events());
        return gone.stream()
                .filter(old ->
                        !old.state().equals("open") && old.state().matches("acknowledged|contained|false_positive"))
                .filter(old -> old.events().stream().anyMatch(events::contains))
                .map(StoredIncident::state)
                .sorted()
                .findFirst()
                .orElse(null);
    }

    private void merged(
            Transaction transaction,
            StoredIncident gone,
            Collection<Incident> made,
            Set<String> retracted,
            Instant now,
            List<Change> told) {
        List<String> events = gone.events();
        String into = made.stream()
                .filter(incident -> incident.events().stream().anyMatch(events::contains))
                .map(Incident::id)
                .findFirst()
                .orElse(null);
        // Of an incident that nothing follows from any more somebody may still want to know.
        String state = into == null ? "resolved" : "merged";
        if (into == null
                && (gone.state().equals("false_positive") || events.stream().noneMatch(retracted::contains))) {
            return;
        }
        incidents.put(transaction, gone.as(state, into, gone.body(), now));
        told.add(change(gone.id(), gone.title(), gone.severity(), List.of(), gone.state(), state, null));
    }

    private static Change change(
            String id,
            String title,
            String severity,
            List<String> hosts,
            @Nullable String from,
            String to,
            @Nullable String why) {
        return new Change(
                KIND,
                id,
                hosts.size() == 1 ? hosts.getFirst() : null,
                from,
                to,
                Actor.SYSTEM,
                why,
                Map.of("title", title.replace('\0', '\ufffd'), "severity", severity));
    }
}
