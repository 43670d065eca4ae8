package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.sensors.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dns/expected.txt}: what the messages of the captures beside it say, and how many of them are broken. */
class DnsMessagesTest {
    /** What is read otherwise than expected: none is to join them, and one that is mended leaves. */
    private static final List<String> KNOWN = List.of(
            // RFC 9460, 7.3: as RFC 5952 writes addresses
            "types.pcap, 22: dns.answers[0].data: expected \"1 . alpn=h2,h3 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1\","
                    + " got \"1 . alpn=h2,h3 ipv4hint=192.0.2.1 ipv6hint=2001:db8:0:0:0:0:0:1\"");

    @TempDir
    Path folder;

    @Test
    void messagesAreReadAsExpected() throws IOException, InterruptedException {
        Captures captures = new Captures("dns", "dns", folder, Settings.none());

        assertThat(captures.compare()).containsExactlyInAnyOrderElementsOf(KNOWN);
        assertThat(captures.samples()).isEqualTo(83);
    }
}
