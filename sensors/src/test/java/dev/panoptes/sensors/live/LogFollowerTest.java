package dev.panoptes.sensors.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.LogLine;
import dev.panoptes.sensors.replay.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFollowerTest {
    @TempDir
    private Path folder;

    private final Kept kept = new Kept();

    private LogFollower follower() throws IOException {
        Surroundings surroundings = new Surroundings(
                Host.live(),
                new Privileges(0, 0, false),
                InstantSource.fixed(Instant.parse("2023-11-09T01:02:03Z")),
                ZoneOffset.UTC,
                Settings.none(),
                source -> Optional.ofNullable(kept.positions.get(source)),
                null,
                false);
        Feed feed = new Feed() {
            @Override
            public void line(LogLine line, Output out) {
                out.event(Event.builder().put("message", line.text()).put("offset", line.offset()));
            }
        };
        LogFollower follower = new LogFollower(folder.resolve("log"), "/log", feed, kept, surroundings);
        follower.open();
        return follower;
    }

    private void append(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void readsWhatIsAppendedAndGoesOnAfterARestart() throws IOException, InterruptedException {
        append("log", "before\n");
        LogFollower first = follower();
        first.step();
        append("log", "one\ntw");
        first.step();
        append("log", "o\nthree\n");
        first.step();
        assertThat(kept.messages).containsExactly("one", "two", "three");

        append("log", "four\n");
        LogFollower second = follower();
        second.step();
        second.step();
        assertThat(kept.messages).containsExactly("one", "two", "three", "four");
        assertThat(kept.lost).isZero();
    }

    @Test
    void followsRotationTruncationAndAbsence() throws IOException, InterruptedException {
        append("log", "");
        LogFollower follower = follower();
        append("log", "one\n");
        follower.step();
        append("log", "two\n");
        Files.move(folder.resolve("log"), folder.resolve("log.1"));
        append("log.1", "three\n");
        append("log", "four\n");
        follower.step();
        assertThat(kept.messages).containsExactly("one", "two", "three", "four");

        Files.writeString(folder.resolve("log"), "a\n");
        follower.step();
        assertThat(kept.messages).endsWith("four", "a");

        append("log", "b\n");
        Files.move(folder.resolve("log"), folder.resolve("log.2"));
        follower.step();
        follower.step();
        append("log", "c\n");
        follower.step();
        assertThat(kept.messages).endsWith("a", "b", "c");
        assertThat(kept.lost).isZero();
    }

    @Test
    void tellsThatALogVanishedUnread() throws IOException, InterruptedException {
        append("log", "one\n");
        LogFollower follower = follower();
        append("log", "two\n");
        Files.delete(folder.resolve("log"));
        follower.step();
        append("log", "three\n");
        follower.step();

        assertThat(kept.messages).containsExactly("three");
        assertThat(kept.lost).isOne();
    }

    private static final class Kept implements EventSink {
        private final List<String> messages = new ArrayList<>();
        private final Map<String, String> positions = new HashMap<>();
        private int lost;

        @Override
        public void event(Event.Builder event) {
            messages.add(String.valueOf(event.build().text("message")));
        }

        @Override
        public void lost(Loss reason, String provider, long count) {
            lost++;
        }

        @Override
        public void malformed(String provider, long count) {
            throw new AssertionError("everything can be read here");
        }

        @Override
        public void position(String source, String position) {
            positions.put(source, position);
        }

        @Override
        public void flush() {
            // nothing is held back
        }
    }
}
