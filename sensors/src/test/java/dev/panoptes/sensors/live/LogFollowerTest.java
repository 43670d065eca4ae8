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
import java.nio.file.attribute.FileTime;
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

    /** As logrotate does it: whoever writes goes on with the old file until he is told. */
    @Test
    void readsAMovedLogUntilItsSuccessorIsWrittenTo() throws IOException, InterruptedException {
        append("log", "one\n");
        LogFollower follower = follower();
        Files.move(folder.resolve("log"), folder.resolve("log.1"));
        follower.step();
        append("log.1", "two\n");
        append("log", "");
        follower.step();
        append("log.1", "thr");
        follower.step();
        append("log.1", "ee\nfour\n");
        append("log", "five\n");
        follower.step();
        append("log", "six\n");
        follower.step();

        assertThat(kept.messages).containsExactly("two", "three", "four", "five", "six");
        assertThat(kept.lost).isZero();
    }

    @Test
    void readsWhatACopyHoldsWhereTheLogWasCutAlsoWhenItHasGrownSince() throws IOException, InterruptedException {
        append("log", "the first line of this log\n");
        LogFollower follower = follower();
        append("log", "one\n");
        follower.step();
        append("log", "two\nthr");
        Files.copy(folder.resolve("log"), folder.resolve("log.1"));
        Files.writeString(folder.resolve("log"), "the first line after that, longer than all before it together\n");
        follower.step();
        append("log", "last\n");
        follower.step();

        assertThat(kept.messages)
                .containsExactly(
                        "one", "two", "thr", "the first line after that, longer than all before it together", "last");
        assertThat(kept.lost).isZero();
    }

    @Test
    void readsEveryFileThatTheLogHasBeenWhileNobodyLooked() throws IOException, InterruptedException {
        append("log", "before\n");
        follower().step();
        append("log", "one\n");
        Files.move(folder.resolve("log"), folder.resolve("log.3"));
        append("log.2", "two\n");
        append("log.1", "three\n");
        append("log.old", "not of these\n");
        append("log", "four\n");
        age("log.3", 30);
        age("log.2", 20);
        age("log.1", 10);
        LogFollower second = follower();
        second.step();
        second.step();

        assertThat(kept.messages).containsExactly("one", "two", "three", "four");
        assertThat(kept.lost).isZero();
    }

    @Test
    void tellsThatOneOfThemIsCompressedAlready() throws IOException, InterruptedException {
        append("log", "before\n");
        follower().step();
        Files.move(folder.resolve("log"), folder.resolve("log.2"));
        append("log.1.gz", "?");
        append("log", "four\n");
        age("log.2", 20);
        follower().step();

        assertThat(kept.messages).containsExactly("four");
        assertThat(kept.lost).isOne();
    }

    @Test
    void goesOnFromAPositionOfAnEarlierVersionAndForgetsOneThatIsNone() throws IOException, InterruptedException {
        append("log", "one\ntwo\n");
        Object inode = Files.getAttribute(folder.resolve("log"), "unix:ino");
        kept.positions.put("/log", inode + ":4");
        follower().step();
        assertThat(kept.messages).containsExactly("two");

        kept.positions.put("/log", "x:y:z");
        LogFollower follower = follower();
        append("log", "three\n");
        follower.step();
        assertThat(kept.messages).containsExactly("two", "three");
    }

    /** Whenever the process ends, what is durable is what lies before the position. */
    @Test
    void everyEventBecomesDurableWithThePositionBehindIt() throws IOException, InterruptedException {
        append("log", "");
        LogFollower follower = follower();
        append("log", "one\ntwo\nthree\n");
        kept.endAfter = 2;
        try {
            follower.step();
        } catch (IllegalStateException killed) {
            assertThat(kept.messages).containsExactly("one", "two");
        }
        kept.endAfter = Integer.MAX_VALUE;
        follower().step();
        assertThat(kept.messages).containsExactly("one", "two", "three");
    }

    private void age(String name, long seconds) throws IOException {
        Files.setLastModifiedTime(
                folder.resolve(name),
                FileTime.from(Instant.parse("2023-11-09T01:02:03Z").minusSeconds(seconds)));
    }

    private static final class Kept implements EventSink {
        private final List<String> messages = new ArrayList<>();
        private final Map<String, String> positions = new HashMap<>();
        private int lost;
        private int endAfter = Integer.MAX_VALUE;

        /** As a process that is killed: what is given later is not kept. */
        @Override
        public void together(Giving giving) throws InterruptedException {
            if (messages.size() >= endAfter) {
                throw new IllegalStateException("killed");
            }
            giving.give();
        }

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
