package dev.panoptes.server.health;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers figures and writes them in the text format of Prometheus, version 0.0.4. Names begin with {@code panoptes_}, units
 * are base units, and no label holds a pid or a path.
 */
public final class Exposition {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final String COUNTED = "_total";
    private static final String ABOUT = "_info";

    private final Map<String, Family> families = new LinkedHashMap<>();
    private final List<MetricSnapshot> ready = new ArrayList<>();

    private record Family(String type, String help, List<Value> values) {}

    private record Value(Labels labels, double number) {}

    Exposition() {}

    /** Begins a figure. Its values follow. @param type counter, gauge or info */
    public Exposition metric(String name, String type, String help) {
        families.put(name, new Family(type, help, new ArrayList<>()));
        return this;
    }

    public Exposition value(String name, Map<String, String> labels, double value) {
        Family family = families.get(name);
        if (family == null) {
            throw new IllegalStateException("the figure " + name + " was not begun");
        }
        Map<String, String> sorted = new TreeMap<>(labels);
        family.values()
                .add(new Value(
                        Labels.of(
                                sorted.keySet().toArray(String[]::new),
                                sorted.values().toArray(String[]::new)),
                        value));
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

    /** A figure that somebody counts by the library's own means. */
    public Exposition counted(MetricSnapshot snapshot) {
        ready.add(snapshot);
        return this;
    }

    private static MetricSnapshot snapshot(String name, Family family) {
        return switch (family.type()) {
            case "counter" -> {
                CounterSnapshot.Builder counter = CounterSnapshot.builder()
                        .name(name.endsWith(COUNTED) ? name.substring(0, name.length() - COUNTED.length()) : name)
                        .help(family.help());
                family.values()
                        .forEach(value -> counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                                .labels(value.labels())
                                .value(value.number())
                                .build()));
                yield counter.build();
            }
            case "info" -> {
                InfoSnapshot.Builder info = InfoSnapshot.builder()
                        .name(name.substring(0, name.length() - ABOUT.length()))
                        .help(family.help());
                family.values()
                        .forEach(value -> info.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                                .labels(value.labels())
                                .build()));
                yield info.build();
            }
            case "gauge" -> {
                GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(family.help());
                family.values()
                        .forEach(value -> gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                                .labels(value.labels())
                                .value(value.number())
                                .build()));
                yield gauge.build();
            }
            default -> throw new IllegalArgumentException("no such type of figure: " + family.type());
        };
    }

    String text() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        families.forEach((name, family) -> {
            if (!family.values().isEmpty()) {
                all.metricSnapshot(snapshot(name, family));
            }
        });
        ready.forEach(all::metricSnapshot);
        ByteArrayOutputStream out = new ByteArrayOutputStream(8_192);
        try {
            PrometheusTextFormatWriter.create().write(out, all.build(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
