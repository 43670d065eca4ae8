package dev.panoptes.integrity.adopt;

import dev.panoptes.core.registry.Protocol;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a registry that is written for its owners.
 *
 * @param name what it reports about itself; null where that is not known, or the key says it
 * @param version as reported; null where it reports none
 * @param port what it listens on; null where it is not known: then it is declared without one
 * @param scheme of its URL
 * @param host of its URL
 * @param health the path of its health answer; null where it is not asked
 * @param statusOnly true where that answer says nothing of the agent itself
 * @param comment for its owners, one line; null for none
 * @param spoken what it speaks there instead of answering health requests; null for none
 */
public record AdoptedAgent(
        String key,
        @Nullable String name,
        @Nullable String version,
        @Nullable Integer port,
        String scheme,
        String host,
        @Nullable String health,
        boolean statusOnly,
        @Nullable String exe,
        @Nullable String unit,
        @Nullable String path,
        @Nullable String comment,
        @Nullable Spoken spoken) {
    /**
     * A protocol by which it tells who it is.
     *
     * @param offers what it can be asked to do; empty where it did not tell
     */
    public record Spoken(Protocol protocol, List<String> offers) {
        public Spoken {
            offers = List.copyOf(offers);
        }
    }

    /** Of what answers health requests, or none. */
    public AdoptedAgent(
            String key,
            @Nullable String name,
            @Nullable String version,
            @Nullable Integer port,
            String scheme,
            String host,
            @Nullable String health,
            boolean statusOnly,
            @Nullable String exe,
            @Nullable String unit,
            @Nullable String path,
            @Nullable String comment) {
        this(key, name, version, port, scheme, host, health, statusOnly, exe, unit, path, comment, null);
    }

    /** A word that is a key: lower case, letters, digits and dashes; {@code agent-} before what begins with a digit or is empty. */
    static String key(String text) {
        String slug = slug(text);
        return slug.isEmpty() || Character.isDigit(slug.charAt(0)) ? "agent-" + slug : slug;
    }

    static String slug(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    /** True where its URL names a host that others share, so that a port of this host says nothing of it. */
    boolean isElsewhere() {
        return host.indexOf('.') >= 0 && !host.startsWith("127.");
    }

    AdoptedAgent called(String other) {
        String written = host.equals(key) ? other : host;
        return new AdoptedAgent(
                other, name, version, port, scheme, written, health, statusOnly, exe, unit, path, comment, spoken);
    }

    /** The same without what only one agent may report. */
    AdoptedAgent withoutName() {
        return new AdoptedAgent(
                key,
                null,
                null,
                port,
                scheme,
                host,
                health,
                health != null || spoken != null,
                exe,
                unit,
                path,
                "reports the name " + name + " like another one, so only its status is compared",
                spoken);
    }

    /** As YAML below {@code agents:}, indented by this much. */
    String yaml(String indent) {
        StringBuilder text = new StringBuilder();
        if (comment != null) {
            text.append(indent)
                    .append("# ")
                    .append(comment.replaceAll("\\p{Cntrl}", " "))
                    .append('\n');
        }
        text.append(indent).append(key).append(":\n");
        String inner = indent + "  ";
        line(text, inner, "name", name);
        line(text, inner, "version", version);
        if (port == null) {
            text.append(inner).append("connection: none\n");
        } else {
            text.append(inner).append("connection:\n");
            line(text, inner + "  ", "url", scheme + "://" + host + ":" + port);
            line(
                    text,
                    inner + "  ",
                    "protocol",
                    spoken == null ? null : spoken.protocol().word());
            line(text, inner + "  ", "health_endpoint", health);
        }
        if (statusOnly) {
            text.append(inner).append("health: {status_only: true}\n");
        }
        if (spoken != null && !spoken.offers().isEmpty()) {
            text.append(inner).append("actions:\n");
            spoken.offers().stream()
                    .distinct()
                    .filter(offer -> spoken.protocol() != Protocol.GRPC || offer.indexOf('/') > 0)
                    .forEach(offer -> text.append(inner)
                            .append("  ")
                            .append(scalar(offer))
                            .append(": {}\n"));
        } else if (health != null) {
            text.append(inner)
                    .append("actions:\n")
                    .append(inner)
                    .append("  health: {endpoint: ")
                    .append(scalar(health))
                    .append(", method: GET}\n");
        }
        line(text, inner, "path", path);
        line(text, inner, "exe", exe);
        line(text, inner, "unit", unit);
        return text.toString();
    }

    private static void line(StringBuilder text, String indent, String key, @Nullable String value) {
        if (value != null) {
            text.append(indent).append(key).append(": ").append(scalar(value)).append('\n');
        }
    }

    /** A quoted YAML scalar on one line, exactly the text (YAML 1.2.2, sections 7.3.1 and 7.3.2). */
    static String scalar(String text) {
        if (text.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0x85 || c == 0x2028 || c == 0x2029)) {
            return "'" + text.replace("'", "''") + "'";
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append((char) c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || c == 0x85 || c == 0x2028 || c == 0x2029) {
                        quoted.append("\\u").append(String.format(Locale.ROOT, "%04x", c));
                    } else {
                        quoted.append((char) c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
