package dev.panoptes.sensors.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final String HEAD = "  sl  local_address rem_address   st\n";
    private static final String SSH = "   0: 00000000:0016 00000000:0000 0A 0:0 00:0 0 0 0 1 1\n";
    private static final String INBOUND = "   1: 010200C0:0016 026433C6:D431 01 0:0 00:0 0 0 0 2 1\n";
    private static final String OUTBOUND = "   2: 010200C0:8000 026433C6:01BB 01 0:0 00:0 0 1000 0 3 1\n";

    @Test
    void tellsWhatChangedBetweenTwoLooks() {
        Connections connections = new Connections();
        Instant time = Instant.parse("2023-11-09T01:02:03Z");

        assertThat(connections.look(List.of(HEAD + SSH + INBOUND), time)).isEmpty();
        List<Connections.Change> opened = connections.look(List.of(HEAD + SSH + INBOUND + OUTBOUND + "junk"), time);
        Event event = opened.getFirst().event().build();
        assertThat(opened).hasSize(1);
        assertThat(event.action()).isEqualTo("connection_opened");
        assertThat(event.text("source.ip")).isEqualTo("192.0.2.1");
        assertThat(event.number("destination.port")).isEqualTo(443);
        assertThat(event.text("network.direction")).isEqualTo("outbound");
        assertThat(event.text("user.id")).isEqualTo("1000");

        List<Connections.Change> closed = connections.look(List.of(HEAD + SSH + OUTBOUND), time.plusSeconds(2));
        Event end = closed.getFirst().event().build();
        assertThat(end.action()).isEqualTo("connection_closed");
        assertThat(end.text("source.ip")).isEqualTo("198.51.100.2");
        assertThat(end.text("network.direction")).isEqualTo("inbound");
        assertThat(end.value("event.duration")).isEmpty();
    }
}
