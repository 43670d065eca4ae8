package dev.panoptes.server.processes;

import dev.panoptes.core.event.Event;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one batch tell of processes. Texts are cut and times are bounded, for whoever holds a host's token may send
 * anything.
 *
 * @param processes each once, as the batch leaves it
 * @param usages at most one for a minute, the last
 * @param last the newest usage that names every process; null where there is none
 */
record Told(
        List<Process> processes,
        List<Usage> usages,
        @Nullable Usage last) {
    private static final String DATASET = "panoptes.proc";
    private static final int LONGEST = 1_000;
    /** Of processes that both started and ended within one batch: a host that builds software starts thousands. */
    private static final int MOST_SHORT = 200;

    private static final Duration SKEW = Duration.ofDays(1);

    /** @param ended null while it runs @param usedAt null where nothing was measured */
    record Process(
            String entity,
            int pid,
            @Nullable Integer parentPid,
            @Nullable String parentEntity,
            @Nullable String name,
            @Nullable String executable,
            @Nullable String command,
            @Nullable String user,
            @Nullable String service,
            @Nullable String container,
            @Nullable Instant started,
            @Nullable Instant ended,
            @Nullable Integer exitCode,
            @Nullable Double cpuPercent,
            @Nullable Long memoryBytes,
            @Nullable Instant usedAt,
            Instant toldAt) {}

    /** @param pids of all processes; empty where they are not named */
    record Usage(
            Instant at,
            @Nullable Double cpuPercent,
            @Nullable Long memoryBytes,
            @Nullable Long availableBytes,
            @Nullable Double load,
            List<Integer> pids,
            List<Used> largest) {}

    record Used(
            String entity,
            @Nullable Double cpuPercent,
            @Nullable Long memoryBytes) {}

    /** Gathers what events tell, one after the other, without the events. For one thread. */
    static final class Gathering {
        private final Instant now;
        private final Map<String, Process> processes = new LinkedHashMap<>();
        private final Map<Long, Usage> usages = new LinkedHashMap<>();
        private @Nullable Usage last;

        Gathering(Instant now) {
            this.now = now;
        }

        void add(Event event) {
            if (!DATASET.equals(event.dataset())) {
                return;
            }
            if ("host_usage".equals(event.action())) {
                Usage usage = usage(event, now);
                usages.put(usage.at().getEpochSecond() / 60, usage);
                if (!usage.pids().isEmpty() && (last == null || usage.at().isAfter(last.at()))) {
                    last = usage;
                }
            } else {
                process(event, now).ifPresent(one -> processes.merge(one.entity(), one, Told::joined));
            }
        }

        Told told() {
            return new Told(withoutMostOfTheShort(processes), List.copyOf(usages.values()), last);
        }
    }

    private static List<Process> withoutMostOfTheShort(Map<String, Process> processes) {
        List<Process> kept = new ArrayList<>();
        int seen = 0;
        for (Process one : List.copyOf(processes.values()).reversed()) {
            if (one.ended() == null || ++seen <= MOST_SHORT) {
                kept.add(one);
            }
        }
        return kept.reversed();
    }

    private static Process joined(Process before, Process after) {
        boolean used = after.usedAt() != null;
        return new Process(
                after.entity(),
                after.pid(),
                or(after.parentPid(), before.parentPid()),
                or(after.parentEntity(), before.parentEntity()),
                or(after.name(), before.name()),
                or(after.executable(), before.executable()),
                or(after.command(), before.command()),
                or(after.user(), before.user()),
                or(after.service(), before.service()),
                or(after.container(), before.container()),
                or(after.started(), before.started()),
                or(after.ended(), before.ended()),
                or(after.exitCode(), before.exitCode()),
                used ? after.cpuPercent() : before.cpuPercent(),
                used ? after.memoryBytes() : before.memoryBytes(),
                used ? after.usedAt() : before.usedAt(),
                after.toldAt().isAfter(before.toldAt()) ? after.toldAt() : before.toldAt());
    }

    private static <T> @Nullable T or(@Nullable T one, @Nullable T other) {
        return one == null ? other : one;
    }

    private static Optional<Process> process(Event event, Instant now) {
        String action = event.action() == null ? "" : event.action();
        String entity = text(event, "process.entity_id");
        Integer pid = integer(event, "process.pid");
        if (entity == null || pid == null || !action.startsWith("process_")) {
            return Optional.empty();
        }
        Instant at = bounded(event.timestamp(), now);
        boolean used = action.equals("process_usage");
        return Optional.of(new Process(
                entity,
                pid,
                integer(event, "process.parent.pid"),
                text(event, "process.parent.entity_id"),
                text(event, "process.name"),
                text(event, "process.executable"),
                text(event, "process.command_line"),
                or(text(event, "process.user.name"), text(event, "process.user.id")),
                text(event, "service.name"),
                text(event, "container.id"),
                time(event, now),
                action.equals("process_ended") ? at : null,
                integer(event, "process.exit_code"),
                used ? real(event.value("process.cpu_percent").orElse(null)) : null,
                used ? size(event.number("process.memory_bytes")) : null,
                used ? at : null,
                at));
    }

    private static Usage usage(Event event, Instant now) {
        List<Integer> pids = new ArrayList<>();
        for (Object each : event.values("system.pids")) {
            if (each instanceof Long pid && pid > 0 && pid <= Integer.MAX_VALUE) {
                pids.add(pid.intValue());
            }
        }
        List<Used> largest = new ArrayList<>();
        for (Object each : event.values("system.processes")) {
            if (each instanceof Map<?, ?> one && one.get("entity_id") instanceof String entity) {
                largest.add(new Used(
                        cut(entity),
                        real(one.get("cpu_percent")),
                        one.get("memory_bytes") instanceof Long bytes ? size(bytes) : null));
            }
        }
        return new Usage(
                bounded(event.timestamp(), now),
                real(event.value("system.cpu_percent").orElse(null)),
                size(event.number("system.memory_bytes")),
                size(event.number("system.memory_available_bytes")),
                real(event.value("system.load_1m").orElse(null)),
                pids,
                largest);
    }

    private static @Nullable String text(Event event, String path) {
        String text = event.text(path);
        return text == null ? null : cut(text);
    }

    /** The database's texts hold no NUL. */
    private static String cut(String text) {
        return (text.length() > LONGEST ? text.substring(0, LONGEST) : text).replace("\0", "");
    }

    private static @Nullable Integer integer(Event event, String path) {
        Long number = event.number(path);
        return number == null || number < 0 || number > Integer.MAX_VALUE ? null : number.intValue();
    }

    private static @Nullable Long size(@Nullable Long bytes) {
        return bytes == null || bytes < 0 ? null : bytes;
    }

    private static @Nullable Double real(@Nullable Object value) {
        return value instanceof Number number && Double.isFinite(number.doubleValue()) && number.doubleValue() >= 0
                ? number.doubleValue()
                : null;
    }

    private static @Nullable Instant time(Event event, Instant now) {
        String text = event.text("process.start");
        try {
            return text == null ? null : bounded(Instant.parse(text), now);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** Nothing happens before 1970 or, but for clocks that differ, after it is told. */
    private static Instant bounded(@Nullable Instant time, Instant now) {
        try {
            return time == null || time.isBefore(Instant.EPOCH) || time.isAfter(now.plus(SKEW)) ? now : time;
        } catch (DateTimeException e) {
            return now;
        }
    }
}
