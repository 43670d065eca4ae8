package dev.panoptes.detection.analytics;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Entity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An event as analytics see it. For one thread. */
public final class Seen {
    private static final int LONGEST = 240;

    private final Event event;
    private final String id;
    private final Instant at;
    private final String host;
    private @Nullable SortedSet<Entity> entities;
    private @Nullable String line;

    private Seen(Event event, String id, Instant at, String host) {
        this.event = event;
        this.id = id;
        this.at = at;
        this.host = host;
    }

    public static Seen of(Event event, String id, Instant at) {
        String name = event.text("host.name");
        String host = name == null ? event.text("host.id") : name;
        if (host == null) {
            host = event.text("Computer");
        }
        return new Seen(event, id, at, host == null ? "" : host);
    }

    public Event event() {
        return event;
    }

    /** What it is known by. */
    public String id() {
        return id;
    }

    public Instant at() {
        return at;
    }

    /** Where it happened; an empty text where it does not say. */
    public String host() {
        return host;
    }

    /** The text at a path; an empty one where the field is absent. */
    String text(String path) {
        String text = event.text(path);
        return text == null ? "" : text;
    }

    /** Everybody and everything that takes part. */
    public SortedSet<Entity> entities() {
        if (entities == null) {
            entities = Collections.unmodifiableSortedSet(gathered());
        }
        return entities;
    }

    private SortedSet<Entity> gathered() {
        SortedSet<Entity> found = new TreeSet<>();
        add(found, "host", host);
        String user = event.text("user.name");
        add(found, "user", user == null ? first("process.user.name", "user.id") : user);
        add(found, "user", event.text("user.target.name"));
        String executable = event.text("process.executable");
        add(found, "process", executable == null ? event.text("Image") : executable);
        add(found, "file", first("file.path", "persistence.path"));
        add(found, "source.ip", event.text("source.ip"));
        if (!"panoptes.dns".equals(event.dataset())) {
            add(found, "destination.ip", event.text("destination.ip"));
        }
        add(found, "domain", first("dns.question.name", "destination.domain"));
        return found;
    }

    private @Nullable String first(String one, String other) {
        String text = event.text(one);
        return text == null ? event.text(other) : text;
    }

    private static void add(SortedSet<Entity> to, String type, @Nullable String id) {
        if (id != null && !id.isEmpty()) {
            to.add(new Entity(type, id.length() > 300 ? id.substring(0, 300) : id));
        }
    }

    /** One line that shows what happened. */
    public String line() {
        String known = line;
        if (known == null) {
            known = shown();
            line = known;
        }
        return known;
    }

    private String shown() {
        for (String path :
                List.of("event.original", "process.command_line", "auth.command", "CommandLine", "message")) {
            String text = event.text(path);
            if (text != null && !text.isBlank()) {
                return cut(text);
            }
        }
        List<String> words = new ArrayList<>();
        for (String path : List.of(
                "event.action",
                "persistence.kind",
                "persistence.runs",
                "file.path",
                "process.executable",
                "user.name",
                "source.ip",
                "destination.ip",
                "destination.port",
                "dns.question.name",
                "device.product.name")) {
            String text = event.text(path);
            if (text != null) {
                words.add(text);
            }
        }
        return cut(String.join(" ", words));
    }

    private static String cut(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
