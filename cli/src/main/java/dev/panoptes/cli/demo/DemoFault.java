package dev.panoptes.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code demo --fault} adds to the faults that the example fleet has anyway. */
public enum DemoFault {
    /** Two agents bind each other's port. */
    SWAP("SMITH and FLETCHER bind each other's port") {
        @Override
        void plant(Path fleet) throws IOException {
            replace(fleet.resolve("agents/smith/main.py"), "PORT = 8210", "PORT = 8205");
            replace(fleet.resolve("agents/fletcher/main.py"), "PORT = 8205", "PORT = 8210");
        }
    },
    /** A second directory with the code of an agent. */
    CLONE("ARCHIVIST has a second directory, archivist-backup") {
        @Override
        void plant(Path fleet) throws IOException {
            FleetCopy.copyTree(fleet.resolve("agents/archivist"), fleet.resolve("agents/archivist-backup"));
        }
    },
    /** The code of an agent lies somewhere else. */
    MOVE("the code of DAEDALUS moved to agents/daedalus-next") {
        @Override
        void plant(Path fleet) throws IOException {
            Files.move(fleet.resolve("agents/daedalus"), fleet.resolve("agents/daedalus-next"));
        }
    },
    /** An agent that should run does not. */
    STOP("CHANDLER was stopped") {
        @Override
        void plant(Path fleet) throws IOException {
            Path list = fleet.resolve(DemoFleet.START_LIST);
            Files.write(
                    list,
                    Files.readAllLines(list).stream()
                            .filter(line -> !line.startsWith("agents/chandler "))
                            .toList());
        }
    };

    private final String description;

    DemoFault(String description) {
        this.description = description;
    }

    /** One sentence for people. */
    public String description() {
        return description;
    }

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The fault with this id. */
    public static Optional<DemoFault> of(String id) {
        return Stream.of(values()).filter(fault -> fault.id().equals(id)).findFirst();
    }

    public static List<String> ids() {
        return Stream.of(values()).map(DemoFault::id).toList();
    }

    /** Changes a copy of the fleet. */
    abstract void plant(Path fleet) throws IOException;

    private static void replace(Path file, String old, String text) throws IOException {
        String before = Files.readString(file);
        if (!before.contains(old)) {
            throw new IOException("the example fleet has no '" + old + "' in " + file.getFileName());
        }
        Files.writeString(file, before.replace(old, text));
    }
}
