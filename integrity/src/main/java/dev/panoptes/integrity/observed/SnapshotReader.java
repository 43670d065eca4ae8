package dev.panoptes.integrity.observed;

import dev.panoptes.integrity.observed.JsonFields.MisfitException;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Effective;
import dev.panoptes.integrity.observed.Snapshot.HostIdentity;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Reads one snapshot as {@link SnapshotJson} writes it, a thing at a time; what is no snapshot is refused. One use. */
final class SnapshotReader {
    private static final int MOST_THINGS = 200_000;
    private static final int LONGEST_TEXT = 64 << 10;
    private static final int LONGEST_NAME = 253;

    private int schema = -1;
    private @Nullable HostIdentity host;
    private @Nullable Instant taken;
    private @Nullable String observer;
    private final Map<Source, Coverage> sources = new EnumMap<>(Source.class);
    private final Map<Integer, Owner> processes = new HashMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    /** Listeners that stand before the processes which they name. */
    private final List<JsonFields> early = new ArrayList<>();

    private final List<UnitState> units = new ArrayList<>();
    private final List<Probe> probes = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();

    SnapshotJson.Result read(InputStream in) throws IOException {
        JsonFactory json = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(16)
                        .maxStringLength(LONGEST_TEXT)
                        .maxNumberLength(40)
                        .maxDocumentLength(SnapshotJson.LARGEST)
                        .build())
                .build();
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), new Bounded(in))) {
            return new SnapshotJson.Result.Read(document(parser));
        } catch (MisfitException e) {
            return new SnapshotJson.Result.Refused(String.valueOf(e.getMessage()));
        } catch (JacksonException e) {
            if (e.getCause() instanceof TooLargeException) {
                return new SnapshotJson.Result.Refused("it is larger than 64 MiB");
            }
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            TokenStreamLocation at = e.getLocation();
            return new SnapshotJson.Result.Refused((at == null || at.getLineNr() < 1
                            ? "it is "
                            : "line " + at.getLineNr() + ", column " + at.getColumnNr() + " is ")
                    + "not readable JSON: " + words(String.valueOf(e.getOriginalMessage())));
        }
    }

    /** The parser's words without those about its own options. */
    private static String words(String message) {
        return message.contains("end-of-input")
                ? "the file ends before its JSON does"
                : HttpAnswerReader.quote(message.replaceFirst("(?s)\\s*(?:\\(start marker|\\[Source).*", ""));
    }

    private Snapshot document(JsonParser parser) throws MisfitException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new MisfitException("it is empty");
        }
        if (first != JsonToken.START_OBJECT) {
            throw new MisfitException("it is not a snapshot but another kind of JSON");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "schema" -> schema(parser);
                case "host" -> host = host(JsonFields.read(parser));
                case "taken" -> taken = taken(parser);
                case "observer" -> observer = text(parser, name);
                case "sources" -> sources(JsonFields.read(parser));
                case "processes" ->
                    each(parser, name, fields -> {
                        Owner process = process(fields);
                        processes.put(process.pid(), process);
                    });
                case "listeners" -> each(parser, name, this::listener);
                case "units" -> each(parser, name, fields -> units.add(unit(fields)));
                case "probes" -> each(parser, name, fields -> probes.add(probe(fields)));
                case "containers" -> each(parser, name, fields -> containers.add(ContainerJson.read(fields)));
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new MisfitException("there is more after the snapshot");
        }
        if (schema < 0 || host == null || taken == null || observer == null) {
            throw new MisfitException("it is not a snapshot: it lacks schema, host, taken or observer");
        }
        for (JsonFields fields : early) {
            listeners.add(withOwners(fields));
        }
        return new Snapshot(schema, host, taken, observer, sources, listeners, units, probes, containers);
    }

    /** Takes one element of a list. */
    private interface Taker {
        void take(JsonFields fields) throws MisfitException;
    }

    private static void each(JsonParser parser, String name, Taker taker) throws MisfitException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new MisfitException("/" + name + " is not a list");
        }
        for (int count = 0; parser.nextToken() != JsonToken.END_ARRAY; count++) {
            if (count == MOST_THINGS) {
                throw new MisfitException("/" + name + " has more than " + MOST_THINGS + " elements");
            }
            taker.take(JsonFields.read(parser));
        }
    }

    private void schema(JsonParser parser) throws MisfitException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new MisfitException("/schema is not a whole number");
        }
        if (!parser.getString().equals(Integer.toString(Snapshot.SCHEMA))) {
            throw new MisfitException("it has schema " + HttpAnswerReader.quote(parser.getString())
                    + ", this version reads schema " + Snapshot.SCHEMA);
        }
        schema = Snapshot.SCHEMA;
    }

    private static String text(JsonParser parser, String name) throws MisfitException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new MisfitException("/" + name + " is not a text");
        }
        return parser.getString();
    }

    private static Instant taken(JsonParser parser) throws MisfitException {
        try {
            return Instant.parse(text(parser, "taken"));
        } catch (DateTimeException e) {
            throw new MisfitException("/taken is not a time such as 2026-01-31T12:00:00Z");
        }
    }

    private static HostIdentity host(JsonFields fields) throws MisfitException {
        String name = fields.text("name");
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw fields.misfit("name", "is not the name of a host");
        }
        return new HostIdentity(
                fields.text("id"), name, fields.nullableText("machine_id"), fields.nullableText("boot_id"));
    }

    private void sources(JsonFields fields) throws MisfitException {
        for (String name : fields.objects()) {
            for (Source source : Source.values()) {
                if (source.name().toLowerCase(Locale.ROOT).equals(name)) {
                    sources.put(source, coverage(fields.object(name)));
                }
            }
        }
    }

    private static Coverage coverage(JsonFields fields) throws MisfitException {
        return switch (fields.text("state")) {
            case "complete" -> new Coverage.Complete();
            case "denied" -> new Coverage.Denied(fields.text("reason"));
            case "absent" -> new Coverage.Absent(fields.text("reason"));
            default -> throw fields.misfit("state", "is none of complete, denied, absent");
        };
    }

    private static Owner process(JsonFields fields) throws MisfitException {
        return new Owner(
                fields.integer("pid", 0, Integer.MAX_VALUE),
                fields.number("start_ticks", 0, Long.MAX_VALUE),
                fields.integer("parent_pid", 0, Integer.MAX_VALUE),
                fields.integer("uid", Integer.MIN_VALUE, Integer.MAX_VALUE),
                fields.nullableText("exe"),
                fields.flag("exe_deleted"),
                fields.nullableText("cwd"),
                fields.texts("command"),
                fields.nullableText("script"),
                fields.nullableText("real_script"),
                fields.nullableText("unit"),
                fields.nullableText("container"),
                fields.nullableText("apart"),
                fields.nullableText("code_digest"));
    }

    private void listener(JsonFields fields) throws MisfitException {
        if (processes.isEmpty() && !fields.integers("owners").isEmpty()) {
            early.add(fields);
        } else {
            listeners.add(withOwners(fields));
        }
    }

    private Listener withOwners(JsonFields fields) throws MisfitException {
        String protocol = fields.text("protocol");
        if (!protocol.equals("tcp") && !protocol.equals("udp")) {
            throw fields.misfit("protocol", "is neither tcp nor udp");
        }
        String address = fields.text("address");
        try {
            InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            throw fields.misfit("address", "is not an address");
        }
        List<Owner> owners = new ArrayList<>();
        for (int pid : fields.integers("owners")) {
            Owner owner = processes.get(pid);
            if (owner == null) {
                throw fields.misfit("owners", "names process " + pid + ", which is not among the processes");
            }
            owners.add(owner);
        }
        String unknown = fields.nullableText("owner_unknown");
        return new Listener(
                protocol,
                address,
                fields.integer("port", 1, 65_535),
                fields.flag("dual_stack"),
                fields.number("inode", 0, Long.MAX_VALUE),
                fields.integer("uid", Integer.MIN_VALUE, Integer.MAX_VALUE),
                owners,
                owners.isEmpty() && unknown == null ? "the snapshot names no owner" : unknown);
    }

    private static UnitState unit(JsonFields fields) throws MisfitException {
        return new UnitState(
                fields.text("name"),
                fields.text("load_state"),
                fields.text("active_state"),
                fields.text("sub_state"),
                fields.text("unit_file_state"),
                fields.integer("restarts", 0, Integer.MAX_VALUE),
                fields.integer("main_pid", 0, Integer.MAX_VALUE),
                fields.text("fragment_path"),
                fields.nullableText("fragment_digest"),
                fields.text("result"),
                fields.texts("aliases"),
                fields.optionalText("type"),
                fields.nullableNumber("active_seconds", 0, Long.MAX_VALUE),
                fields.texts("triggered_by"),
                fields.texts("wanted_by"),
                fields.optionalText("working_directory"),
                effective(fields));
    }

    private static @Nullable Effective effective(JsonFields fields) throws MisfitException {
        String reload = fields.nullableText("needs_reload");
        return reload == null
                ? null
                : new Effective(fields.texts("exec_start"), fields.texts("drop_ins"), reload.equals("yes"));
    }

    private static Probe probe(JsonFields fields) throws MisfitException {
        return new Probe(
                fields.text("agent"),
                fields.text("url"),
                fields.integer("port", 1, 65_535),
                fields.nullableText("address"),
                answer(fields),
                proof(fields));
    }

    /** An outcome that is not known here was not told. */
    private static @Nullable CardSignature card(JsonFields fields) throws MisfitException {
        String outcome = fields.nullableText("card");
        String detail = fields.nullableText("card_detail");
        return outcome == null || detail == null
                ? null
                : CardSignature.Outcome.of(outcome)
                        .map(known -> new CardSignature(known, detail))
                        .orElse(null);
    }

    /** A signature of another form than the one in which they are sent is none. */
    private static @Nullable IdentityProof proof(JsonFields fields) throws MisfitException {
        if (!fields.objects().contains("proof")) {
            return null;
        }
        JsonFields proof = fields.object("proof");
        return IdentityProof.known(proof.text("nonce"), proof.text("instance"), proof.text("signature"))
                .orElse(null);
    }

    private static ProbeAnswer answer(JsonFields fields) throws MisfitException {
        return switch (fields.text("answer")) {
            case "healthy" ->
                new ProbeAnswer.Healthy(
                        fields.integer("status", 100, 599),
                        fields.nullableText("identity"),
                        fields.nullableInteger("reported_port", 0, 999_999_999),
                        fields.nullableText("version"),
                        fields.nullableText("state"),
                        fields.nullableTexts("offers"),
                        card(fields),
                        fields.number("millis", 0, Long.MAX_VALUE));
            case "faulty" ->
                new ProbeAnswer.Faulty(
                        fields.nullableInteger("status", 100, 599),
                        fields.text("reason"),
                        fields.flag("connected"),
                        fields.number("millis", 0, Long.MAX_VALUE));
            case "refused" -> new ProbeAnswer.Refused();
            case "not-asked" -> new ProbeAnswer.NotAsked(fields.text("reason"));
            default -> throw fields.misfit("answer", "is none of healthy, faulty, refused, not-asked");
        };
    }

    /** More than anybody needs. */
    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Fails instead of reading on for ever. */
    private static final class Bounded extends FilterInputStream {
        private long left = SnapshotJson.LARGEST;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int read = super.read(into, from, length);
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new TooLargeException();
            }
            return read;
        }
    }
}
