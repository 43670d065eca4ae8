package dev.panoptes.core.heartbeat;

import dev.panoptes.core.host.Host;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads heartbeat files of directories. Some agents write theirs in place: one that is empty or cut keeps what was read before.
 * Only regular files up to 64 KiB that end in {@code .json} are read, and no links. Remembers how long each was silent at the
 * longest, for those that name no interval. Safe for several threads.
 */
public final class HeartbeatReader {
    private static final int MOST_BYTES = 65_536;
    private static final int MOST_FILES = 1_000;
    private static final int MISSED = 3;
    private static final Duration SHORTEST_STALE = Duration.ofSeconds(90);
    private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]{1,64}");

    private final List<Path> directories;
    private final Map<String, Kept> kept = new HashMap<>();

    public HeartbeatReader(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /** @param gap the longest time between two beats that was seen */
    private record Kept(Beat beat, Duration gap) {}

    /** Somebody who beats, and how it is. */
    public record Seen(Beat beat, HeartbeatState state) {}

    /** Everybody whose file is there, by name. */
    public synchronized List<Seen> read(Instant now) {
        Map<String, Seen> seen = new TreeMap<>();
        for (Path directory : directories) {
            for (Path file : files(directory)) {
                Kept known = update(file);
                if (known != null) {
                    Beat beat = known.beat();
                    seen.merge(
                            beat.name(),
                            new Seen(beat, state(known, now)),
                            (one, other) -> one.beat().at().isAfter(other.beat().at()) ? one : other);
                }
            }
        }
        return List.copyOf(seen.values());
    }

    private static List<Path> files(Path directory) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.json")) {
            for (Path entry : entries) {
                if (files.size() < MOST_FILES
                        && !entry.getFileName().toString().startsWith(".")
                        && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                        && Files.size(entry) <= MOST_BYTES) {
                    files.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of(); // nobody beats there, or it may not be read
        }
        return files;
    }

    private @Nullable Kept update(Path file) {
        String key = file.toString();
        Kept before = kept.get(key);
        Beat beat = beat(file);
        if (beat == null) {
            return before;
        }
        Duration gap = before == null ? Duration.ZERO : before.gap();
        if (before != null && beat.at().isAfter(before.beat().at())) {
            Duration silence = Duration.between(before.beat().at(), beat.at());
            gap = silence.compareTo(gap) > 0 ? silence : gap;
        }
        Kept now = new Kept(beat, gap);
        kept.put(key, now);
        return now;
    }

    private static HeartbeatState state(Kept known, Instant now) {
        Beat beat = known.beat();
        if ("stopped".equals(beat.status()) || isGone(beat)) {
            return HeartbeatState.STOPPED;
        }
        Duration interval = beat.interval() == null ? known.gap() : beat.interval();
        Duration allowed = interval.multipliedBy(MISSED);
        if (beat.interval() == null && allowed.compareTo(SHORTEST_STALE) < 0) {
            allowed = SHORTEST_STALE;
        }
        if (beat.at().plus(allowed).plusSeconds(1).isBefore(now)) {
            return HeartbeatState.STALE;
        }
        return "error".equals(beat.status()) || beat.degraded() != null
                ? HeartbeatState.DEGRADED
                : HeartbeatState.RUNNING;
    }

    /** On this host a process that is gone has stopped, whatever its file says. */
    private static boolean isGone(Beat beat) {
        Long pid = beat.pid();
        boolean here = beat.host() == null
                || Objects.equals(beat.host(), Host.live().name().orElse(null));
        return pid != null && here && !Files.exists(Path.of("/proc", pid.toString()));
    }

    private static @Nullable Beat beat(Path file) {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            // JSON is YAML; what is cut is neither.
            Object tree = text.strip().startsWith("{") && text.strip().endsWith("}")
                    ? new Load(LoadSettings.builder().build()).loadFromString(text)
                    : null;
            return tree instanceof Map<?, ?> map ? beat(map) : null;
        } catch (IOException | YamlEngineException e) {
            return null;
        }
    }

    private static @Nullable Beat beat(Map<?, ?> map) {
        String name = text(map, "agent_name");
        Instant at = instant(text(map, "timestamp"));
        if (name == null || at == null || !NAME.matcher(name).matches()) {
            return null;
        }
        Number interval = map.get("interval_seconds") instanceof Number number ? number : null;
        String error = text(map, "last_error");
        return new Beat(
                name,
                number(map, "pid"),
                at,
                text(map, "status"),
                number(map, "cycle"),
                number(map, "duration_ms"),
                error == null ? text(map, "error") : error,
                interval == null ? null : Duration.ofMillis(Math.round(interval.doubleValue() * 1_000)),
                text(map, "degraded"),
                text(map, "hostname"));
    }

    private static @Nullable String text(Map<?, ?> map, String key) {
        return map.get(key) instanceof String text && !text.isBlank() ? text : null;
    }

    private static @Nullable Long number(Map<?, ?> map, String key) {
        return map.get(key) instanceof Number number ? number.longValue() : null;
    }

    /** A stamp without a zone is UTC. */
    private static @Nullable Instant instant(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            try {
                return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException other) {
                return null;
            }
        }
    }
}
