package dev.panoptes.integrity.observed;

import dev.panoptes.integrity.observed.Container.Compose;
import dev.panoptes.integrity.observed.Container.Inner;
import dev.panoptes.integrity.observed.Container.Published;
import dev.panoptes.integrity.observed.JsonFields.MisfitException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A container within a snapshot; its ports as {@code docker ps} writes them. */
final class ContainerJson {
    private static final Pattern PORT = Pattern.compile("(.{1,64}):([0-9]{1,5})->([0-9]{1,5})/(tcp|udp|sctp)");
    private static final Pattern SOCKET = Pattern.compile("(.{1,64}):([0-9]{1,5})");
    private static final int HIGHEST = 65_535;

    private ContainerJson() {}

    static void write(JsonGenerator to, Container container) {
        to.writeStartObject();
        to.writeStringProperty("id", container.id());
        to.writeStringProperty("name", container.name());
        to.writeStringProperty("image", container.image());
        to.writeStringProperty("image_id", container.imageId());
        to.writeStringProperty("state", container.state());
        to.writeStringProperty("health", container.health());
        to.writeNumberProperty("exit_code", container.exitCode());
        to.writeNumberProperty("restarts", container.restarts());
        to.writeStringProperty("restart_policy", container.restartPolicy());
        if (container.hostNetwork()) {
            to.writeBooleanProperty("host_network", true);
        }
        to.writeNumberProperty("pid", container.pid());
        Instant started = container.started();
        if (started != null) {
            to.writeStringProperty("started", started.toString());
        }
        texts(to, "addresses", container.addresses());
        texts(
                to,
                "published",
                container.published().stream().map(ContainerJson::text).toList());
        List<Inner> listening = container.listening();
        if (listening != null) {
            texts(
                    to,
                    "listening",
                    listening.stream()
                            .map(inner -> inner.address() + ":" + inner.port())
                            .toList());
            to.writeBooleanProperty("listening_seen", true);
        }
        Compose compose = container.compose();
        if (compose != null) {
            to.writeObjectPropertyStart("compose");
            to.writeStringProperty("project", compose.project());
            to.writeStringProperty("service", compose.service());
            to.writeStringProperty("directory", compose.directory());
            texts(to, "files", compose.files());
            if (compose.oneOff()) {
                to.writeBooleanProperty("one_off", true);
            }
            to.writeEndObject();
        }
        to.writeEndObject();
    }

    static Container read(JsonFields fields) throws MisfitException {
        return new Container(
                fields.text("id"),
                fields.text("name"),
                fields.optionalText("image"),
                fields.optionalText("image_id"),
                fields.text("state"),
                fields.optionalText("health"),
                fields.integer("exit_code", Integer.MIN_VALUE, Integer.MAX_VALUE),
                fields.integer("restarts", 0, Integer.MAX_VALUE),
                fields.optionalText("restart_policy"),
                fields.flag("host_network"),
                fields.integer("pid", 0, Integer.MAX_VALUE),
                started(fields),
                fields.texts("addresses"),
                published(fields),
                fields.flag("listening_seen") ? listening(fields) : null,
                fields.objects().contains("compose") ? compose(fields.object("compose")) : null);
    }

    private static @Nullable Instant started(JsonFields fields) throws MisfitException {
        String started = fields.nullableText("started");
        try {
            return started == null ? null : Instant.parse(started);
        } catch (DateTimeException e) {
            throw fields.misfit("started", "is not a time such as 2026-01-31T12:00:00Z");
        }
    }

    private static String text(Published published) {
        return published.address() + ":" + published.port() + "->" + published.containerPort() + "/"
                + published.protocol();
    }

    private static List<Published> published(JsonFields fields) throws MisfitException {
        List<Published> published = new ArrayList<>();
        for (String text : fields.texts("published")) {
            Matcher port = PORT.matcher(text);
            if (!port.matches()
                    || Integer.parseInt(port.group(2)) > HIGHEST
                    || Integer.parseInt(port.group(3)) > HIGHEST) {
                throw fields.misfit("published", "holds something else than ports such as 0.0.0.0:8080->80/tcp");
            }
            published.add(new Published(
                    port.group(1), Integer.parseInt(port.group(2)), Integer.parseInt(port.group(3)), port.group(4)));
        }
        return published;
    }

    private static List<Inner> listening(JsonFields fields) throws MisfitException {
        List<Inner> listening = new ArrayList<>();
        for (String text : fields.texts("listening")) {
            Matcher socket = SOCKET.matcher(text);
            if (!socket.matches() || Integer.parseInt(socket.group(2)) > HIGHEST) {
                throw fields.misfit("listening", "holds something else than sockets such as 0.0.0.0:80");
            }
            listening.add(new Inner(socket.group(1), Integer.parseInt(socket.group(2))));
        }
        return listening;
    }

    private static Compose compose(JsonFields fields) throws MisfitException {
        return new Compose(
                fields.optionalText("project"),
                fields.text("service"),
                fields.optionalText("directory"),
                fields.texts("files"),
                fields.flag("one_off"));
    }

    private static void texts(JsonGenerator to, String name, List<String> values) {
        to.writeArrayPropertyStart(name);
        values.forEach(to::writeString);
        to.writeEndArray();
    }
}
