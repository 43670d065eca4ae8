package dev.panoptes.server.telemetry;

import dev.panoptes.server.health.Exposition;
import dev.panoptes.server.health.MetricSource;
import java.util.List;
import java.util.Map;

/** Figures of every stream. */
final class TelemetryMetrics implements MetricSource {
    private final Telemetry telemetry;

    TelemetryMetrics(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public void write(Exposition out) {
        List<StreamLedgerStore.Entry> entries = telemetry.streams();
        out.metric("panoptes_telemetry_events_total", "counter", "Events that were stored.");
        entries.forEach(entry -> out.value("panoptes_telemetry_events_total", labels(entry), entry.events()));
        out.metric("panoptes_telemetry_duplicates_total", "counter", "Events that came more than once.");
        entries.forEach(entry -> out.value("panoptes_telemetry_duplicates_total", labels(entry), entry.duplicates()));
        out.metric("panoptes_telemetry_missing_total", "counter", "Events that never came, explained or not.");
        entries.forEach(entry -> out.value("panoptes_telemetry_missing_total", labels(entry), entry.missing()));
        out.metric("panoptes_telemetry_lag", "gauge", "Events that a sensor has and the server has not.");
        entries.forEach(entry -> out.value("panoptes_telemetry_lag", labels(entry), entry.lag()));
        out.metric("panoptes_telemetry_last_time_seconds", "gauge", "When the last batch came, in seconds since 1970.");
        entries.forEach(entry -> out.value(
                "panoptes_telemetry_last_time_seconds",
                labels(entry),
                entry.lastAt().toEpochMilli() / 1e3));
    }

    private static Map<String, String> labels(StreamLedgerStore.Entry entry) {
        return Map.of(
                "host",
                entry.host(),
                "sensor",
                entry.sensor(),
                "stream",
                entry.stream().toString());
    }
}
