package dev.panoptes.server.configs;

import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.configs.ConfigStore.StoredSchema;
import dev.panoptes.server.http.Problem.FieldError;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.storage.Turns;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Configurations of one kind. What does not fit the schema of its subject is never stored, so it never reaches one. */
public final class Configs {
    private final Database database;
    private final Changes changes;
    private final AuditStore audit;
    private final InstantSource clock;
    private final ConfigKind kind;
    private final ConfigStore store;
    private final Schemas schemas = new Schemas();
    private final Turns turns = new Turns();

    public Configs(ConfigKind kind, Database database, Changes changes, AuditStore audit, InstantSource clock) {
        this.kind = kind;
        this.store = new ConfigStore(kind);
        this.database = database;
        this.changes = changes;
        this.audit = audit;
        this.clock = clock;
    }

    /** Whose configuration. @param name which schema it must fit @param listed true where older clients made it */
    public record Subject(String id, String name, boolean listed) {}

    /** How a write ended. */
    public sealed interface Put {
        /** @param version the present one; that of before where it says the same */
        record Done(ConfigVersion version) implements Put {}

        /** Somebody else was faster. @param present the version that there is */
        record Stale(int present) implements Put {}

        record Invalid(List<FieldError> violations) implements Put {}

        record NoSuchVersion() implements Put {}
    }

    /** @param expected the version that is to be replaced; null: whatever it is */
    public Put put(
            Subject subject,
            ConfigDocument document,
            @Nullable Integer expected,
            Actor actor,
            @Nullable String cause,
            boolean managed) {
        return turns.take(
                subject.id(),
                () -> database.transaction(
                        transaction -> put(transaction, subject, document, expected, actor, cause, managed)));
    }

    /** The same within the caller's transaction. */
    public Put put(
            Transaction transaction,
            Subject subject,
            ConfigDocument document,
            @Nullable Integer expected,
            Actor actor,
            @Nullable String cause,
            boolean managed) {
        List<FieldError> violations = violations(transaction, subject.name(), document);
        if (!violations.isEmpty()) {
            return new Put.Invalid(violations);
        }
        store.lock(transaction, subject.id());
        Optional<ConfigVersion> latest = store.latest(transaction, subject.id());
        int present = latest.map(ConfigVersion::version).orElse(0);
        if (expected != null && expected != present) {
            return new Put.Stale(present);
        }
        return new Put.Done(insert(transaction, subject, latest.orElse(null), document, actor, cause, managed));
    }

    private ConfigVersion insert(
            Transaction transaction,
            Subject subject,
            @Nullable ConfigVersion before,
            ConfigDocument document,
            Actor actor,
            @Nullable String cause,
            boolean managed) {
        int present = before == null ? 0 : before.version();
        Object rulesBefore = (before == null ? ConfigDocument.EMPTY : before.document())
                .parts()
                .get("rules");
        ConfigVersion made = store.insert(
                transaction, subject.id(), present + 1, document, actor.name(), cause, managed, clock.instant());
        changes.record(
                transaction,
                new Change(
                        kind.change(),
                        subject.id(),
                        kind == ConfigKind.SENSORS ? subject.id() : null,
                        present == 0 ? null : Integer.toString(present),
                        Integer.toString(made.version()),
                        actor,
                        cause,
                        Map.of(
                                kind.fact(),
                                kind == ConfigKind.SENSORS ? subject.id() : subject.name(),
                                "hash",
                                made.hash(),
                                "rules_changed",
                                !Objects.equals(document.parts().get("rules"), rulesBefore))));
        audit.record(
                transaction,
                actor,
                kind.change() + ".put",
                subject.id(),
                Map.of("version", present),
                Map.of("version", made.version(), "hash", made.hash()));
        return made;
    }

    /** Makes what an earlier version said the newest one. */
    Put rollback(Subject subject, int version, Actor actor) {
        Optional<ConfigVersion> wanted =
                database.transaction(transaction -> store.find(transaction, subject.id(), version));
        return wanted.<Put>map(old -> put(subject, old.document(), null, actor, "back to version " + version, false))
                .orElseGet(Put.NoSuchVersion::new);
    }

    /** Empty where it was never configured. */
    public Optional<ConfigVersion> latest(String agent) {
        return database.transaction(transaction -> store.latest(transaction, agent));
    }

    public Optional<ConfigVersion> latest(Transaction transaction, String agent) {
        return store.latest(transaction, agent);
    }

    public Optional<ConfigVersion> find(Transaction transaction, String agent, int version) {
        return store.find(transaction, agent, version);
    }

    Optional<ConfigVersion> find(String agent, int version) {
        return database.transaction(transaction -> store.find(transaction, agent, version));
    }

    List<ConfigVersion> history(String agent, int before, int limit) {
        return database.transaction(transaction -> store.history(transaction, agent, before, limit));
    }

    /** What is wrong with a document for agents of this name; empty where it fits, or they have no schema. */
    public List<FieldError> violations(Transaction transaction, String agentName, ConfigDocument document) {
        Optional<String> wanted = switch (kind) {
            case AGENT -> store.schema(transaction, Keys.link(agentName)).map(StoredSchema::schema);
            case SENSORS -> Optional.of(SensorSchema.text());
        };
        return wanted.map(schema -> schemas.violations(schema, document.partsJson()))
                .orElse(List.of());
    }

    /** Nobody writes a version of this subject before the transaction ends. */
    public void lock(Transaction transaction, String subject) {
        store.lock(transaction, subject);
    }

    Optional<StoredSchema> schema(String agentName) {
        return database.transaction(transaction -> store.schema(transaction, Keys.link(agentName)));
    }

    List<StoredSchema> schemas() {
        return database.transaction(store::schemas);
    }

    /** What is wrong with the schema; empty where it is stored. */
    List<FieldError> putSchema(String agentName, String schema, Actor actor) {
        List<FieldError> faults = schemas.faults(schema);
        if (faults.isEmpty()) {
            database.execute(transaction -> {
                store.putSchema(transaction, Keys.link(agentName), schema, actor.name(), clock.instant());
                audit.record(transaction, actor, "schema.put", Keys.link(agentName), null, null);
            });
        }
        return faults;
    }
}
