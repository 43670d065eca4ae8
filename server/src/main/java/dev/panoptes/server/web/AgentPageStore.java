package dev.panoptes.server.web;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.web.view.AgentView;
import java.util.List;

/** Reads what happened to an agent. */
final class AgentPageStore {
    private final Database database;

    AgentPageStore(Database database) {
        this.database = database;
    }

    /** The newest first. @param id of its instance, or its key */
    List<AgentView.Happened> changes(String id, int most) {
        return database.transaction(transaction -> transaction.list(
                """
                SELECT at, kind, from_state, to_state, actor, cause FROM changes
                WHERE kind IN ('agent', 'configuration', 'permissions', 'credentials') AND subject = ?
                ORDER BY id DESC LIMIT ?
                """,
                row -> new AgentView.Happened(
                        row.instant("at"),
                        row.text("kind"),
                        row.textOrNull("to_state") == null ? "gone" : String.valueOf(row.textOrNull("to_state")),
                        row.text("actor"),
                        row.textOrNull("cause") == null ? "" : String.valueOf(row.textOrNull("cause")),
                        "info",
                        null),
                id,
                most));
    }
}
