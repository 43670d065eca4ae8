package dev.panoptes.core.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who beats, by files that anybody may have written. */
class HeartbeatReaderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T06:00:00Z");

    @TempDir
    Path directory;

    private String state(HeartbeatReader reader, Instant now) {
        List<HeartbeatReader.Seen> seen = reader.read(now);
        return seen.isEmpty() ? "nobody" : seen.getFirst().state().id();
    }

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve("auth_agent.json"), text);
    }

    private static String beat(String more) {
        return "{\"agent_name\":\"auth_agent\",\"hostname\":\"elsewhere\",\"pid\":4,\"timestamp\":\"2026-03-01T05:59:30Z\","
                + "\"cycle\":7,\"duration_ms\":12" + more + "}";
    }

    @Test
    void anIntervalThatIsNamedCountsThreeTimes() throws IOException {
        write(beat(",\"status\":\"healthy\",\"interval_seconds\":20"));
        HeartbeatReader reader = new HeartbeatReader(List.of(directory));
        assertThat(state(reader, NOW)).isEqualTo("running");
        assertThat(state(reader, NOW.plusSeconds(60))).isEqualTo("stale");
        write(beat(",\"status\":\"error\",\"error\":\"no log\",\"interval_seconds\":20"));
        assertThat(state(reader, NOW)).isEqualTo("degraded");
        assertThat(reader.read(NOW).getFirst().beat().lastError()).isEqualTo("no log");
        write(beat(",\"status\":\"stopped\",\"interval_seconds\":20"));
        assertThat(state(reader, NOW)).isEqualTo("stopped");
    }

    /** Files of the original's agents name no interval, have stamps without a zone, and are written in place. */
    @Test
    void filesOfTheOriginalAreReadAsTheyAre() throws IOException {
        write("{\"agent_name\": \"auth_agent\", \"timestamp\": \"2026-03-01T05:59:00.123456\", \"status\":"
                + " \"healthy\"}");
        HeartbeatReader reader = new HeartbeatReader(List.of(directory));
        assertThat(state(reader, NOW)).isEqualTo("running");
        write("{\"agent_name\": \"auth_agent\", \"timest");
        assertThat(state(reader, NOW)).isEqualTo("running");
        write("");
        assertThat(state(reader, NOW.plusSeconds(60))).isEqualTo("stale");
    }

    @Test
    void aProcessThatIsGoneHasStopped() throws IOException {
        write(
                "{\"agent_name\":\"auth_agent\",\"pid\":4194303,\"timestamp\":\"2026-03-01T05:59:59Z\",\"status\":\"healthy\"}");
        assertThat(state(new HeartbeatReader(List.of(directory)), NOW)).isEqualTo("stopped");
    }

    @Test
    void nothingElseIsRead() throws IOException {
        Files.writeString(
                directory.resolve("x.json"), "{\"agent_name\":\"../x\",\"timestamp\":\"2026-03-01T05:59:59Z\"}");
        Files.writeString(directory.resolve("y.txt"), beat(""));
        Files.createSymbolicLink(directory.resolve("z.json"), directory.resolve("y.txt"));
        Files.createDirectory(directory.resolve("d.json"));
        Files.write(directory.resolve("large.json"), new byte[70_000]);
        assertThat(new HeartbeatReader(List.of(directory, directory.resolve("nowhere"))).read(NOW))
                .isEmpty();
    }
}
