package dev.panoptes.sensors.kernelaudit;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.AddressLiteral;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes one event of the records of one serial. Pure. */
final class AuditCoalescer {
    private static final int MOST_ARGUMENTS = 10_000;
    private static final int MOST_PATHS = 1000;
    /** Fields that the kernel or audit's library writes in hexadecimal where it does not trust their text. */
    private static final Set<String> ENCODED = Set.of(
            "comm",
            "exe",
            "cwd",
            "name",
            "path",
            "acct",
            "cmd",
            "proctitle",
            "data",
            "file",
            "watch",
            "dir",
            "vm",
            "ocomm",
            "device",
            "cgroup",
            "sw",
            "root_dir",
            "old-chardev",
            "new-chardev",
            "old-disk",
            "new-disk",
            "old-fs",
            "new-fs",
            "old-net",
            "new-net",
            "old-rng",
            "new-rng",
            "invalid_context",
            "dev",
            "profile",
            "info",
            "target",
            "unit",
            "grp",
            "new_group",
            "hostname");

    private static final Map<String, String> IDS = Map.of(
            "uid", "user.id",
            "euid", "user.effective.id",
            "suid", "user.saved.id",
            "fsuid", "user.filesystem.id",
            "auid", "user.audit.id",
            "gid", "user.group.id",
            "egid", "user.group.effective.id",
            "sgid", "user.group.saved.id",
            "fsgid", "user.group.filesystem.id");
    private static final Map<String, String> NAMES = Map.of(
            "UID", "user.name",
            "EUID", "user.effective.name",
            "SUID", "user.saved.name",
            "FSUID", "user.filesystem.name",
            "AUID", "user.audit.name",
            "GID", "user.group.name",
            "EGID", "user.group.effective.name",
            "SGID", "user.group.saved.name",
            "FSGID", "user.group.filesystem.name");

    private final AuditTables tables;

    AuditCoalescer(AuditTables tables) {
        this.tables = tables;
    }

    /** @param records of one serial, in the order of the source; at least one that is not EOE */
    Event.Builder event(List<AuditRecord> records) {
        AuditRecord first = records.getFirst();
        Parts parts = new Parts();
        List<AuditRecord> told = new ArrayList<>(records.size());
        List<String> types = new ArrayList<>(records.size());
        // What the call itself says goes before what other records repeat.
        for (AuditRecord record : records) {
            if (!record.type().equals("EOE")) {
                told.add(record);
                types.add(record.type());
                if (record.type().equals("SYSCALL")) {
                    record(record, parts);
                }
            }
        }
        for (int i = 0; i < told.size(); i++) {
            if (!types.get(i).equals("SYSCALL")) {
                record(told.get(i), parts);
            }
        }
        Event.Builder event = Event.builder().put("@timestamp", Instant.ofEpochSecond(first.seconds(), first.nanos()));
        String action = parts.call != null ? parts.call : told.getFirst().type().toLowerCase(Locale.ROOT);
        String outcome = parts.result == null ? null : parts.result.equals("success") ? "success" : "failure";
        AuditKinds.Kind kind = AuditKinds.of(parts.call, told.getFirst().type());
        event.put("event.action", action)
                .put("event.category", kind.categories())
                .put("event.type", kind.types())
                .put("event.outcome", outcome);
        first.line().describeWithoutTime(event);
        if (first.line().provider().equals("syslog")) {
            event.put("event.provider", "auditd");
        }
        event.put("event.original", original(told));
        event.put(
                "host.name", first.node() != null ? first.node() : first.line().host());
        event.put("auditd.serial", first.serial())
                .put("auditd.node", first.node())
                .put("auditd.record_types", types)
                .put("auditd.arch", parts.architecture)
                .put("auditd.syscall", parts.call)
                .put("auditd.key", parts.keys.size() == 1 ? parts.keys.getFirst() : parts.keys)
                .put("auditd.session", parts.session)
                .put("auditd.result", parts.result)
                .put("auditd.paths", parts.files)
                .put("auditd.socket", parts.socket)
                .put("auditd.capabilities", parts.capabilities)
                .put("auditd.selinux", parts.selinux)
                .put("auditd.data", parts.data);
        parts.fill(event);
        List<String> arguments = parts.arguments();
        event.put("process.args", arguments);
        if (!arguments.isEmpty()) {
            event.put("process.command_line", String.join(" ", arguments));
        }
        Object user = event.value("user.id");
        if (user != null) {
            event.put("process.user.id", user).put("process.user.name", event.value("user.name"));
        }
        return event;
    }

    private static @Nullable String original(List<AuditRecord> records) {
        if (records.size() == 1) {
            return records.getFirst().line().text();
        }
        StringBuilder text = new StringBuilder(1024);
        for (AuditRecord record : records) {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            text.append(record.line().text());
        }
        return text.toString();
    }

    private void record(AuditRecord record, Parts parts) {
        AuditFields fields = AuditFields.parse(record.body());
        switch (record.type()) {
            case "SYSCALL", "SECCOMP", "URINGOP" -> call(fields, parts);
            case "PATH" -> path(fields, parts);
            case "EXECVE" -> arguments(fields, parts);
            case "SOCKADDR" -> socket(fields, parts);
            case "PROCTITLE" -> title(fields, parts);
            case "BPRM_FCAPS", "CAPSET" -> capabilities(fields, parts);
            default -> {
                for (AuditFields.Field field : fields.all()) {
                    common(field, parts);
                }
            }
        }
        vector(fields, parts);
        if (!record.type().equals("PATH")) {
            for (Map.Entry<String, String> enriched : fields.enriched().entrySet()) {
                String path = NAMES.get(enriched.getKey());
                if (path != null) {
                    parts.put(path, enriched.getValue());
                }
            }
        }
    }

    private static void vector(AuditFields fields, Parts parts) {
        if (fields.decision() != null) {
            parts.selinux.putIfAbsent("decision", fields.decision());
            if (!fields.permissions().isEmpty()) {
                parts.selinux.putIfAbsent("permissions", List.copyOf(fields.permissions()));
            }
        }
    }

    private void call(AuditFields fields, Parts parts) {
        String hex = null;
        String number = null;
        for (AuditFields.Field field : fields.all()) {
            switch (field.name()) {
                case "arch" -> hex = field.value();
                case "syscall", "uring_op" -> number = field.value();
                default -> common(field, parts);
            }
        }
        if (hex != null && parts.architecture == null) {
            String known = AuditTables.architecture(hex);
            parts.architecture = known != null ? known : fields.enriched().getOrDefault("ARCH", hex);
        }
        if (number != null && parts.call == null) {
            String known = parts.architecture == null ? null : tables.call(parts.architecture, number);
            parts.call = known != null ? known : fields.enriched().getOrDefault("SYSCALL", number);
        }
    }

    private static void path(AuditFields fields, Parts parts) {
        Map<String, Object> path = Event.object();
        for (AuditFields.Field field : fields.all()) {
            if (field.absent()) {
                continue;
            }
            switch (field.name()) {
                case "item", "inode" -> {
                    Long number = number(field.value());
                    path.putIfAbsent(field.name(), number == null ? field.value() : number);
                }
                case "name" -> path.putIfAbsent("name", field.text());
                case "ouid", "ogid" -> {
                    if (isId(field.value())) {
                        path.putIfAbsent(field.name(), field.value());
                    }
                }
                case "objtype" -> path.putIfAbsent("nametype", field.value());
                default -> path.putIfAbsent(field.name(), field.value());
            }
        }
        if (!path.isEmpty() && parts.files.size() < MOST_PATHS) {
            parts.files.add(path);
        }
    }

    private static void arguments(AuditFields fields, Parts parts) {
        for (AuditFields.Field field : fields.all()) {
            String name = field.name();
            int end = 1;
            while (end < name.length() && name.charAt(end) >= '0' && name.charAt(end) <= '9') {
                end++;
            }
            boolean numbered = name.startsWith("a") && end > 1 && end < 8;
            if (name.equals("argc") || (numbered && name.startsWith("_len", end))) {
                continue;
            }
            if (!numbered || (end < name.length() && name.charAt(end) != '[')) {
                common(field, parts);
                continue;
            }
            int number = Integer.parseInt(name.substring(1, end));
            Argument argument = parts.argument(number);
            if (argument == null) {
                continue;
            }
            argument.pieces.add(field);
        }
    }

    private static void socket(AuditFields fields, Parts parts) {
        for (AuditFields.Field field : fields.all()) {
            if (!field.name().equals("saddr")) {
                common(field, parts);
                continue;
            }
            byte[] address = field.quoted() ? null : AuditFields.bytes(field.value());
            Map<String, Object> decoded = address == null ? null : SocketAddress.decode(address, parts.isBigEndian());
            if (decoded == null) {
                common(field, parts);
            } else if (parts.socket.isEmpty()) {
                parts.socket.putAll(decoded);
            }
        }
    }

    private static void title(AuditFields fields, Parts parts) {
        for (AuditFields.Field field : fields.all()) {
            if (field.name().equals("proctitle")) {
                String title = field.text();
                int end = title.length();
                while (end > 0 && title.charAt(end - 1) == '\0') {
                    end--;
                }
                if (end > 0 && !field.absent()) {
                    parts.put("process.title", title.substring(0, end).replace('\0', ' '));
                }
            } else {
                common(field, parts);
            }
        }
    }

    private static void capabilities(AuditFields fields, Parts parts) {
        for (AuditFields.Field field : fields.all()) {
            switch (field.name()) {
                case "fver",
                        "fp",
                        "fi",
                        "fe",
                        "frootid",
                        "old_pp",
                        "old_pi",
                        "old_pe",
                        "old_pa",
                        "pp",
                        "pi",
                        "pe",
                        "pa",
                        "new_pp",
                        "new_pi",
                        "new_pe",
                        "new_pa",
                        "cap_pi",
                        "cap_pp",
                        "cap_pe",
                        "cap_pa" -> parts.capabilities.putIfAbsent(field.name(), field.value());
                default -> common(field, parts);
            }
        }
    }

    private static void common(AuditFields.Field field, Parts parts) {
        if (field.absent()) {
            return;
        }
        String value = field.value();
        String name = field.name();
        String id = IDS.get(name);
        if (id != null) {
            if (isId(value)) {
                parts.put(id, value);
            }
            return;
        }
        switch (name) {
            case "pid" -> parts.number("process.pid", "pid", value);
            case "ppid" -> parts.number("process.parent.pid", "ppid", value);
            case "comm" -> parts.put("process.name", field.text());
            case "exe" -> parts.put("process.executable", field.text());
            case "cwd" -> parts.put("process.working_directory", field.text());
            case "cmd" -> parts.put("process.command_line", field.text());
            case "ses" -> {
                if (isId(value) && parts.session == null) {
                    parts.session = value;
                }
            }
            case "key" -> parts.keys(field);
            case "subj", "scontext" -> parts.selinux.putIfAbsent("subject", field.text());
            case "obj", "tcontext" -> parts.selinux.putIfAbsent("object", field.text());
            case "tclass" -> parts.selinux.putIfAbsent("class", value);
            case "permissive" -> parts.selinux.putIfAbsent("permissive", value.equals("1"));
            case "success", "res", "result" -> {
                String result = result(value);
                if (result == null) {
                    parts.data(name, value);
                } else if (parts.result == null) {
                    parts.result = result;
                }
            }
            case "addr" -> {
                String address = AddressLiteral.canonical(value);
                if (address != null) {
                    parts.put("source.ip", address);
                } else {
                    parts.data(name, value);
                }
            }
            case "hostname" -> {
                String text = field.text();
                String address = AddressLiteral.canonical(text);
                if (address != null) {
                    parts.put("source.ip", address);
                } else {
                    parts.put("source.domain", text);
                }
            }
            case "acct" -> {
                parts.put("user.target.name", field.text());
                parts.data(name, field.text());
            }
            default -> {
                boolean identity = name.endsWith("uid") || name.endsWith("gid") || name.endsWith("ses");
                if (!identity || isId(value)) {
                    parts.data(name, ENCODED.contains(name) ? field.text() : value);
                }
            }
        }
    }

    private static @Nullable String result(String value) {
        return switch (value) {
            case "yes", "1", "success", "Success" -> "success";
            case "no", "0", "failed", "fail", "failure", "Failed" -> "fail";
            default -> null;
        };
    }

    /** 4294967295 and -1 say that there is none. */
    private static boolean isId(String value) {
        return !value.equals("4294967295") && !value.equals("-1") && !value.equals("unset");
    }

    static @Nullable Long number(String text) {
        if (text.isEmpty() || text.length() > 19) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static final class Argument {
        private final List<AuditFields.Field> pieces = new ArrayList<>(1);

        String text() {
            if (pieces.size() == 1) {
                return pieces.getFirst().text();
            }
            StringBuilder raw = new StringBuilder();
            boolean quoted = false;
            for (AuditFields.Field piece : pieces) {
                raw.append(piece.value());
                quoted |= piece.quoted();
            }
            return new AuditFields.Field("", raw.toString(), quoted).text();
        }
    }

    /** What the records have given so far. */
    private static final class Parts {
        /** Fields of the event, by path; the first that is told of each counts. */
        private String[] paths = new String[24];

        private Object[] values = new Object[24];
        private int size;
        private final List<String> keys = new ArrayList<>(1);
        private final List<Map<String, Object>> files = new ArrayList<>(2);
        private final Map<String, Object> socket = Event.object();
        private final Map<String, Object> capabilities = Event.object();
        private final Map<String, Object> selinux = Event.object();
        private final Map<String, Object> data = Event.object();
        private @Nullable TreeMap<Integer, Argument> arguments;
        private @Nullable String architecture;
        private @Nullable String call;
        private @Nullable String session;
        private @Nullable String result;

        /** Paths are constants, so that the same path is the same text. */
        @SuppressWarnings("ReferenceEquality")
        void put(String path, Object value) {
            for (int i = 0; i < size; i++) {
                if (paths[i] == path) {
                    return;
                }
            }
            if (size == paths.length) {
                paths = Arrays.copyOf(paths, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            paths[size] = path;
            values[size++] = value;
        }

        void fill(Event.Builder event) {
            for (int i = 0; i < size; i++) {
                event.put(paths[i], values[i]);
            }
        }

        boolean isBigEndian() {
            return architecture != null
                    && Arrays.asList(
                                    "s390x",
                                    "s390",
                                    "ppc64",
                                    "ppc",
                                    "sparc",
                                    "sparc64",
                                    "mips",
                                    "mips64",
                                    "parisc",
                                    "parisc64",
                                    "armeb")
                            .contains(architecture);
        }

        void number(String path, String name, String value) {
            Long number = AuditCoalescer.number(value);
            if (number != null && number >= 0) {
                put(path, number);
            } else {
                data(name, value);
            }
        }

        /** Several keys of one rule are parted by the character 1. */
        void keys(AuditFields.Field field) {
            for (String key : field.text().split("\u0001")) {
                if (!key.isEmpty() && !keys.contains(key) && keys.size() < 64) {
                    keys.add(key);
                }
            }
        }

        /** Values that differ between records of one event are kept side by side. */
        void data(String name, String value) {
            Object there = data.get(name);
            if (there == null) {
                data.put(name, value);
            } else if (there instanceof List<?> list) {
                if (!list.contains(value) && list.size() < 64) {
                    List<Object> more = new ArrayList<>(list);
                    more.add(value);
                    data.put(name, more);
                }
            } else if (!there.equals(value)) {
                data.put(name, List.of(there, value));
            }
        }

        @Nullable
        Argument argument(int number) {
            TreeMap<Integer, Argument> all = arguments == null ? new TreeMap<>() : arguments;
            arguments = all;
            Argument argument = all.get(number);
            if (argument == null && all.size() < MOST_ARGUMENTS) {
                argument = new Argument();
                all.put(number, argument);
            }
            return argument;
        }

        List<String> arguments() {
            if (arguments == null) {
                return List.of();
            }
            List<String> texts = new ArrayList<>(arguments.size());
            for (Argument argument : arguments.values()) {
                texts.add(argument.text());
            }
            return texts;
        }
    }
}
