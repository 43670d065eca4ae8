package dev.panoptes.sensors.kernelaudit;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.event.EventPath;
import dev.panoptes.core.event.FieldMap;
import dev.panoptes.sensors.replay.AddressLiteral;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes one event of the records of one serial, from these alone. For one thread. */
final class AuditCoalescer {
    private static final int MOST_ARGUMENTS = 10_000;
    private static final int MOST_PATHS = 1000;
    private static final AuditNames.Name ITEM = AuditNames.of("item");
    private static final AuditNames.Name INODE = AuditNames.of("inode");
    private static final AuditNames.Name NAME = AuditNames.of("name");
    private static final AuditNames.Name OUID = AuditNames.of("ouid");
    private static final AuditNames.Name OGID = AuditNames.of("ogid");
    private static final AuditNames.Name OBJTYPE = AuditNames.of("objtype");
    private static final AuditNames.Name NAMETYPE = AuditNames.of("nametype");
    private static final AuditNames.Name ARCH = AuditNames.of("arch");
    private static final AuditNames.Name SYSCALL = AuditNames.of("syscall");
    private static final AuditNames.Name URING_OP = AuditNames.of("uring_op");
    private static final AuditNames.Name SADDR = AuditNames.of("saddr");
    private static final AuditNames.Name SUID = AuditNames.of("suid");
    private static final AuditNames.Name PROCTITLE = AuditNames.of("proctitle");
    /** Below this the paths of {@link AuditNames#PATHS} are ids, from it on the names that auditd adds. */
    private static final int FIRST_NAME = 9;

    private static final int LAST_NAME = 17;

    private static final EventPath AT_TIMESTAMP = EventPath.of("@timestamp");
    private static final EventPath AT_EVENT_ACTION = EventPath.of("event.action");
    private static final EventPath AT_EVENT_CATEGORY = EventPath.of("event.category");
    private static final EventPath AT_EVENT_TYPE = EventPath.of("event.type");
    private static final EventPath AT_EVENT_OUTCOME = EventPath.of("event.outcome");
    private static final EventPath AT_EVENT_PROVIDER = EventPath.of("event.provider");
    private static final EventPath AT_EVENT_ORIGINAL = EventPath.of("event.original");
    private static final EventPath AT_AUDITD_SERIAL = EventPath.of("auditd.serial");
    private static final EventPath AT_AUDITD_NODE = EventPath.of("auditd.node");
    private static final EventPath AT_AUDITD_RECORD_TYPES = EventPath.of("auditd.record_types");
    private static final EventPath AT_AUDITD_ARCH = EventPath.of("auditd.arch");
    private static final EventPath AT_AUDITD_SYSCALL = EventPath.of("auditd.syscall");
    private static final EventPath AT_AUDITD_KEY = EventPath.of("auditd.key");
    private static final EventPath AT_AUDITD_SESSION = EventPath.of("auditd.session");
    private static final EventPath AT_AUDITD_RESULT = EventPath.of("auditd.result");
    private static final EventPath AT_AUDITD_PATHS = EventPath.of("auditd.paths");
    private static final EventPath AT_AUDITD_SOCKET = EventPath.of("auditd.socket");
    private static final EventPath AT_AUDITD_CAPABILITIES = EventPath.of("auditd.capabilities");
    private static final EventPath AT_AUDITD_SELINUX = EventPath.of("auditd.selinux");
    private static final EventPath AT_AUDITD_DATA = EventPath.of("auditd.data");
    private static final EventPath AT_PROCESS_ARGS = EventPath.of("process.args");
    private static final EventPath AT_PROCESS_COMMAND_LINE = EventPath.of("process.command_line");
    private static final EventPath AT_USER_ID = EventPath.of("user.id");
    private static final EventPath AT_PROCESS_USER_ID = EventPath.of("process.user.id");
    private static final EventPath AT_PROCESS_USER_NAME = EventPath.of("process.user.name");
    private static final EventPath AT_USER_NAME = EventPath.of("user.name");

    private final AuditTables tables;
    /** One for all records: read anew for each. */
    private final AuditFields fields = new AuditFields();

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
        for (int i = 0; i < records.size(); i++) {
            AuditRecord record = records.get(i);
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
        Event.Builder event = Event.builder().put(AT_TIMESTAMP, Instant.ofEpochSecond(first.seconds(), first.nanos()));
        String action = parts.call != null ? parts.call : told.getFirst().type().toLowerCase(Locale.ROOT);
        String outcome = parts.result == null ? null : parts.result.equals("success") ? "success" : "failure";
        AuditKinds.Kind kind = AuditKinds.of(parts.call, told.getFirst().type());
        event.put(AT_EVENT_ACTION, action)
                .put(AT_EVENT_CATEGORY, kind.categories())
                .put(AT_EVENT_TYPE, kind.types())
                .put(AT_EVENT_OUTCOME, outcome);
        first.line().describeWithoutTime(event);
        if (first.line().provider().equals("syslog")) {
            event.put(AT_EVENT_PROVIDER, "auditd");
        }
        event.put(AT_EVENT_ORIGINAL, original(told));
        event.put(
                "host.name", first.node() != null ? first.node() : first.line().host());
        event.put(AT_AUDITD_SERIAL, first.serial())
                .put(AT_AUDITD_NODE, first.node())
                .put(AT_AUDITD_RECORD_TYPES, types)
                .put(AT_AUDITD_ARCH, parts.architecture)
                .put(AT_AUDITD_SYSCALL, parts.call)
                .put(AT_AUDITD_KEY, parts.keys.size() == 1 ? parts.keys.getFirst() : parts.keys)
                .put(AT_AUDITD_SESSION, parts.session)
                .put(AT_AUDITD_RESULT, parts.result)
                .put(AT_AUDITD_PATHS, parts.files)
                .put(AT_AUDITD_SOCKET, parts.socket)
                .put(AT_AUDITD_CAPABILITIES, parts.capabilities)
                .put(AT_AUDITD_SELINUX, parts.selinux)
                .put(AT_AUDITD_DATA, parts.data.isEmpty() ? null : parts.data.map());
        parts.fill(event);
        List<String> arguments = parts.arguments();
        event.put(AT_PROCESS_ARGS, arguments);
        if (!arguments.isEmpty()) {
            event.put(AT_PROCESS_COMMAND_LINE, String.join(" ", arguments));
        }
        Object user = event.value(AT_USER_ID);
        if (user != null) {
            event.put(AT_PROCESS_USER_ID, user).put(AT_PROCESS_USER_NAME, event.value(AT_USER_NAME));
        }
        return event;
    }

    private static String original(List<AuditRecord> records) {
        if (records.size() == 1) {
            return records.getFirst().line().text();
        }
        int length = records.size();
        for (int i = 0; i < records.size(); i++) {
            length += records.get(i).line().text().length();
        }
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < records.size(); i++) {
            if (i > 0) {
                text.append('\n');
            }
            text.append(records.get(i).line().text());
        }
        return text.toString();
    }

    private void record(AuditRecord record, Parts parts) {
        fields.read(record.text(), record.bodyAt());
        boolean path = false;
        boolean crypto = record.type().startsWith("CRYPTO_");
        switch (record.type()) {
            case "SYSCALL", "SECCOMP", "URINGOP" -> call(parts);
            case "PATH" -> {
                path = true;
                path(parts);
            }
            case "EXECVE" -> arguments(parts);
            case "SOCKADDR" -> socket(parts);
            case "PROCTITLE" -> title(parts);
            case "BPRM_FCAPS", "CAPSET" -> capabilities(parts);
            default -> {
                for (int i = 0; i < fields.size(); i++) {
                    if (crypto && fields.name(i).is(SUID)) {
                        session(i, parts);
                    } else {
                        common(i, parts);
                    }
                }
            }
        }
        vector(parts);
        for (int i = fields.size(); !path && i < fields.all(); i++) {
            int place = fields.name(i).path();
            if (place >= FIRST_NAME && place <= LAST_NAME && !parts.has(place)) {
                parts.put(place, fields.value(i));
            }
        }
    }

    /** The user of the session's process (audit_log of sshd), which is not the saved id of the one that tells it. */
    private void session(int field, Parts parts) {
        if (!fields.absent(field) && fields.isId(field)) {
            parts.data(SUID, fields.value(field));
        }
    }

    private void vector(Parts parts) {
        if (fields.decision() != null) {
            parts.selinux("decision", fields.decision());
            if (!fields.permissions().isEmpty()) {
                parts.selinux("permissions", List.copyOf(fields.permissions()));
            }
        }
    }

    private void call(Parts parts) {
        int hex = -1;
        int number = -1;
        for (int i = 0; i < fields.size(); i++) {
            AuditNames.Name name = fields.name(i);
            if (name.is(ARCH)) {
                hex = i;
            } else if (name.is(SYSCALL) || name.is(URING_OP)) {
                number = i;
            } else {
                common(i, parts);
            }
        }
        if (hex >= 0 && parts.architecture == null) {
            String value = fields.value(hex);
            parts.architecture = first(AuditTables.architecture(value), "ARCH", value);
        }
        if (number >= 0 && parts.call == null) {
            String value = fields.value(number);
            parts.call =
                    first(parts.architecture == null ? null : tables.call(parts.architecture, value), "SYSCALL", value);
        }
    }

    /** What is known, else what auditd says, else what stands there. */
    private String first(@Nullable String known, String enriched, String value) {
        String told = known != null ? known : fields.enriched(enriched);
        return told != null ? told : value;
    }

    private void path(Parts parts) {
        if (parts.files.size() >= MOST_PATHS) {
            return;
        }
        Gathered path = new Gathered();
        for (int i = 0; i < fields.size(); i++) {
            AuditNames.Name name = fields.name(i).is(OBJTYPE) ? NAMETYPE : fields.name(i);
            if (fields.absent(i) || path.get(name) != null) {
                continue;
            }
            if (name.is(ITEM) || name.is(INODE)) {
                String value = fields.value(i);
                Long number = number(value);
                path.add(name, number == null ? value : number);
            } else if (name.is(NAME)) {
                path.add(name, fields.text(i));
            } else if ((!name.is(OUID) && !name.is(OGID)) || fields.isId(i)) {
                path.add(name, fields.value(i));
            }
        }
        if (!path.isEmpty()) {
            parts.file(path.map());
        }
    }

    private void arguments(Parts parts) {
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i).text();
            int end = 1;
            while (end < name.length() && name.charAt(end) >= '0' && name.charAt(end) <= '9') {
                end++;
            }
            boolean numbered = name.startsWith("a") && end > 1 && end < 8;
            if (name.equals("argc") || (numbered && name.startsWith("_len", end))) {
                continue;
            }
            if (!numbered || (end < name.length() && name.charAt(end) != '[')) {
                common(i, parts);
                continue;
            }
            parts.argument(Integer.parseInt(name, 1, end, 10), fields, i);
        }
    }

    private void socket(Parts parts) {
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.name(i).is(SADDR)) {
                common(i, parts);
                continue;
            }
            byte[] address = fields.octets(i);
            Map<String, Object> decoded = address == null ? null : SocketAddress.decode(address, parts.isBigEndian());
            if (decoded == null) {
                common(i, parts);
            } else if (parts.socket.isEmpty()) {
                parts.socket = decoded;
            }
        }
    }

    private void title(Parts parts) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).is(PROCTITLE)) {
                String title = fields.text(i);
                int end = title.length();
                while (end > 0 && title.charAt(end - 1) == '\0') {
                    end--;
                }
                if (end > 0 && !fields.absent(i)) {
                    parts.put(AuditNames.TITLE, title.substring(0, end).replace('\0', ' '));
                }
            } else {
                common(i, parts);
            }
        }
    }

    private void capabilities(Parts parts) {
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i).text();
            switch (name) {
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
                        "cap_pa" -> parts.capability(name, fields.value(i));
                default -> common(i, parts);
            }
        }
    }

    private void common(int field, Parts parts) {
        if (fields.absent(field)) {
            return;
        }
        AuditNames.Name name = fields.name(field);
        switch (name.kind()) {
            case ID -> {
                if (!parts.has(name.path()) && fields.isId(field)) {
                    parts.put(name.path(), fields.value(field));
                }
            }
            case NUMBER -> {
                String value = fields.value(field);
                Long number = number(value);
                if (number != null && number >= 0) {
                    parts.put(name.path(), number);
                } else {
                    parts.data(name, value);
                }
            }
            case TEXT -> {
                if (!parts.has(name.path())) {
                    parts.put(name.path(), fields.text(field));
                }
            }
            case SESSION -> {
                if (parts.session == null && fields.isId(field)) {
                    parts.session = fields.value(field);
                }
            }
            case KEY -> parts.keys(fields.text(field));
            case SUBJECT -> parts.selinux("subject", fields.text(field));
            case OBJECT -> parts.selinux("object", fields.text(field));
            case CLASS -> parts.selinux("class", fields.value(field));
            case PERMISSIVE -> parts.selinux("permissive", fields.value(field).equals("1"));
            case RESULT -> {
                String result = result(fields.value(field));
                if (result == null) {
                    parts.data(name, fields.value(field));
                } else if (parts.result == null) {
                    parts.result = result;
                }
            }
            case ADDRESS -> {
                String value = fields.value(field);
                String address = AddressLiteral.canonical(value);
                if (address != null) {
                    parts.put(AuditNames.ADDRESS, address);
                } else {
                    parts.data(name, value);
                }
            }
            case HOST -> {
                String text = fields.text(field);
                String address = AddressLiteral.canonical(text);
                parts.put(address != null ? AuditNames.ADDRESS : AuditNames.DOMAIN, address != null ? address : text);
            }
            case ACCOUNT -> {
                String account = fields.text(field);
                parts.put(AuditNames.TARGET, account);
                parts.data(name, account);
            }
            case IDENTITY -> {
                if (fields.isId(field)) {
                    parts.data(name, fields.value(field));
                }
            }
            case ENCODED -> parts.data(name, fields.text(field));
            case OTHER -> parts.data(name, fields.value(field));
        }
    }

    private static @Nullable String result(String value) {
        return switch (value) {
            case "yes", "1", "success", "Success" -> "success";
            case "no", "0", "failed", "fail", "failure", "Failed" -> "fail";
            default -> null;
        };
    }

    private static @Nullable Long number(String text) {
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
        private final List<String> pieces = new ArrayList<>(1);
        private boolean quoted;

        String text() {
            String whole = pieces.size() == 1 ? pieces.getFirst() : String.join("", pieces);
            String decoded = quoted ? null : AuditFields.hex(whole);
            return decoded == null ? whole : decoded;
        }
    }

    /** Values under names, the first or the latest of each, in the order of the first; a table takes over where there are many. */
    private static final class Gathered {
        private static final int MOST = 48;

        private AuditNames.Name[] names = new AuditNames.Name[16];
        private Object[] values = new Object[16];
        private int size;
        /** One bit for each usual name that is there: most fields are told once, and need no search. */
        private final long[] there = new long[AuditNames.USUAL / Long.SIZE];

        private @Nullable Map<String, Object> many;

        boolean isEmpty() {
            return size == 0;
        }

        @Nullable
        Object get(AuditNames.Name name) {
            if (many != null) {
                return many.get(name.text());
            }
            int place = find(name);
            return place < 0 ? null : values[place];
        }

        private int find(AuditNames.Name name) {
            int number = name.number();
            if (number >= 0 && (there[number / Long.SIZE] & 1L << number) == 0) {
                return -1;
            }
            for (int i = 0; i < size; i++) {
                if (names[i].is(name)) {
                    return i;
                }
            }
            return -1;
        }

        /** Puts a value under a name that is not there. */
        void add(AuditNames.Name name, Object value) {
            if (many == null && size == MOST) {
                many = new LinkedHashMap<>(4 * MOST);
                for (int i = 0; i < size; i++) {
                    many.put(names[i].text(), values[i]);
                }
            }
            if (many != null) {
                many.put(name.text(), value);
                return;
            }
            if (size == names.length) {
                names = Arrays.copyOf(names, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            int number = name.number();
            if (number >= 0) {
                there[number / Long.SIZE] |= 1L << number;
            }
            names[size] = name;
            values[size++] = value;
        }

        /** Puts a value in the place of the one that is there. */
        void replace(AuditNames.Name name, Object value) {
            if (many != null) {
                many.put(name.text(), value);
            } else {
                values[find(name)] = value;
            }
        }

        Map<String, Object> map() {
            if (many != null) {
                return many;
            }
            String[] texts = new String[size];
            for (int i = 0; i < size; i++) {
                texts[i] = names[i].text();
            }
            Object[] all = new Object[size]; // Arrays.copyOf would ask reflection for it
            System.arraycopy(values, 0, all, 0, size);
            return FieldMap.of(texts, all);
        }
    }

    /** What the records have given so far. */
    private static final class Parts {
        /** By the place in {@link AuditNames#PATHS}; the first that is told of each counts. */
        private final @Nullable Object[] values = new Object[AuditNames.PATHS.length];

        private final int[] order = new int[AuditNames.PATHS.length];
        private int size;
        private final List<String> keys = new ArrayList<>(1);
        private List<Map<String, Object>> files = List.of();
        private Map<String, Object> socket = Map.of();
        /** Made when there is something to put in, which of most records there is not. */
        private Map<String, Object> capabilities = Map.of();

        private Map<String, Object> selinux = Map.of();
        private final Gathered data = new Gathered();
        private @Nullable TreeMap<Integer, Argument> arguments;
        private @Nullable String architecture;
        private @Nullable String call;
        private @Nullable String session;
        private @Nullable String result;

        void selinux(String name, Object value) {
            selinux = selinux.isEmpty() ? Event.object() : selinux;
            selinux.putIfAbsent(name, value);
        }

        void capability(String name, Object value) {
            capabilities = capabilities.isEmpty() ? Event.object() : capabilities;
            capabilities.putIfAbsent(name, value);
        }

        void file(Map<String, Object> file) {
            files = files.isEmpty() ? new ArrayList<>(2) : files;
            files.add(file);
        }

        boolean has(int path) {
            return values[path] != null;
        }

        void put(int path, Object value) {
            if (values[path] == null) {
                values[path] = value;
                order[size++] = path;
            }
        }

        void fill(Event.Builder event) {
            for (int i = 0; i < size; i++) {
                event.put(AuditNames.PATHS[order[i]], values[order[i]]);
            }
        }

        boolean isBigEndian() {
            return architecture != null
                    && switch (architecture) {
                        case "s390x",
                                "s390",
                                "ppc64",
                                "ppc",
                                "sparc",
                                "sparc64",
                                "mips",
                                "mips64",
                                "parisc",
                                "parisc64",
                                "armeb" -> true;
                        default -> false;
                    };
        }

        /** Several keys of one rule are parted by the character 1. */
        void keys(String text) {
            if (text.indexOf('\u0001') < 0) {
                key(text);
                return;
            }
            for (String key : text.split("\u0001")) {
                key(key);
            }
        }

        private void key(String key) {
            if (!key.isEmpty() && !keys.contains(key) && keys.size() < 64) {
                keys.add(key);
            }
        }

        /** Values that differ between records of one event are kept side by side. */
        void data(AuditNames.Name name, String value) {
            Object there = data.get(name);
            if (there == null) {
                data.add(name, value);
            } else if (there instanceof List<?> list) {
                if (!list.contains(value) && list.size() < 64) {
                    List<Object> more = new ArrayList<>(list);
                    more.add(value);
                    data.replace(name, more);
                }
            } else if (!there.equals(value)) {
                data.replace(name, List.of(there, value));
            }
        }

        void argument(int number, AuditFields fields, int field) {
            TreeMap<Integer, Argument> all = arguments == null ? new TreeMap<>() : arguments;
            arguments = all;
            Argument argument = all.get(number);
            if (argument == null) {
                if (all.size() >= MOST_ARGUMENTS) {
                    return;
                }
                argument = new Argument();
                all.put(number, argument);
            }
            argument.pieces.add(fields.value(field));
            argument.quoted |= fields.quoted(field);
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
