package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dns/logs.txt}: what lines of dnsmasq, unbound, bind and systemd-resolved tell, or that a line is no event. */
class ResolverLinesTest {
    /** Lines that are read otherwise than expected: none is to join them, and one that is mended leaves. */
    private static final List<String> KNOWN = List.of(
            // older dnsmasq writes the number of types that it has no name for
            "Nov  5 09:00:02 gw dnsmasq[701]: query[type=65] h.example.com from 192.168.1.10"
                    + " = query|h.example.com|TYPE65|192.168.1.10|||",
            // a query that is signed with a key (TSIG)
            "Nov  5 09:00:00 ns named[801]: client @0x7f01ab 192.168.1.10#53114/key host.key (k.example.com): query:"
                    + " k.example.com IN SOA -S (192.168.1.1) = none");

    @TempDir
    Path folder;

    @Test
    void linesAreReadAsExpected() throws IOException, InterruptedException {
        Lines lines = new Lines("dns", ResolverLinesTest::text, folder);

        assertThat(lines.compare("dns/logs.txt")).containsExactlyInAnyOrderElementsOf(KNOWN);
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
