package dev.panoptes.sensors.persistence;

import dev.panoptes.core.host.HostFiles;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.packages.InstalledPackages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at every place and tells what is new, changed or gone since the last look, also of an earlier run. */
final class PersistenceWatch implements Watch {
    private static final String POSITION = "inventory";
    /** The walk over the whole disk is done every so many cycles. */
    private static final int WALK_EVERY = 12;

    private static final Set<String> WALKED = Set.of("suid_file", "file_capability");

    private final Surroundings surroundings;
    private final EventSink sink;
    private final List<Place> places = Places.every();
    private @Nullable List<Entry> known;

    PersistenceWatch(Surroundings surroundings, EventSink sink) {
        this.surroundings = surroundings;
        this.sink = sink;
        this.known = surroundings
                .positions()
                .position(POSITION)
                .map(Inventory::parse)
                .orElse(null);
    }

    @Override
    public void collect(Cycle cycle) throws InterruptedException {
        HostFiles files = surroundings.host().files();
        Tree tree = new Tree(files);
        List<Entry> before = known;
        boolean walk = cycle.number() % WALK_EVERY == 1;
        Set<Entry> found = new LinkedHashSet<>();
        for (Place place : places) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (before == null || walk || !WALKED.contains(place.kind())) {
                place.reader().read(tree, found::add);
            } else {
                before.stream()
                        .filter(entry -> entry.kind().equals(place.kind()))
                        .forEach(found::add);
            }
        }
        List<Entry> now = List.copyOf(found);
        if (before == null) {
            PersistenceEvents events = events(tree, now, cycle);
            for (Entry entry : now) {
                sink.event(events.of("present", entry, null));
            }
        } else {
            changed(tree, Inventory.changes(before, now), cycle);
        }
        if (before == null || !before.equals(now)) {
            sink.position(POSITION, Inventory.text(now));
        }
        known = now;
    }

    private void changed(Tree tree, List<Inventory.Change> changes, Cycle cycle) throws InterruptedException {
        if (changes.isEmpty()) {
            return;
        }
        List<Entry> touched = new ArrayList<>();
        changes.forEach(change -> touched.add(Objects.requireNonNullElse(change.now(), change.before())));
        PersistenceEvents events = events(tree, touched, cycle);
        for (Inventory.Change change : changes) {
            Entry now = change.now();
            Entry before = change.before();
            if (now == null && before != null) {
                sink.event(events.of("removed", before, null));
            } else if (now != null) {
                sink.event(events.of(before == null ? "created" : "modified", now, before));
            }
        }
    }

    private PersistenceEvents events(Tree tree, List<Entry> entries, Cycle cycle) throws InterruptedException {
        Map<String, List<String>> techniques = new HashMap<>();
        places.forEach(place -> techniques.put(place.kind(), place.techniques()));
        InstalledPackages packages = new InstalledPackages(surroundings.host().files(), tree::spell);
        return new PersistenceEvents(
                techniques, packages.owners(entries.stream().map(Entry::path).toList()), cycle.time());
    }

    @Override
    public void close() {
        // Nothing is open between two looks.
    }
}
