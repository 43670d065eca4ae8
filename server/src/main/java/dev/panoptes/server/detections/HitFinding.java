package dev.panoptes.server.detections;

import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.sigma.Techniques;
import dev.panoptes.server.findings.Finding;
import dev.panoptes.server.findings.FindingSeverity;
import dev.panoptes.server.http.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** The finding that tells of a hit. */
final class HitFinding {
    private HitFinding() {}

    static Finding of(String fingerprint, Hit hit) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("rule", hit.rule());
        details.put("techniques", Techniques.current(hit.techniques()));
        details.put("first", hit.first().toString());
        details.put("last", hit.last().toString());
        details.put("events", hit.events());
        details.put("count", hit.count());
        details.put(
                "entities",
                hit.entities().stream()
                        .limit(200)
                        .map(entity -> Map.of("type", entity.type(), "id", entity.id()))
                        .toList());
        if (!hit.adjustments().isEmpty()) {
            details.put(
                    "intent",
                    hit.adjustments().stream()
                            .map(one -> Map.of("levels", one.levels(), "reason", one.reason()))
                            .toList());
        }
        String text = hit.text().replace('\0', '\ufffd');
        return new Finding(
                "detection-" + fingerprint,
                hit.name(),
                hit.title(),
                FindingSeverity.of(hit.level().word()).orElse(FindingSeverity.LOW),
                text,
                Json.writeText(details).replace("\\u0000", "\ufffd"),
                "rule",
                null,
                null,
                hit.host().isEmpty() ? null : hit.host(),
                null,
                true);
    }
}
