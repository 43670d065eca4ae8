package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code auth/lines.txt}: action, outcome, user, address, port and target of log lines, or that a line is no event. */
class AuthLinesTest {
    @TempDir
    Path folder;

    @Test
    void linesAreReadAsExpected() throws IOException, InterruptedException {
        Lines lines = new Lines("auth", AuthLinesTest::text, folder);

        assertThat(lines.compare("auth/lines.txt")).isEmpty();
        assertThat(lines.samples()).isEqualTo(243);
    }

    private static String text(Event event) {
        String source = event.text("source.ip") == null ? event.text("source.domain") : event.text("source.ip");
        return Stream.of(
                        event.action(),
                        event.text("event.outcome"),
                        event.text("user.name"),
                        source,
                        event.value("source.port").map(Object::toString).orElse(""),
                        event.text("user.target.name"))
                .map(text -> text == null ? "" : text)
                .collect(Collectors.joining("|"));
    }
}
