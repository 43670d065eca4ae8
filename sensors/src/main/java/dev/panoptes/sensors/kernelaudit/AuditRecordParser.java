package dev.panoptes.sensors.kernelaudit;

import dev.panoptes.sensors.replay.LogLine;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of an audit record: {@code type=SYSCALL msg=audit(1364481363.243:24287): } as auditd writes it, with
 * {@code node=} before it in a central log; {@code audit: type=1400 audit(...): } in the kernel's log; and the entries with
 * transport {@code audit} in the journal. Pure.
 */
final class AuditRecordParser {
    private static final long MOST_SERIAL = 4_294_967_295L;
    private static final long MOST_SECONDS = 253_402_300_799L;

    private final AuditTables tables;

    AuditRecordParser(AuditTables tables) {
        this.tables = tables;
    }

    /** What was made of a line. */
    sealed interface Result {
        record Read(AuditRecord record) implements Result {}

        /** A line of a log that is about something else. */
        record Other() implements Result {}

        record Malformed() implements Result {}
    }

    Result parse(LogLine line) {
        Map<String, String> journal = line.journal();
        if (journal != null && "audit".equals(journal.get("_TRANSPORT"))) {
            return journal(line, journal);
        }
        String text = line.message();
        boolean bare = line.tag() == null;
        if (text.isBlank()) {
            return new Result.Other();
        }
        int at = 0;
        String node = null;
        if (!bare || line.kernel()) {
            // Another program's text may speak of audit records without being one: only the kernel and auditd's writers
            // count.
            if (line.kernel() && text.startsWith("audit: type=")) {
                at = 7;
            } else if (!(text.startsWith("type=") || text.startsWith("node="))
                    || !(line.kernel() || isWriter(line.tag()))) {
                return new Result.Other();
            }
        }
        if (text.startsWith("node=", at)) {
            int end = text.indexOf(' ', at);
            if (end < 0) {
                return new Result.Malformed();
            }
            node = text.substring(at + 5, end);
            at = end + 1;
        }
        if (!text.startsWith("type=", at)) {
            return new Result.Malformed();
        }
        int typeEnd = text.indexOf(' ', at);
        if (typeEnd < 0) {
            return new Result.Malformed();
        }
        String type = AuditNames.of(text, at + 5, typeEnd).text();
        at = typeEnd + 1;
        if (text.startsWith("msg=", at)) {
            at += 4;
        }
        return stamped(line, node, named(type), text, at);
    }

    private static boolean isWriter(@Nullable String tag) {
        return tag != null
                && (tag.equals("audispd") || tag.startsWith("audisp") || tag.equals("auditd") || tag.equals("audit"));
    }

    private String named(String type) {
        boolean digits = !type.isEmpty() && type.length() < 10 && isDigit(type.charAt(0));
        for (int i = 0; digits && i < type.length(); i++) {
            digits = type.charAt(i) >= '0' && type.charAt(i) <= '9';
        }
        return digits ? tables.type(Long.parseLong(type)) : type;
    }

    /** A record as netlink gives it: its type as a number and {@code audit(1364481363.243:24287): ...}. */
    Result netlink(LogLine line, int type, String text) {
        return stamped(line, null, tables.type(type), text, 0);
    }

    private Result journal(LogLine line, Map<String, String> journal) {
        String text = line.message();
        String type = journal.getOrDefault("_AUDIT_TYPE_NAME", "");
        if (type.isEmpty()) {
            type = named(journal.getOrDefault("_AUDIT_TYPE", ""));
        }
        String serial = journal.getOrDefault("_AUDIT_ID", "");
        String micros =
                journal.getOrDefault("_SOURCE_REALTIME_TIMESTAMP", journal.getOrDefault("__REALTIME_TIMESTAMP", ""));
        if (type.isEmpty() || !digits(serial, 10) || !digits(micros, 18) || Long.parseLong(serial) > MOST_SERIAL) {
            return new Result.Malformed();
        }
        int body = text.startsWith(type + " ") ? type.length() + 1 : 0;
        long time = Long.parseLong(micros);
        return new Result.Read(new AuditRecord(
                line,
                null,
                type,
                time / 1_000_000,
                (int) (time % 1_000_000) * 1000,
                Long.parseLong(serial),
                text,
                body));
    }

    private static boolean digits(String text, int most) {
        if (text.isEmpty() || text.length() > most) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static Result stamped(LogLine line, @Nullable String node, String type, String text, int at) {
        if (type.isEmpty() || !text.startsWith("audit(", at)) {
            return new Result.Malformed();
        }
        int i = at + 6;
        long seconds = 0;
        int start = i;
        for (; i < text.length() && isDigit(text.charAt(i)); i++) {
            seconds = seconds * 10 + (text.charAt(i) - '0');
            if (seconds > MOST_SECONDS) {
                return new Result.Malformed();
            }
        }
        if (i == start || i >= text.length() || text.charAt(i) != '.') {
            return new Result.Malformed();
        }
        i++;
        int nanos = 0;
        int scale = 100_000_000;
        start = i;
        for (; i < text.length() && isDigit(text.charAt(i)); i++) {
            nanos += (text.charAt(i) - '0') * scale;
            scale /= 10;
        }
        if (i == start || i >= text.length() || text.charAt(i) != ':') {
            return new Result.Malformed();
        }
        i++;
        long serial = 0;
        start = i;
        for (; i < text.length() && isDigit(text.charAt(i)); i++) {
            serial = serial * 10 + (text.charAt(i) - '0');
            if (serial > MOST_SERIAL) {
                return new Result.Malformed();
            }
        }
        if (i == start || !text.startsWith(")", i)) {
            return new Result.Malformed();
        }
        i++;
        if (text.startsWith(":", i)) {
            i++;
        }
        while (i < text.length() && text.charAt(i) == ' ') {
            i++;
        }
        return new Result.Read(new AuditRecord(line, node, type, seconds, nanos, serial, text, i));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
