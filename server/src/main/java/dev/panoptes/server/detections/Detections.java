package dev.panoptes.server.detections;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.Detector;
import dev.panoptes.detection.EventLines;
import dev.panoptes.detection.analytics.Seen;
import dev.panoptes.detection.fusion.Fusion;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.fusion.Hits;
import dev.panoptes.detection.fusion.Incident;
import dev.panoptes.detection.fusion.Threat;
import dev.panoptes.detection.report.InvestigationJson;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.RuleSet;
import dev.panoptes.detection.sigma.Techniques;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.findings.Finding;
import dev.panoptes.server.findings.FindingSeverity;
import dev.panoptes.server.findings.FindingsService;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.telemetry.TelemetryListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Concludes from events. Rules run in the transaction that stores the events, and so do findings and incidents that follow;
 * analytics, which need many events, look at the last day every minute.
 */
final class Detections implements TelemetryListener {
    static final Duration LATENESS = Duration.ofHours(24);
    private static final Duration OPEN_FOR = Duration.ofDays(30);
    private static final Duration REPORTING = Duration.ofHours(24);
    private static final int MOST_EVENTS = 300_000;
    private static final String KIND = "incident";

    private final Database database;
    private final InstantSource clock;
    private final Changes changes;
    private final FindingsService findings;
    private final LoadedRules rules;
    private final EventLines lines = new EventLines();
    private final HitStore hits = new HitStore();
    private final IncidentStore incidents = new IncidentStore();

    Detections(Database database, InstantSource clock, Changes changes, FindingsService findings, LoadedRules rules) {
        this.database = database;
        this.clock = clock;
        this.changes = changes;
        this.findings = findings;
        this.rules = rules;
    }

    RuleSet rules() {
        return rules.rules();
    }

    @Override
    public Heard heard(List<Event> events) {
        RuleSet now = rules.rules();
        List<Hit> all = matched(now, events);
        return (transaction, known) ->
                stored(transaction, known == 0 ? all : matched(now, events.subList(known, events.size())));
    }

    private static List<Hit> matched(RuleSet rules, List<Event> events) {
        Hits gathered = new Hits();
        for (Event event : events) {
            Instant at = event.timestamp();
            if (at == null) {
                continue;
            }
            Seen seen = Seen.of(event, Objects.requireNonNullElse(event.id(), ""), at);
            rules.match(event, number -> {
                RuleInfo rule = rules.rules().get(number);
                if (!rule.silent()) {
                    gathered.add(rule, seen.host(), at, seen.id(), seen.entities(), () -> Detector.hit(rule, seen));
                }
            });
        }
        return gathered.all();
    }

    private void stored(Transaction transaction, List<Hit> all) {
        if (!all.isEmpty()) {
            hits.add(transaction, all);
            conclude(transaction, all);
        }
    }

    /** Tells findings, and makes incidents anew where these hits may change one. */
    private void conclude(Transaction transaction, List<Hit> fresh) {
        Map<String, Hit> told = new LinkedHashMap<>();
        fresh.stream()
                .filter(hit -> hit.level().compareTo(Level.LOW) >= 0)
                .forEach(hit -> told.put(Fusion.fingerprint(hit), hit));
        told.forEach((fingerprint, hit) -> findings.report(transaction, finding(fingerprint, hit)));
        Instant from = fresh.stream()
                .map(Hit::first)
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .minus(LATENESS);
        List<String> hosts = fresh.stream().map(Hit::host).distinct().toList();
        boolean raising = fresh.stream().anyMatch(hit -> hit.level().compareTo(Level.MEDIUM) >= 0);
        if (raising || incidents.anyOpen(transaction, hosts, from)) {
            transaction.atEnd(() -> fuse(transaction, from));
        }
    }

    private static Finding finding(String fingerprint, Hit hit) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("rule", hit.rule());
        details.put("techniques", Techniques.current(hit.techniques()));
        details.put("first", hit.first().toString());
        details.put("last", hit.last().toString());
        details.put("events", hit.events());
        details.put("count", hit.count());
        details.put(
                "entities",
                hit.entities().stream()
                        .limit(200)
                        .map(entity -> Map.of("type", entity.type(), "id", entity.id()))
                        .toList());
        String text = hit.text().replace('\0', '\ufffd');
        return new Finding(
                "detection-" + fingerprint,
                hit.name(),
                hit.title(),
                FindingSeverity.of(hit.level().word()).orElse(FindingSeverity.LOW),
                text,
                Json.writeText(details).replace("\\u0000", "\ufffd"),
                "rule",
                null,
                null,
                hit.host().isEmpty() ? null : hit.host(),
                null,
                true);
    }

    /** Makes the incidents of a time on from all hits that may have to do with it. */
    private void fuse(Transaction transaction, Instant from) {
        incidents.lock(transaction);
        Instant now = clock.instant();
        List<StoredIncident> known = incidents.within(transaction, from.minus(LATENESS), now.plus(OPEN_FOR));
        Instant begin = known.stream()
                .map(StoredIncident::first)
                .min(Comparator.naturalOrder())
                .filter(first -> first.isBefore(from))
                .orElse(from);
        List<Hit> raising = hits.raising(transaction, begin);
        List<String> hosts = raising.stream().map(Hit::host).distinct().toList();
        List<Hit> all = new ArrayList<>(raising);
        all.addAll(hits.colours(transaction, hosts, begin.minus(Duration.ofHours(1))));
        List<Incident> made = Fusion.fuse(all).incidents();
        Map<String, StoredIncident> before = new HashMap<>();
        known.forEach(incident -> before.put(incident.id(), incident));
        List<Change> told = new ArrayList<>();
        for (Incident incident : made) {
            StoredIncident old = before.remove(incident.id());
            if (old == null) {
                old = incidents.find(transaction, incident.id()).orElse(null);
            }
            keep(transaction, incident, old, now, told);
        }
        // What is no incident of its own any more became a part of another, which its events are in.
        for (StoredIncident gone : before.values()) {
            if (!gone.first().isBefore(begin)) {
                merged(transaction, gone, made, now, told);
            }
        }
        changes.record(transaction, told, now);
    }

    private void keep(
            Transaction transaction, Incident incident, @Nullable StoredIncident old, Instant now, List<Change> told) {
        String body = Json.writeText(InvestigationJson.incident(incident)).replace("\\u0000", "\ufffd");
        if (old != null && old.body().equals(body) && !old.state().equals("merged")) {
            return;
        }
        boolean over =
                old != null && (old.state().equals("resolved") || old.state().equals("merged"));
        boolean later = old == null || incident.last().isAfter(old.last());
        String state = old == null || (over && later) ? "open" : old.state().equals("merged") ? "open" : old.state();
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
                    state));
        }
    }

    private void merged(
            Transaction transaction, StoredIncident gone, Collection<Incident> made, Instant now, List<Change> told) {
        String into = made.stream()
                .filter(incident -> !incident.first().isAfter(gone.last())
                        && !incident.last().isBefore(gone.first()))
                .filter(incident -> incident.entities().stream()
                        .anyMatch(entity ->
                                entity.type().equals("host") && entity.id().equals(gone.host())))
                .map(Incident::id)
                .findFirst()
                .orElse(null);
        if (into == null) {
            return;
        }
        incidents.put(
                transaction,
                new StoredIncident(
                        gone.id(),
                        gone.title(),
                        gone.severity(),
                        gone.confidence(),
                        "merged",
                        into,
                        gone.first(),
                        gone.last(),
                        gone.host(),
                        gone.body(),
                        gone.createdAt(),
                        now));
        told.add(change(gone.id(), gone.title(), gone.severity(), List.of(), gone.state(), "merged"));
    }

    private static Change change(
            String id, String title, String severity, List<String> hosts, @Nullable String from, String to) {
        return new Change(
                KIND,
                id,
                hosts.size() == 1 ? hosts.getFirst() : null,
                from,
                to,
                Actor.SYSTEM,
                null,
                Map.of("title", title.replace('\0', '\ufffd'), "severity", severity));
    }

    /** Lets analytics look at the last day where something came since they last did. */
    void review() {
        Instant newest = database.transaction(hits::newest).orElse(null);
        if (newest == null || newest.equals(database.transaction(hits::reviewed).orElse(null))) {
            return;
        }
        Instant since = clock.instant().minus(LATENESS);
        List<String> bodies = database.transaction(transaction -> hits.events(transaction, since, MOST_EVENTS));
        Detector detector = new Detector(rules.rules());
        for (String body : bodies) {
            Event event = lines.read(body);
            String id = event == null ? null : event.id();
            if (event != null && id != null) {
                detector.accept(event, id);
            }
        }
        List<Hit> concluded = detector.conclusions();
        database.execute(transaction -> {
            if (!concluded.isEmpty()) {
                hits.replace(transaction, concluded);
                conclude(transaction, concluded);
            }
            hits.review(transaction, newest);
        });
    }

    /** How far analytics are behind what came; zero where nothing came. */
    Duration lag() {
        return database.transaction(transaction -> {
            Instant newest = hits.newest(transaction).orElse(null);
            Instant reviewed = hits.reviewed(transaction).orElse(null);
            return newest == null || reviewed == null || reviewed.isAfter(newest)
                    ? Duration.ZERO
                    : Duration.between(reviewed, newest);
        });
    }

    /** Whether a sensor sent something within the last day. */
    boolean reports() {
        return database.transaction(
                transaction -> incidents.seen(transaction, clock.instant().minus(REPORTING)));
    }

    /** The level of threat, and what makes it. */
    record ThreatNow(Threat level, double score, List<StoredIncident> open) {}

    ThreatNow threat() {
        Instant now = clock.instant();
        return database.transaction(transaction -> {
            List<StoredIncident> open = incidents.open(transaction, now.minus(OPEN_FOR));
            List<Threat.Open> weighed = open.stream()
                    .map(incident -> new Threat.Open(
                            Objects.requireNonNullElse(Level.of(incident.severity()), Level.LOW),
                            incident.confidence(),
                            incident.last(),
                            !incident.state().equals("open")))
                    .toList();
            boolean reports = incidents.seen(transaction, now.minus(REPORTING));
            return new ThreatNow(
                    Threat.of(weighed, reports || !open.isEmpty() ? now : null), Threat.score(weighed, now), open);
        });
    }

    List<StoredIncident> page(
            @Nullable String state, @Nullable String host, @Nullable Instant before, String beforeId, int limit) {
        return database.transaction(transaction -> incidents.page(transaction, state, host, before, beforeId, limit));
    }

    Optional<StoredIncident> find(String id) {
        return database.transaction(transaction -> incidents.find(transaction, id));
    }

    Map<String, Long> counts() {
        return database.transaction(hits::counts);
    }

    /** Says what became of an incident; empty where there is none. */
    Optional<StoredIncident> move(String id, String state, @Nullable String note, Actor actor) {
        Instant now = clock.instant();
        return database.transaction(transaction -> incidents
                .lock(transaction, id)
                .map(old -> {
                    StoredIncident moved = new StoredIncident(
                            old.id(),
                            old.title(),
                            old.severity(),
                            old.confidence(),
                            state,
                            old.mergedInto(),
                            old.first(),
                            old.last(),
                            old.host(),
                            old.body(),
                            old.createdAt(),
                            now);
                    if (!old.state().equals(state)) {
                        incidents.put(transaction, moved);
                        changes.record(
                                transaction,
                                new Change(
                                        KIND,
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

    int forgetIncidents(Transaction transaction, Instant before, int limit) {
        return incidents.forget(transaction, before, limit);
    }
}
