package dev.panoptes.sensors.persistence;

import java.util.List;
import java.util.function.Consumer;

/**
 * One kind of mechanism.
 *
 * @param kind its word, which is a contract
 * @param where for people, in one line
 * @param techniques ATT&CK
 * @param reader finds what there is of it
 */
record Place(String kind, String where, List<String> techniques, Reader reader) {
    Place {
        techniques = List.copyOf(techniques);
    }

    /** Reads a host's tree. It never throws for what it finds there. */
    @FunctionalInterface
    interface Reader {
        void read(Tree tree, Consumer<Entry> found);
    }
}
