package dev.panoptes.sensors.auth;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.auth.Draft.Action;
import dev.panoptes.sensors.replay.AddressLiteral;
import dev.panoptes.sensors.replay.LogLine;
import dev.panoptes.sensors.replay.LoginRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who came and went by wtmp, and who did not get in by btmp. Remembers who is at a terminal. For one thread. */
final class LoginRecords {
    private static final int MOST = 4096;

    private final Map<String, String> users = new LinkedHashMap<>();

    /** Null where the record tells of neither: a start of the host, a terminal that waits. */
    Event.@Nullable Builder event(LoginRecord record) {
        boolean failures =
                record.path().substring(record.path().lastIndexOf('/') + 1).startsWith("btmp");
        Draft draft = failures ? failed(record) : told(record);
        if (draft == null) {
            return null;
        }
        String line = record.line();
        if (!line.isEmpty() && !line.contains(":") && !line.startsWith("~")) {
            draft.put("auth.tty", line);
        }
        LogLine place = new LogLine(
                record.path(),
                record.offset(),
                "",
                record.time(),
                null,
                null,
                record.pid() == 0 ? null : record.pid(),
                "",
                false,
                failures || record.type() == LoginRecord.LOGIN_PROCESS ? "btmp" : "wtmp",
                null);
        return draft.event(place, null, null);
    }

    private @Nullable Draft told(LoginRecord record) {
        switch (record.type()) {
            case LoginRecord.USER_PROCESS -> {
                if (record.user().isEmpty()) {
                    return null;
                }
                if (users.size() >= MOST) {
                    users.remove(users.keySet().iterator().next());
                }
                users.put(record.line(), record.user());
                return from(new Draft(Action.LOGIN).user(record.user()), record);
            }
            case LoginRecord.DEAD_PROCESS -> {
                String user = users.remove(record.line());
                return user == null ? null : new Draft(Action.LOGOUT).user(user);
            }
            case LoginRecord.LOGIN_PROCESS -> {
                // A terminal that waits for a user has LOGIN for one.
                return record.user().isEmpty() || record.user().equals("LOGIN") ? null : failed(record);
            }
            default -> {
                if (record.type() == LoginRecord.BOOT) {
                    users.clear();
                }
                return null;
            }
        }
    }

    private static @Nullable Draft failed(LoginRecord record) {
        boolean tried = record.type() == LoginRecord.LOGIN_PROCESS || record.type() == LoginRecord.USER_PROCESS;
        return tried ? from(new Draft(Action.LOGIN_FAILED).user(record.user()), record) : null;
    }

    /** A display ({@code :0}) or a multiplexer ({@code tmux(7).%0}) is no far end. */
    private static Draft from(Draft draft, LoginRecord record) {
        if (record.address() != null) {
            return draft.from(record.address());
        }
        boolean far = AddressLiteral.parse(record.host()) != null
                || (record.host().indexOf(':') < 0 && record.host().indexOf('(') < 0);
        return far ? draft.from(record.host()) : draft;
    }
}
