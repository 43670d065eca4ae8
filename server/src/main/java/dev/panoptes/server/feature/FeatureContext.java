package dev.panoptes.server.feature;

import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.life.Closing;
import dev.panoptes.server.storage.Database;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What every feature may use.
 *
 * @param dataDirectory where this instance keeps what is its own
 * @param closing takes what must be closed when the server ends, in the reverse order
 * @param clock the database's time where several servers share it
 */
public record FeatureContext(
        Configuration configuration,
        Path dataDirectory,
        Database database,
        InstantSource clock,
        AuditStore audit,
        Changes changes,
        Closing closing) {}
