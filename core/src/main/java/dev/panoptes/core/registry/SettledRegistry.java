package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a registry that somebody may be writing at this moment: one that was just changed is read again until it rests, for
 * a bounded time, so that half a file is neither told as damaged nor as a smaller fleet. What is older is read once, without
 * waiting. Safe for use by several threads.
 */
public final class SettledRegistry {
    /** How long a whole file has not changed. Who rewrites a file in place pauses for less between its parts. */
    private static final Duration REST = Duration.ofMillis(250);

    /** The same where what was read looks like a part of a file. */
    private static final Duration REST_OF_A_PART = Duration.ofSeconds(1);

    /** What still changes after so long is judged as it is, and told. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Between two looks at a file that changed while it was read. */
    private static final Duration LOOK = Duration.ofMillis(20);

    /** Waits; a test writes on meanwhile. */
    @FunctionalInterface
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    private final RegistryLoader loader = new RegistryLoader();
    private final InstantSource clock;
    private final boolean expected;
    private final Pause pause;

    /**
     * @param clock that of the file's system: the age of a change is taken from it
     * @param expected false: one that is not there need not come
     */
    public SettledRegistry(InstantSource clock, boolean expected) {
        this(clock, expected, Thread::sleep);
    }

    SettledRegistry(InstantSource clock, boolean expected, Pause pause) {
        this.clock = clock;
        this.expected = expected;
        this.pause = pause;
    }

    /** Reads one registry; problems call it by the path as it is given. */
    public RegistryResult load(Path file) throws InterruptedException {
        return load(file, file.toString(), _ -> {});
    }

    /**
     * Reads one registry.
     *
     * @param name how problems and evidence call it
     * @param bytes told what was read in the end; not at all where nothing could be
     */
    public RegistryResult load(Path file, String name, Consumer<byte[]> bytes) throws InterruptedException {
        Instant end = clock.instant().plus(PATIENCE);
        while (true) {
            Instant now = clock.instant();
            Mark before = Mark.of(file);
            AtomicReference<byte @Nullable []> read = new AtomicReference<>();
            RegistryResult result = loader.load(file, name, read::set);
            Duration wait = before.equals(Mark.of(file)) ? rest(before, now, result, read.get()) : LOOK;
            if (wait.isPositive() && now.isBefore(end)) {
                Duration left = Duration.between(now, end);
                pause.of(wait.compareTo(left) < 0 ? wait : left);
                continue;
            }
            byte[] judged = read.get();
            if (judged != null) {
                bytes.accept(judged);
            }
            return wait.isPositive() ? stillWritten(result, name) : result;
        }
    }

    /** How long the file must still rest before what was read of it counts; zero or less where it counts. */
    private Duration rest(Mark mark, Instant now, RegistryResult result, byte @Nullable [] read) {
        if (result instanceof RegistryResult.Absent && !expected) {
            return Duration.ZERO;
        }
        boolean whole = result instanceof RegistryResult.Loaded && read != null && endsItsLine(read);
        return (whole ? REST : REST_OF_A_PART)
                .minus(Duration.between(mark.changed(), now).abs());
    }

    private static boolean endsItsLine(byte[] text) {
        return text.length > 0 && text[text.length - 1] == '\n';
    }

    private static RegistryResult stillWritten(RegistryResult result, String name) {
        Problem changing = new Problem(
                "changing",
                name,
                Location.WHOLE_FILE,
                "was being written for " + PATIENCE.toSeconds() + " seconds while it was read: it may be a part only");
        return switch (result) {
            case RegistryResult.Loaded(Registry registry, var problems) ->
                new RegistryResult.Loaded(registry, with(problems, changing));
            case RegistryResult.Broken(String file, var problems) ->
                new RegistryResult.Broken(file, with(problems, changing));
            case RegistryResult.Absent absent -> absent;
        };
    }

    private static List<Problem> with(List<Problem> problems, Problem one) {
        List<Problem> all = new ArrayList<>(problems);
        all.add(one);
        return all;
    }

    /**
     * What tells that a file changed. Of one that is not there: when its folder did, for a file that is replaced by removing
     * it first is away for a moment.
     *
     * @param changed long ago where nothing can be known
     */
    private record Mark(Instant changed, long size) {
        static Mark of(Path file) {
            Path folder = file.toAbsolutePath().getParent();
            Mark mark = read(file);
            if (mark == null && folder != null) {
                mark = read(folder);
            }
            return mark == null ? new Mark(Instant.EPOCH, -1) : mark;
        }

        private static @Nullable Mark read(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Mark(attributes.lastModifiedTime().toInstant(), attributes.size());
            } catch (IOException e) {
                return null;
            }
        }
    }
}
