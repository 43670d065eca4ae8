package dev.panoptes.server.alerts;

import dev.panoptes.server.alerts.channel.HermesChannel;
import dev.panoptes.server.alerts.channel.Sender;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/** A relay in a process of its own, to be killed: socket, user, database, receiver, time. Ends when nothing is due. */
final class RelayProcess {
    private RelayProcess() {}

    public static void main(String[] args) throws InterruptedException {
        Instant now = Instant.parse(args[4]);
        try (Database database = new Database(new DatabaseAddress.Socket(Path.of(args[0]), args[1], args[2]), 2);
                Sender sender = new Sender()) {
            HermesChannel hermes = new HermesChannel(sender, URI.create(args[3]));
            Relay relay = new Relay(database, hermes, "process " + now, () -> now, new Random(1));
            boolean more = true;
            while (more) {
                more = relay.turn();
            }
        }
    }
}
