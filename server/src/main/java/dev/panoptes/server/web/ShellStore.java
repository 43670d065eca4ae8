package dev.panoptes.server.web;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.web.view.Shell;

/** Reads the figures that stand beside the places of the navigation. */
final class ShellStore {
    private final Database database;

    ShellStore(Database database) {
        this.database = database;
    }

    Shell.Counts counts(FleetModel.Fleet fleet) {
        return database.transaction(transaction -> transaction.one(
                """
                SELECT count(*) AS open,
                    coalesce(bool_or(severity_rank <= 1), false) AS severe,
                    (SELECT count(*) FROM tickets t WHERE t.state IN ('open', 'in_progress')) AS tickets,
                    (SELECT count(*) FROM incidents i WHERE i.state = 'open') AS incidents,
                    (SELECT min(next_due_at) FROM jobs WHERE name IN ('scan', 'watch')) AS due,
                    (SELECT last_id FROM stream_position) AS stream,
                    (SELECT count(DISTINCT sensor) FROM telemetry_streams) AS sensors,
                    (SELECT count(DISTINCT sensor) FROM telemetry_streams
                        WHERE last_at > now() - interval '5 minutes') AS reporting
                FROM issues WHERE state NOT IN ('resolved', 'waived')
                """,
                row -> new Shell.Counts(
                        fleet.rows().size(),
                        row.bigint("open"),
                        row.bool("severe"),
                        row.bigint("incidents"),
                        row.bigint("tickets"),
                        fleet.scanned(),
                        row.instantOrNull("due"),
                        row.bigint("sensors") == 0
                                ? null
                                : row.bigint("reporting") + " of " + row.bigint("sensors") + " report",
                        row.bigint("stream"))));
    }
}
