package dev.panoptes.server.health;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes figures in the text format of Prometheus, version 0.0.4. Names begin with {@code panoptes_}, units are base units, and
 * no label holds a pid or a path.
 */
public final class Exposition {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder(4_096);

    Exposition() {}

    /** Begins a figure. Its values follow. @param type counter, gauge or histogram */
    public Exposition metric(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    public Exposition value(String name, Map<String, String> labels, double value) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append('{');
            String separator = "";
            for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
                text.append(separator)
                        .append(label.getKey())
                        .append("=\"")
                        .append(escaped(label.getValue()))
                        .append('"');
                separator = ",";
            }
            text.append('}');
        }
        text.append(' ').append(number(value)).append('\n');
        return this;
    }

    /** Nothing where the value is null: what is not known has no figure. */
    public Exposition valueIfPresent(String name, Map<String, String> labels, @Nullable Double value) {
        return value == null ? this : value(name, labels, value);
    }

    /** A figure with one value. */
    public Exposition gauge(String name, String help, double value) {
        return metric(name, "gauge", help).value(name, Map.of(), value);
    }

    /** Whole numbers without a point, for they are read by people too. */
    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%s", value);
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    String text() {
        return text.toString();
    }
}
