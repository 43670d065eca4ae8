package dev.panoptes.server.web;

import dev.panoptes.server.storage.Database;
import java.util.List;

/** Reads what is known of agents beside the last scan. */
final class FleetStore {
    private final Database database;

    FleetStore(Database database) {
        this.database = database;
    }

    /** An open issue. @param keys of the agents that it is about, as keys link @param rank 0 for critical */
    record About(List<String> keys, String check, String title, String host, int rank) {}

    /** Everything that is open and not accepted, the worst first. */
    List<About> issues() {
        return database.transaction(transaction -> transaction.list(
                """
                SELECT agent_keys, check_id, title, host, severity_rank FROM issues
                WHERE state NOT IN ('resolved', 'waived') ORDER BY severity_rank, first_seen DESC
                """,
                row -> new About(
                        row.texts("agent_keys"),
                        row.text("check_id"),
                        row.text("title"),
                        row.text("host"),
                        row.integer("severity_rank"))));
    }
}
