package dev.panoptes.server.detections;

import dev.panoptes.server.health.Exposition;
import dev.panoptes.server.health.MetricSource;
import java.util.Map;

/** How far detection is, and how threatened the fleet. */
final class DetectionMetrics implements MetricSource {
    private final Detections detections;

    DetectionMetrics(Detections detections) {
        this.detections = detections;
    }

    @Override
    public void write(Exposition out) {
        out.metric("panoptes_detection_lag_seconds", "gauge", "How far what came is behind what sensors have to tell.");
        out.value("panoptes_detection_lag_seconds", Map.of(), detections.lag().toMillis() / 1e3);
        out.metric(
                "panoptes_detection_left_out_total",
                "counter",
                "Observations that analytics and correlations did not look at, for there were too many of a group.");
        out.value("panoptes_detection_left_out_total", Map.of(), detections.leftOut());
        out.metric("panoptes_detection_rules", "gauge", "Rules that run, and those that are broken.");
        out.value(
                "panoptes_detection_rules",
                Map.of("state", "running"),
                detections.rules().rules().size());
        out.value(
                "panoptes_detection_rules",
                Map.of("state", "broken"),
                detections.rules().problems().size());
        Detections.ThreatNow now = detections.threat();
        out.metric("panoptes_threat_score", "gauge", "The score from which the level of threat follows.");
        out.value("panoptes_threat_score", Map.of(), now.score());
        out.metric("panoptes_incidents_open", "gauge", "Incidents that are not over.");
        out.value("panoptes_incidents_open", Map.of(), now.open().size());
    }
}
