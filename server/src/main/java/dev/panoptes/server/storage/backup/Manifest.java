package dev.panoptes.server.storage.backup;

import java.time.Instant;
import java.util.List;

/**
 * What a backup holds; the last member of its archive, so that one that was cut off has none.
 *
 * @param created when the snapshot was taken
 * @param panoptes version of the program that made it
 * @param postgresql version of the database server, as it says it
 * @param schema version of the schema, which is that of the newest migration
 * @param sequences of the schema, with the value that each gave last
 * @param members every other member of the archive in its order
 */
public record Manifest(
        Instant created,
        String panoptes,
        String postgresql,
        int schema,
        List<Table> tables,
        List<Sequence> sequences,
        List<Member> members) {
    public Manifest {
        tables = List.copyOf(tables);
        sequences = List.copyOf(sequences);
        members = List.copyOf(members);
    }

    /**
     * A table and where its rows are.
     *
     * @param columns in the order in which the rows give them; generated ones are left out
     * @param rows how many
     * @param partitions to be made before it is filled; empty for a table without any
     */
    public record Table(String name, List<String> columns, long rows, List<Partition> partitions) {
        public Table {
            columns = List.copyOf(columns);
            partitions = List.copyOf(partitions);
        }

        /** The beginning of the names of its members. */
        String directory() {
            return "data/" + name + "/";
        }
    }

    /** A partition. @param bound as PostgreSQL writes it, such as {@code FOR VALUES FROM ('...') TO ('...')} */
    public record Partition(String name, String bound) {}

    /** A sequence. @param called false where it has given no value yet, and {@code value} would be the first */
    public record Sequence(String name, long value, boolean called) {}

    /** A member of the archive. @param sha256 of its content, in hexadecimal digits */
    public record Member(String name, long bytes, String sha256) {}

    /** Of all tables. */
    public long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }
}
