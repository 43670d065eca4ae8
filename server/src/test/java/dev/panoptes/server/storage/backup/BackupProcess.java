package dev.panoptes.server.storage.backup;

import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.Migrations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is to be killed half-way, in a process of its own: a backup, a restore, a migration. */
final class BackupProcess {
    private BackupProcess() {}

    public static void main(String[] args) throws BackupRefused, CannotStart {
        DatabaseAddress address = new DatabaseAddress.Socket(Path.of(args[1]), args[2], args[3]);
        switch (args[0]) {
            case "backup" -> Backups.write(address, Path.of(args[4]), BackupTest.contents());
            // Verified from a file, restored from a pipe that its test fills as far as it likes.
            case "restore" -> Backups.restore(address, Path.of(args[5]), Backups.verify(Path.of(args[4])));
            case "migration" -> new Migrations(address).run((_, _) -> {});
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static Process start(String what, DatabaseAddress address, Path... files) throws IOException {
        DatabaseAddress.Socket socket = (DatabaseAddress.Socket) address;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BackupProcess.class.getName(),
                what,
                socket.path().toString(),
                socket.user(),
                socket.database()));
        for (Path file : files) {
            command.add(file.toString());
        }
        return new ProcessBuilder(command).inheritIO().start();
    }
}
