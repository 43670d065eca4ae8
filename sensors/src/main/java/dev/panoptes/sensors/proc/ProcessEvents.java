package dev.panoptes.sensors.proc;

import dev.panoptes.core.event.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was read of processes, as events. Pure. */
final class ProcessEvents {
    static final String PROVIDER_SNAPSHOT = "snapshot";
    static final String PROVIDER_DIFFERENCE = "procfs";

    private static final int PAGE = 4_096;
    private static final int MOST_ANCESTORS = 32;

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
