package dev.panoptes.server.storage.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.Migrations;
import dev.panoptes.server.storage.TarReader;
import dev.panoptes.server.storage.TarWriter;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPostgres.class)
class BackupTest {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path directory;

    static Contents contents() {
        return new Contents("1.2.3", NOW, "listen: '127.0.0.1:1'\n", List.of());
    }

    /** Rows with everything in them that COPY has to quote, in tables with keys, partitions, sequences and computed columns. */
    static void fill(Database database) {
        database.execute(transaction -> {
            transaction.update(
                    "INSERT INTO settings VALUES (?, ?::jsonb, ?)", "a\tb\n\\N\\.\r\u0001é😀", "{\"a\": 1e400}", NOW);
            transaction.update("INSERT INTO users (name, role, created_at) VALUES ('admin', 'admin', now())");
            transaction.update("""
                INSERT INTO sessions (hash, user_id, created_at, last_used_at, expires_at, address)
                SELECT sha256(i::text::bytea), id, now(), now(), 'infinity', '' FROM users, generate_series(1, 50) i
                """);
            transaction.update("""
                INSERT INTO audit (at, actor, via, action, target, before, after)
                SELECT now() - i * interval '1 microsecond', 'admin', 'local', 'x', i::text, NULL, jsonb_build_object('i', i)
                FROM generate_series(1, 2000) i
                """);
            transaction.update("""
                INSERT INTO issues (fingerprint, issue_id, check_id, category, severity, title, description,
                    recommendation, affected, evidence, host, state, first_seen, last_seen, last_report, agent_keys)
                SELECT 'f' || i, 'i', 'c', 'g', 'high', 't', '', '', ARRAY['a,"b', NULL, '{}'], '[]', 'local', 'new',
                    now(), now(), 'r', '{}' FROM generate_series(1, 100) i
                """);
            transaction.update("""
                INSERT INTO changes (kind, subject, at, to_state, actor, via)
                SELECT 'issue', fingerprint, now(), 'new', 'scan', 'system' FROM issues
                """);
            // More than one member of the archive: six megabytes that hardly compress.
            transaction.update("""
                INSERT INTO snapshots (host, taken_at, confirmed_at, digest, body)
                SELECT 'h' || i, now() + (i % 3) * interval '1 day', now(), sha256(i::text::bytea),
                    (SELECT string_agg(sha256((i || '-' || j)::bytea), '') FROM generate_series(1, 2000) j)
                FROM generate_series(1, 45) i
                """);
        });
    }

    private static DatabaseAddress filled(Databases databases) {
        try (Database database = databases.fresh()) {
            fill(database);
            return database.address();
        }
    }

    private Path file() {
        return directory.resolve("panoptes.tar.gz");
    }

    @Test
    void everythingComesBackAsItWas(Databases databases) throws BackupRefused, SQLException, IOException {
        DatabaseAddress from = filled(databases);
        DatabaseAddress to = databases.emptyAddress();

        Backups.Done done = Backups.write(from, file(), contents());
        Backups.restore(to, file(), Backups.verify(file()));

        assertThat(Fingerprint.rows(to)).isEqualTo(Fingerprint.rows(from)).hasSizeGreaterThan(20);
        assertThat(Fingerprint.schema(to)).isEqualTo(Fingerprint.schema(from)).hasSizeGreaterThan(200);
        assertThat(done.manifest().members())
                .extracting(Manifest.Member::name)
                .contains("configuration/panoptes.yaml", "data/snapshots/000002.copy");
        assertThat(done.bytes()).isEqualTo(Files.size(file()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(names(directory)).containsExactly("panoptes.tar.gz");
    }

    @Test
    void aRestoredDatabaseGoesOnCounting(Databases databases) throws BackupRefused {
        DatabaseAddress to = databases.emptyAddress();
        Backups.write(filled(databases), file(), contents());
        Backups.restore(to, file(), Backups.verify(file()));

        try (Database database = new Database(to, 1)) {
            assertThat(database.<Long>transaction(transaction -> transaction.one("""
                INSERT INTO audit (at, actor, via, action, target) VALUES (now(), 'a', 'local', 'x', '')
                RETURNING id
                """, row -> row.bigint("id"))))
                    .isEqualTo(2001);
        }
    }

    @Test
    void aTableThatSomebodyAddsIsInItByItselfAndAnswersForItAtTheRestore(Databases databases) throws BackupRefused {
        DatabaseAddress from = databases.freshAddress();
        try (Database database = new Database(from, 1)) {
            database.execute(transaction ->
                    transaction.update("CREATE TABLE later AS SELECT i, 2 * i AS twice FROM generate_series(1, 7) i"));
        }
        Manifest manifest = Backups.write(from, file(), contents()).manifest();

        assertThat(manifest.tables()).contains(new Manifest.Table("later", List.of("i", "twice"), 7, List.of()));
        assertThatThrownBy(() -> Backups.restore(databases.emptyAddress(), file(), manifest))
                .isInstanceOf(BackupRefused.class)
                .hasMessageContaining("the tables in the backup are not those of version " + Migrations.VERSION);
    }

    @Test
    void itIsOneSnapshotThoughWritesGoOn(Databases databases)
            throws BackupRefused, ExecutionException, InterruptedException {
        DatabaseAddress from = databases.freshAddress();
        DatabaseAddress to = databases.emptyAddress();
        AtomicBoolean enough = new AtomicBoolean();
        try (Database database = new Database(from, 2);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            // Two tables, one at either end of the alphabet, that are equally long between transactions.
            Future<Integer> writer = threads.submit(() -> {
                int count = 0;
                for (; count < 100 || !enough.get(); count++) {
                    String name = "n" + count;
                    database.execute(transaction -> {
                        transaction.update(
                                "INSERT INTO alert_channels (name, next_attempt_at) VALUES (?, now())", name);
                        transaction.update("INSERT INTO settings VALUES (?, '1', now())", name);
                    });
                }
                return count;
            });
            for (int i = 0; i < 3; i++) {
                Files.deleteIfExists(file());
                Backups.write(from, file(), contents());
            }
            enough.set(true);
            assertThat(writer.get()).isGreaterThanOrEqualTo(100);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Manifest manifest = Backups.verify(file());
        Backups.restore(to, file(), manifest);
        Map<String, Long> rows = new LinkedHashMap<>();
        manifest.tables().forEach(table -> rows.put(table.name(), table.rows()));
        assertThat(rows.get("settings")).isPositive().isEqualTo(rows.get("alert_channels"));
    }

    @Test
    void aFileIsNeverOverwritten(Databases databases) throws IOException {
        Files.writeString(file(), "precious");
        assertThatThrownBy(() -> Backups.write(databases.freshAddress(), file(), contents()))
                .isInstanceOf(BackupRefused.class)
                .hasMessage(file() + " exists, and a backup overwrites nothing; choose another name");
        assertThat(file()).hasContent("precious");
    }

    @Test
    void aFailedBackupLeavesNothing(Databases databases) throws IOException {
        assertThatThrownBy(() -> Backups.write(databases.emptyAddress(), file(), contents()))
                .isInstanceOf(BackupRefused.class)
                .hasMessageContaining("nothing to back up");
        assertThatThrownBy(() ->
                        Backups.write(databases.freshAddress(), directory.resolve("no/such/place.tar.gz"), contents()))
                .isInstanceOf(BackupRefused.class)
                .hasMessageContaining("there is no such file or directory");
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void aDatabaseThatIsNotEmptyIsRefusedWithWhatToDo(Databases databases) throws BackupRefused, SQLException {
        DatabaseAddress from = filled(databases);
        DatabaseAddress to = databases.freshAddress();
        Backups.write(from, file(), contents());
        Manifest manifest = Backups.verify(file());
        Map<String, String> before = Fingerprint.rows(to);

        assertThatThrownBy(() -> Backups.restore(to, file(), manifest))
                .isInstanceOf(BackupRefused.class)
                .hasMessageContaining("the database is not empty (it has version " + Migrations.VERSION)
                .hasMessageContaining("--data-dir");
        assertThat(Fingerprint.rows(to)).isEqualTo(before);
    }

    @Test
    void aTornFileIsRefusedBeforeAnythingIsWritten(Databases databases) throws BackupRefused, IOException {
        Backups.write(filled(databases), file(), contents());
        byte[] whole = Files.readAllBytes(file());
        Path torn = directory.resolve("torn.tar.gz");
        for (int length :
                new int[] {0, 1, 9, 100, whole.length / 2, whole.length - 9, whole.length - 8, whole.length - 1}) {
            Files.write(torn, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Backups.verify(torn))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(BackupRefused.class)
                    .hasMessageContaining("torn.tar.gz")
                    .hasMessageContaining("take another backup")
                    .hasMessageNotContaining("null");
        }
    }

    @Test
    void aChangedByteAnywhereIsRefused(Databases databases) throws BackupRefused, IOException {
        Backups.write(filled(databases), file(), contents());
        byte[] whole = Files.readAllBytes(file());
        Path changed = directory.resolve("changed.tar.gz");
        // The first ten bytes are gzip's own header, whose time and system nobody reads.
        for (int i = 0; i < 40; i++) {
            byte[] bytes = whole.clone();
            int at = 10 + (int) ((long) (whole.length - 11) * i / 39);
            bytes[at] ^= 0x10;
            Files.write(changed, bytes);
            assertThatThrownBy(() -> Backups.verify(changed)).as("byte %d", at).isInstanceOf(BackupRefused.class);
        }
    }

    @Test
    void aMemberThatWasEditedIsNamed(Databases databases) throws BackupRefused, IOException {
        Backups.write(filled(databases), file(), contents());
        Map<String, byte[]> members = members(file());
        members.computeIfPresent("data/settings/000001.copy", (_, bytes) -> {
            bytes[bytes.length - 3]++;
            return bytes;
        });
        assertThatThrownBy(() -> Backups.verify(archive(members)))
                .isInstanceOf(BackupRefused.class)
                .hasMessageContaining("the first is data/settings/000001.copy");

        Map<String, byte[]> fewer = members(file());
        fewer.remove("data/users/000001.copy");
        assertThatThrownBy(() -> Backups.verify(archive(fewer))).isInstanceOf(BackupRefused.class);

        Map<String, byte[]> more = new LinkedHashMap<>(Map.of("data/extra/000001.copy", new byte[1]));
        more.putAll(members(file()));
        assertThatThrownBy(() -> Backups.verify(archive(more))).isInstanceOf(BackupRefused.class);
    }

    @Test
    void aManifestCannotSmuggleStatements(Databases databases) throws BackupRefused, SQLException, IOException {
        Backups.write(filled(databases), file(), contents());
        DatabaseAddress to = databases.emptyAddress();
        for (String[] change : new String[][] {
            {"\"name\" : \"settings\"", "\"name\" : \"settings\\\"; DROP TABLE users; --\""},
            {"FOR VALUES FROM ('", "FOR VALUES FROM (pg_sleep(9) || '"},
            {"\"name\" : \"audit_id_seq\"", "\"name\" : \"pg_catalog.pg_class\""},
            {"\"columns\" : [ \"name\", \"value\"", "\"columns\" : [ \"name\\\") FROM PROGRAM 'id'; --\", \"value\""}
        }) {
            Map<String, byte[]> members = members(file());
            String manifest = new String(members.get(ManifestJson.NAME), StandardCharsets.UTF_8);
            assertThat(manifest).contains(change[0]);
            members.put(
                    ManifestJson.NAME, manifest.replace(change[0], change[1]).getBytes(StandardCharsets.UTF_8));
            Path forged = archive(members);
            Manifest read = Backups.verify(forged);
            assertThatThrownBy(() -> Backups.restore(to, forged, read))
                    .as(change[1])
                    .isInstanceOf(BackupRefused.class)
                    .hasMessageContaining("are not those of version");
            assertThat(Fingerprint.rows(to)).isEmpty();
        }
    }

    @Test
    void aFileThatChangesAfterItWasVerifiedLeavesTheDatabaseEmpty(Databases databases)
            throws BackupRefused, SQLException, IOException {
        Backups.write(filled(databases), file(), contents());
        Manifest manifest = Backups.verify(file());
        DatabaseAddress to = databases.emptyAddress();
        Map<String, byte[]> members = members(file());
        byte[] users = members.get("data/users/000001.copy");
        members.put(
                "data/users/000001.copy",
                new String(users, StandardCharsets.UTF_8)
                        .replace("admin\tadmin", "other\tadmin")
                        .getBytes(StandardCharsets.UTF_8));
        Path changed = archive(members);

        assertThatThrownBy(() -> Backups.restore(to, changed, manifest))
                .isInstanceOf(BackupRefused.class)
                .hasMessageContaining("was changed while it was restored");
        assertThat(Fingerprint.rows(to)).isEmpty();
    }

    @Test
    void aBackupOfANewerReleaseIsRefused(Databases databases) throws BackupRefused, IOException {
        Backups.write(databases.freshAddress(), file(), contents());
        Map<String, byte[]> members = members(file());
        String manifest = new String(members.get(ManifestJson.NAME), StandardCharsets.UTF_8);
        members.put(
                ManifestJson.NAME,
                manifest.replace("\"schema\" : " + Migrations.VERSION, "\"schema\" : 999")
                        .getBytes(StandardCharsets.UTF_8));
        Path newer = archive(members);
        Manifest read = Backups.verify(newer);
        assertThatThrownBy(() -> Backups.restore(databases.emptyAddress(), newer, read))
                .isInstanceOf(BackupRefused.class)
                .hasMessageContaining("version 999 of the schema, this program " + Migrations.VERSION)
                .hasMessageContaining("(1.2.3)");

        members.put(
                ManifestJson.NAME,
                manifest.replace("\"format_version\" : 1", "\"format_version\" : 2")
                        .getBytes(StandardCharsets.UTF_8));
        Path format = archive(members);
        assertThatThrownBy(() -> Backups.verify(format))
                .isInstanceOf(BackupRefused.class)
                .hasMessageContaining("version 2 of the format");
    }

    private static List<String> names(Path directory) throws IOException {
        try (var all = Files.list(directory)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    static Map<String, byte[]> members(Path file) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            TarReader tar = new TarReader(in);
            byte[] buffer = new byte[1 << 16];
            for (TarReader.Entry entry = tar.next(); entry != null; entry = tar.next()) {
                ByteArrayOutputStream content = new ByteArrayOutputStream();
                for (int read = tar.read(buffer); read >= 0; read = tar.read(buffer)) {
                    content.write(buffer, 0, read);
                }
                members.put(entry.name(), content.toByteArray());
            }
        }
        return members;
    }

    private Path archive(Map<String, byte[]> members) throws IOException {
        Path file = Files.createTempFile(directory, "made", ".tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            TarWriter tar = new TarWriter(out, NOW);
            for (Map.Entry<String, byte[]> each : members.entrySet()) {
                tar.write(each.getKey(), each.getValue());
            }
            tar.end();
        }
        return file;
    }
}
