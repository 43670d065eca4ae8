package dev.panoptes.integrity.observed;

import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Effective;
import dev.panoptes.integrity.observed.Snapshot.HostIdentity;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Snapshots as JSON. Processes are listed once and named by pid from the listeners that they hold. What is read may come
 * from anywhere: at most 64 MiB, unknown fields are ignored, everything else that does not fit is one clear problem.
 */
public final class SnapshotJson {
    /** The largest snapshot that is read. */
    public static final int LARGEST = 64 << 20;

    private final JsonFactory json =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    /** What reading a snapshot gave. */
    public sealed interface Result {
        record Read(Snapshot snapshot) implements Result {}

        /** @param reason one sentence, with the place in the document where there is one */
        record Refused(String reason) implements Result {}
    }

    /** Reads a file; a FIFO, device or directory is refused. */
    public Result read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return new Result.Refused(Files.exists(file) ? "it is not a regular file" : "there is no such file");
            }
            if (Files.size(file) > LARGEST) {
                return new Result.Refused("it is larger than 64 MiB");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return read(in);
            }
        } catch (IOException e) {
            return new Result.Refused("it could not be read: " + e.getMessage());
        }
    }

    /** Reads a stream to its end, but no more than {@link #LARGEST} bytes. */
    public Result read(InputStream in) throws IOException {
        return new SnapshotReader().read(in);
    }

    /** Writes one snapshot, a line per process, listener, unit and probe; leaves the stream open. */
    public void write(Snapshot snapshot, OutputStream out) throws IOException {
        try (JsonGenerator to = json.createGenerator(ObjectWriteContext.empty(), out)) {
            to.writeStartObject();
            to.writeNumberProperty("schema", snapshot.schema());
            host(to, snapshot.host());
            to.writeStringProperty("taken", snapshot.taken().toString());
            to.writeStringProperty("observer", snapshot.observer());
            to.writeObjectPropertyStart("sources");
            new TreeMap<>(snapshot.sources()).forEach((source, coverage) -> {
                to.writeObjectPropertyStart(source.name().toLowerCase(Locale.ROOT));
                coverage(to, coverage);
                to.writeEndObject();
            });
            to.writeEndObject();
            Map<Integer, Owner> processes = new LinkedHashMap<>();
            snapshot.listeners()
                    .forEach(listener -> listener.owners().forEach(owner -> processes.put(owner.pid(), owner)));
            to.writeArrayPropertyStart("processes");
            processes.values().forEach(owner -> process(line(to), owner));
            to.writeEndArray();
            to.writeArrayPropertyStart("listeners");
            snapshot.listeners().forEach(listener -> listener(line(to), listener));
            to.writeEndArray();
            to.writeArrayPropertyStart("units");
            snapshot.units().forEach(unit -> unit(line(to), unit));
            to.writeEndArray();
            to.writeArrayPropertyStart("probes");
            snapshot.probes().forEach(probe -> probe(line(to), probe));
            to.writeEndArray();
            to.writeArrayPropertyStart("containers");
            snapshot.containers().forEach(container -> ContainerJson.write(line(to), container));
            to.writeEndArray();
            to.writeEndObject();
            to.writeRaw('\n');
        } catch (JacksonException e) {
            throw new IOException("the snapshot could not be written: " + e.getOriginalMessage(), e);
        }
    }

    /** Blanks mean nothing to JSON; a line for each thing lets people read and compare snapshots. */
    private static JsonGenerator line(JsonGenerator to) {
        return to.writeRaw('\n');
    }

    private static void host(JsonGenerator to, HostIdentity host) {
        to.writeObjectPropertyStart("host");
        to.writeStringProperty("id", host.id());
        to.writeStringProperty("name", host.name());
        text(to, "machine_id", host.machineId());
        text(to, "boot_id", host.bootId());
        to.writeEndObject();
    }

    private static void coverage(JsonGenerator to, Coverage coverage) {
        switch (coverage) {
            case Coverage.Complete() -> to.writeStringProperty("state", "complete");
            case Coverage.Denied(String reason) -> {
                to.writeStringProperty("state", "denied");
                to.writeStringProperty("reason", reason);
            }
            case Coverage.Absent(String reason) -> {
                to.writeStringProperty("state", "absent");
                to.writeStringProperty("reason", reason);
            }
        }
    }

    private static void process(JsonGenerator to, Owner owner) {
        to.writeStartObject();
        to.writeNumberProperty("pid", owner.pid());
        to.writeNumberProperty("start_ticks", owner.startTicks());
        to.writeNumberProperty("parent_pid", owner.parentPid());
        to.writeNumberProperty("uid", owner.uid());
        text(to, "exe", owner.exe());
        if (owner.exeDeleted()) {
            to.writeBooleanProperty("exe_deleted", true);
        }
        text(to, "cwd", owner.cwd());
        texts(to, "command", owner.command());
        text(to, "script", owner.script());
        text(to, "real_script", owner.realScript());
        text(to, "unit", owner.unit());
        text(to, "container", owner.container());
        text(to, "apart", owner.apart());
        text(to, "code_digest", owner.codeDigest());
        to.writeEndObject();
    }

    private static void listener(JsonGenerator to, Listener listener) {
        to.writeStartObject();
        to.writeStringProperty("protocol", listener.protocol());
        to.writeStringProperty("address", listener.address());
        to.writeNumberProperty("port", listener.port());
        to.writeBooleanProperty("dual_stack", listener.dualStack());
        to.writeNumberProperty("inode", listener.inode());
        to.writeNumberProperty("uid", listener.uid());
        to.writeArrayPropertyStart("owners");
        listener.owners().forEach(owner -> to.writeNumber(owner.pid()));
        to.writeEndArray();
        text(to, "owner_unknown", listener.ownerUnknown());
        to.writeEndObject();
    }

    private static void unit(JsonGenerator to, UnitState unit) {
        to.writeStartObject();
        to.writeStringProperty("name", unit.name());
        to.writeStringProperty("load_state", unit.loadState());
        to.writeStringProperty("active_state", unit.activeState());
        to.writeStringProperty("sub_state", unit.subState());
        to.writeStringProperty("unit_file_state", unit.unitFileState());
        to.writeNumberProperty("restarts", unit.restarts());
        to.writeNumberProperty("main_pid", unit.mainPid());
        to.writeStringProperty("fragment_path", unit.fragmentPath());
        text(to, "fragment_digest", unit.fragmentDigest());
        to.writeStringProperty("result", unit.result());
        texts(to, "aliases", unit.aliases());
        to.writeStringProperty("type", unit.type());
        Long activeSeconds = unit.activeSeconds();
        if (activeSeconds != null) {
            to.writeNumberProperty("active_seconds", activeSeconds);
        }
        texts(to, "triggered_by", unit.triggeredBy());
        texts(to, "wanted_by", unit.wantedBy());
        to.writeStringProperty("working_directory", unit.workingDirectory());
        Effective effective = unit.effective();
        if (effective != null) {
            texts(to, "exec_start", effective.execStart());
            texts(to, "drop_ins", effective.dropIns());
            to.writeStringProperty("needs_reload", effective.needsReload() ? "yes" : "no");
        }
        to.writeEndObject();
    }

    private static void texts(JsonGenerator to, String name, List<String> values) {
        to.writeArrayPropertyStart(name);
        values.forEach(to::writeString);
        to.writeEndArray();
    }

    private static void probe(JsonGenerator to, Probe probe) {
        to.writeStartObject();
        to.writeStringProperty("agent", probe.agent());
        to.writeStringProperty("url", probe.url());
        to.writeNumberProperty("port", probe.port());
        text(to, "address", probe.address());
        switch (probe.answer()) {
            case ProbeAnswer.Healthy healthy -> {
                to.writeStringProperty("answer", "healthy");
                to.writeNumberProperty("status", healthy.status());
                text(to, "identity", healthy.identity());
                number(to, "reported_port", healthy.port());
                text(to, "version", healthy.version());
                text(to, "state", healthy.state());
                if (healthy.offers() != null) {
                    texts(to, "offers", healthy.offers());
                }
                CardSignature card = healthy.card();
                if (card != null) {
                    text(to, "card", card.outcome().word());
                    text(to, "card_detail", card.detail());
                }
                to.writeNumberProperty("millis", healthy.millis());
            }
            case ProbeAnswer.Faulty faulty -> {
                to.writeStringProperty("answer", "faulty");
                number(to, "status", faulty.status());
                to.writeStringProperty("reason", faulty.reason());
                to.writeBooleanProperty("connected", faulty.connected());
                to.writeNumberProperty("millis", faulty.millis());
            }
            case ProbeAnswer.Refused() -> to.writeStringProperty("answer", "refused");
            case ProbeAnswer.NotAsked(String reason) -> {
                to.writeStringProperty("answer", "not-asked");
                to.writeStringProperty("reason", reason);
            }
        }
        IdentityProof proof = probe.proof();
        if (proof != null) {
            to.writeObjectPropertyStart("proof");
            to.writeStringProperty("nonce", proof.nonce());
            to.writeStringProperty("instance", proof.instance());
            to.writeStringProperty("signature", proof.signature());
            to.writeEndObject();
        }
        to.writeEndObject();
    }

    private static void text(JsonGenerator to, String name, @Nullable String value) {
        if (value != null) {
            to.writeStringProperty(name, value);
        }
    }

    private static void number(JsonGenerator to, String name, @Nullable Integer value) {
        if (value != null) {
            to.writeNumberProperty(name, value);
        }
    }
}
