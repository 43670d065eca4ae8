package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dns/logs.txt}: what lines of dnsmasq, unbound, bind and systemd-resolved tell, or that a line is no event. */
class ResolverLinesTest {
    @TempDir
    Path folder;

    @Test
    void linesAreReadAsExpected() throws IOException, InterruptedException {
        Lines lines = new Lines("dns", ResolverLinesTest::text, folder);

        assertThat(lines.compare("dns/logs.txt")).isEmpty();
        assertThat(lines.samples()).isEqualTo(26);
    }

    private static String text(Event event) {
        return Stream.of(
                        event.action(),
                        event.text("dns.question.name"),
                        event.text("dns.question.type"),
                        event.text("source.ip"),
                        event.value("source.port").map(Object::toString).orElse(""),
                        event.text("dns.response_code"),
                        String.join(
                                ",",
                                event.values("dns.resolved_ip").stream()
                                        .map(Object::toString)
                                        .toList()))
                .map(text -> text == null ? "" : text)
                .collect(Collectors.joining("|"));
    }
}
