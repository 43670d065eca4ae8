package dev.panoptes.server.findings;

import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Findings of everybody who has some. Stateless, safe to share. */
public final class FindingsService {
    private static final String KIND = "finding";

    private final Database database;
    private final Changes changes;
    private final InstantSource clock;
    private final FindingStore store = new FindingStore();

    public FindingsService(Database database, Changes changes, InstantSource clock) {
        this.database = database;
        this.changes = changes;
        this.clock = clock;
    }

    /** What became of a report. @param fresh false where it was known already */
    public record Reported(StoredFinding finding, boolean fresh) {}

    /**
     * Takes a finding. What is open under its fingerprint is told once more; a reporter's id that is known is the finding it
     * was before, whatever became of it.
     */
    public Reported report(Transaction transaction, Finding finding, Actor actor) {
        Instant now = clock.instant();
        if (finding.externalId() != null) {
            store.lockExternalId(transaction, finding.externalId());
            Optional<StoredFinding> before = store.byExternalId(transaction, finding.externalId());
            if (before.isPresent()) {
                return new Reported(store.again(transaction, before.get().id(), now), false);
            }
        }
        StoredFinding stored = store.put(transaction, finding, now).orElseThrow();
        boolean fresh = stored.count() == 1;
        if (fresh) {
            changes.record(transaction, change(stored, null, stored.state(), actor, null));
        }
        return new Reported(stored, fresh);
    }

    /** The same for what the server finds by itself. */
    public Reported report(Transaction transaction, Finding finding) {
        return report(transaction, finding, Actor.SYSTEM);
    }

    /** Ends what is open under this fingerprint; empty where nothing is. @param cause why, for those who read it */
    public Optional<StoredFinding> resolve(Transaction transaction, String fingerprint, String cause) {
        return store.lockOpen(transaction, fingerprint)
                .map(open -> move(transaction, open, FindingState.RESOLVED, Actor.SYSTEM, cause));
    }

    Optional<StoredFinding> find(UUID id) {
        return database.transaction(transaction -> store.find(transaction, id));
    }

    /** How a change ended. */
    sealed interface Moved {
        record Done(StoredFinding finding) implements Moved {}

        record Unknown() implements Moved {}

        /** Another one with its fingerprint is open by now. */
        record AnotherOpen() implements Moved {}
    }

    Moved move(UUID id, FindingState to, Actor actor, @Nullable String note) {
        return database.transaction(transaction -> {
            Optional<StoredFinding> locked = store.lock(transaction, id);
            if (locked.isEmpty()) {
                return new Moved.Unknown();
            }
            StoredFinding finding = locked.get();
            boolean reopens = to.open() && finding.closedAt() != null;
            if (reopens && store.lockOpen(transaction, finding.fingerprint()).isPresent()) {
                return new Moved.AnotherOpen();
            }
            return new Moved.Done(
                    to.name().equals(finding.state()) ? finding : move(transaction, finding, to, actor, note));
        });
    }

    private StoredFinding move(
            Transaction transaction, StoredFinding finding, FindingState to, Actor actor, @Nullable String cause) {
        StoredFinding moved = store.setState(transaction, finding.id(), to, clock.instant());
        changes.record(transaction, change(moved, finding.state(), to.name(), actor, cause));
        return moved;
    }

    /** A part of the list. @param total of all parts */
    record Part(List<StoredFinding> findings, int total) {
        Part {
            findings = List.copyOf(findings);
        }
    }

    Part page(FindingStore.Wanted wanted) {
        return database.transaction(
                transaction -> new Part(store.page(transaction, wanted), store.count(transaction, wanted)));
    }

    /** Takes away those that were closed before. @return how many, at most {@code limit} */
    public int forget(Transaction transaction, Instant before, int limit) {
        return store.forget(transaction, before, limit);
    }

    private static Change change(
            StoredFinding finding, @Nullable String from, String to, Actor actor, @Nullable String cause) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("title", finding.title());
        data.put("name", finding.name());
        data.put("severity", finding.severity());
        data.put("source", finding.source());
        if (finding.agentName() != null) {
            data.put("agent", finding.agentName());
        }
        if (finding.agentId() != null) {
            data.put("agent_id", finding.agentId());
        }
        return new Change(KIND, finding.id().toString(), finding.host(), from, to, actor, cause, data);
    }
}
