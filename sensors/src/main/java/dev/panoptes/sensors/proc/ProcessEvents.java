package dev.panoptes.sensors.proc;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.live.UserNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was read of processes, as events. Pure. */
final class ProcessEvents {
    static final String PROVIDER_SNAPSHOT = "snapshot";
    static final String PROVIDER_DIFFERENCE = "procfs";

    private static final int PAGE = 4_096;
    private static final int MOST_ANCESTORS = 32;
    /** More would make an event too large. */
    private static final int MOST_PIDS = 4_096;
    /** How many of the busiest, and of those with the most memory, are told of in every cycle. */
    private static final int LARGEST = 15;

    private final BootTime boot;
    private final UserNames users;
    private final Map<Integer, ProcessImage> others;

    /** @param others the processes among which ancestors are looked for */
    ProcessEvents(BootTime boot, UserNames users, Map<Integer, ProcessImage> others) {
        this.boot = boot;
        this.users = users;
        this.others = others;
    }

    Event.Builder started(ProcessImage image, String provider, @Nullable Instant time, Instant seen) {
        Instant start = boot.started(image);
        Event.Builder event =
                begin("process_started", "start", provider, time != null ? time : start == null ? seen : start);
        whole(event, image);
        return event;
    }

    /** @param exitCode null where nobody told */
    Event.Builder ended(ProcessImage image, String provider, Instant time, @Nullable Long exitCode) {
        Event.Builder event = begin("process_ended", "end", provider, time);
        whole(event, image);
        return event.put("process.exit_code", exitCode);
    }

    /** @param what {@code exec}, {@code uid} or {@code title} */
    Event.Builder changed(ProcessImage image, ProcessImage before, List<String> what, String provider, Instant time) {
        Event.Builder event = begin("process_changed", "change", provider, time);
        whole(event, image);
        event.put("process.changed", what)
                .put("process.previous.executable", before.executable())
                .put("process.previous.command_line", line(before));
        if (before.uid() != null && !before.uid().equals(image.uid())) {
            user(event, "process.previous.user", before.uid());
        }
        return event;
    }

    Event.Builder usage(ProcessImage image, double cpuPercent, Instant time) {
        Event.Builder event = begin("process_usage", "info", PROVIDER_DIFFERENCE, time);
        whole(event, image);
        return event.put("process.cpu_percent", cpuPercent).put("process.memory_bytes", image.residentPages() * PAGE);
    }

    /**
     * How busy the host is, which processes there are, and what the largest of them use. The pids let a reader find out whose
     * end it has missed.
     *
     * @param cpuPercent of all cores; null where it is not known
     * @param percents of one core, by pid
     */
    Event.Builder system(HostLoad load, @Nullable Double cpuPercent, Map<Integer, Double> percents, Instant time) {
        Event.Builder event = begin("host_usage", "info", PROVIDER_DIFFERENCE, time)
                .put("event.category", List.of("host"))
                .put("event.kind", "metric")
                .put("system.cpu_percent", cpuPercent)
                .put("system.memory_bytes", load.memoryBytes())
                .put("system.memory_available_bytes", load.availableBytes())
                .put("system.load_1m", load.load());
        if (others.size() <= MOST_PIDS) {
            event.put("system.pids", others.keySet().stream().sorted().toList());
        }
        return event.put("system.processes", largest(percents));
    }

    private List<Map<String, Object>> largest(Map<Integer, Double> percents) {
        Comparator<ProcessImage> busiest =
                Comparator.comparingDouble(image -> -percents.getOrDefault(image.pid(), 0.0));
        Comparator<ProcessImage> fattest = Comparator.comparingLong(image -> -image.residentPages());
        Set<ProcessImage> some = new LinkedHashSet<>();
        others.values().stream()
                .filter(image -> percents.getOrDefault(image.pid(), 0.0) > 0)
                .sorted(busiest)
                .limit(LARGEST)
                .forEach(some::add);
        others.values().stream()
                .filter(image -> image.residentPages() > 0)
                .sorted(fattest)
                .limit(LARGEST)
                .forEach(some::add);
        List<Map<String, Object>> told = new ArrayList<>();
        for (ProcessImage image : some) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("pid", (long) image.pid());
            one.put("entity_id", boot.entity(image.pid(), image.startTicks()));
            one.put("cpu_percent", percents.getOrDefault(image.pid(), 0.0));
            one.put("memory_bytes", image.residentPages() * PAGE);
            told.add(one);
        }
        return told;
    }

    private static Event.Builder begin(String action, String type, String provider, Instant time) {
        return Event.builder()
                .put("@timestamp", time)
                .put("event.category", List.of("process"))
                .put("event.type", List.of(type))
                .put("event.action", action)
                .put("event.outcome", "success")
                .put("event.provider", provider);
    }

    private void whole(Event.Builder event, ProcessImage image) {
        event.put("process.pid", image.pid())
                .put("process.entity_id", boot.entity(image.pid(), image.startTicks()))
                .put("process.name", image.name().isEmpty() ? null : image.name())
                .put("process.executable", image.executable())
                .put("process.command_line", line(image))
                .put("process.args", image.arguments())
                .put("process.working_directory", image.workingDirectory())
                .put("process.start", boot.started(image));
        if (image.deleted()) {
            event.put("process.deleted", true);
        }
        if (image.inMemory()) {
            event.put("process.memfd", true);
        }
        if (image.uid() != null) {
            user(event, "process.user", image.uid());
            user(event, "user", image.uid());
        }
        event.put("process.capabilities", CapabilityNames.of(image.capabilities()))
                .put("process.namespaces", new TreeMap<>(image.namespaces()))
                .put("container.id", image.container())
                .put("service.name", image.service());
        parent(event, image);
    }

    private void user(Event.Builder event, String field, long uid) {
        event.put(field + ".id", Long.toString(uid)).put(field + ".name", users.of(uid));
    }

    private void parent(Event.Builder event, ProcessImage image) {
        if (image.parentPid() <= 0) {
            return;
        }
        event.put("process.parent.pid", image.parentPid());
        ProcessImage parent = others.get(image.parentPid());
        if (parent == null) {
            return;
        }
        event.put("process.parent.entity_id", boot.entity(parent.pid(), parent.startTicks()))
                .put("process.parent.name", parent.name().isEmpty() ? null : parent.name())
                .put("process.parent.executable", parent.executable())
                .put("process.parent.command_line", line(parent));
        List<Map<String, Object>> ancestors = new ArrayList<>();
        ProcessImage at = parent;
        while (at != null && ancestors.size() < MOST_ANCESTORS) {
            Map<String, Object> ancestor = new LinkedHashMap<>();
            ancestor.put("pid", (long) at.pid());
            if (!at.name().isEmpty()) {
                ancestor.put("name", at.name());
            }
            if (at.executable() != null) {
                ancestor.put("executable", at.executable());
            }
            ancestors.add(ancestor);
            at = at.parentPid() == at.pid() ? null : others.get(at.parentPid());
        }
        event.put("process.ancestors", ancestors);
    }

    private static @Nullable String line(ProcessImage image) {
        return image.arguments().isEmpty() ? null : String.join(" ", image.arguments());
    }
}
