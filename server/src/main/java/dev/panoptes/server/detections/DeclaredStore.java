package dev.panoptes.server.detections;

import dev.panoptes.detection.intent.Declaration;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** The table {@code detection_declared}. */
final class DeclaredStore {
    /** Puts what the registry declares in the place of what it declared before; strangers stay. */
    void replace(Transaction transaction, Collection<Declaration> declarations) {
        List<Declaration> all = List.copyOf(declarations);
        transaction.update(
                """
                WITH given AS (SELECT * FROM unnest(?, ?, ?, ?) AS g (host, kind, value, declared_by)),
                gone AS (DELETE FROM detection_declared d WHERE issue = '' AND NOT EXISTS (
                    SELECT FROM given g WHERE (g.host, g.kind, g.value) = (d.host, d.kind, d.value)))
                INSERT INTO detection_declared AS d (host, kind, value, declared_by)
                SELECT DISTINCT ON (host, kind, value) host, kind, value, declared_by FROM given
                ORDER BY host, kind, value, declared_by
                ON CONFLICT (host, kind, value, issue) DO UPDATE SET declared_by = excluded.declared_by
                    WHERE d.declared_by <> excluded.declared_by
                """,
                texts(all, Declaration::host),
                texts(all, one -> one.kind().name()),
                texts(all, Declaration::value),
                texts(all, Declaration::by));
    }

    /** @param issue the fingerprint of the issue that shows it */
    void addStranger(Transaction transaction, String issue, Declaration stranger) {
        transaction.update(
                """
                INSERT INTO detection_declared (host, kind, value, declared_by, issue) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (host, kind, value, issue) DO UPDATE SET declared_by = excluded.declared_by
                """, stranger.host(), Declaration.Kind.STRANGER.name(), stranger.value(), stranger.by(), issue);
    }

    /** Forgets what these issues showed. */
    void forgetStrangers(Transaction transaction, List<String> issues) {
        transaction.update(
                "DELETE FROM detection_declared WHERE kind = 'STRANGER' AND issue = ANY (?)", SqlArray.texts(issues));
    }

    List<Declaration> all(Transaction transaction) {
        return transaction.list(
                "SELECT host, kind, value, declared_by FROM detection_declared",
                row -> new Declaration(
                        row.text("host"),
                        Declaration.Kind.valueOf(row.text("kind")),
                        row.text("value"),
                        row.text("declared_by")));
    }

    private static SqlArray texts(List<Declaration> all, Function<Declaration, String> column) {
        return SqlArray.texts(all.stream()
                .map(one -> column.apply(one).replace('\0', '\ufffd'))
                .toList());
    }
}
