package dev.panoptes.server.hosts;

import dev.panoptes.integrity.observed.IdentityProof;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.SnapshotJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A snapshot as it is kept: compressed, and with a digest that tells whether anything has changed. */
final class StoredSnapshot {
    private static final SnapshotJson JSON = new SnapshotJson();

    private StoredSnapshot() {}

    static byte[] gzip(Snapshot snapshot) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 14);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            JSON.write(snapshot, out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** As it was stored, taken at the time at which it was last confirmed. */
    static Snapshot read(byte[] gzip, Instant confirmed) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return switch (JSON.read(in)) {
                case SnapshotJson.Result.Read(Snapshot snapshot) -> at(snapshot, confirmed);
                case SnapshotJson.Result.Refused(String reason) ->
                    throw new IllegalStateException("a stored snapshot cannot be read: " + reason);
            };
        } catch (IOException e) {
            throw new UncheckedIOException("a stored snapshot is damaged", e);
        }
    }

    /** Over everything but when it was taken, how long the answers took, and the nonces, which are always new. */
    static byte[] digest(Snapshot snapshot) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            Snapshot timeless = new Snapshot(
                    snapshot.schema(),
                    snapshot.host(),
                    Instant.EPOCH,
                    snapshot.observer(),
                    snapshot.sources(),
                    snapshot.listeners(),
                    snapshot.units(),
                    snapshot.probes().stream().map(StoredSnapshot::timeless).toList(),
                    snapshot.containers());
            try (DigestOutputStream out = new DigestOutputStream(java.io.OutputStream.nullOutputStream(), sha256)) {
                JSON.write(timeless, out);
            }
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to nowhere failed", e);
        }
    }

    private static Snapshot.Probe timeless(Snapshot.Probe probe) {
        ProbeAnswer answer = switch (probe.answer()) {
            case ProbeAnswer.Healthy healthy ->
                new ProbeAnswer.Healthy(
                        healthy.status(),
                        healthy.identity(),
                        healthy.port(),
                        healthy.version(),
                        healthy.state(),
                        healthy.offers(),
                        healthy.card(),
                        0);
            case ProbeAnswer.Faulty faulty ->
                new ProbeAnswer.Faulty(faulty.status(), faulty.reason(), faulty.connected(), 0);
            case ProbeAnswer.Refused refused -> refused;
            case ProbeAnswer.NotAsked notAsked -> notAsked;
        };
        IdentityProof proof = probe.proof();
        return new Snapshot.Probe(
                probe.agent(),
                probe.url(),
                probe.port(),
                probe.address(),
                answer,
                proof == null ? null : new IdentityProof("", proof.instance(), ""));
    }

    private static Snapshot at(Snapshot snapshot, Instant taken) {
        return new Snapshot(
                snapshot.schema(),
                snapshot.host(),
                taken,
                snapshot.observer(),
                snapshot.sources(),
                snapshot.listeners(),
                snapshot.units(),
                snapshot.probes(),
                snapshot.containers());
    }
}
