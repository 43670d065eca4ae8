package dev.panoptes.detection.report;

import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Finding;
import dev.panoptes.detection.fusion.Incident;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/** An investigation as JSON. Field names are a contract. */
public final class InvestigationJson {
    private final ObjectMapper mapper = new ObjectMapper();

    public String write(Investigation investigation) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("threat", Map.of("level", investigation.threat().name()));
        document.put(
                "incidents",
                investigation.incidents().stream()
                        .map(InvestigationJson::incident)
                        .toList());
        document.put(
                "findings",
                investigation.findings().stream()
                        .map(InvestigationJson::finding)
                        .toList());
        document.put("unreadable", investigation.unreadable());
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("text", investigation.summary());
        summary.put("events", investigation.events());
        summary.put("repeated", investigation.repeated());
        summary.put("dropped", investigation.dropped());
        summary.put("datasets", investigation.datasets());
        summary.put("not_seen", List.copyOf(investigation.unseen()));
        document.put("summary", summary);
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    }

    /** An incident's fields. */
    public static Map<String, Object> incident(Incident incident) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", incident.id());
        fields.put("title", incident.title());
        fields.put("severity", incident.severity().word());
        fields.put("score", incident.score());
        fields.put("confidence", incident.confidence());
        fields.put("first", incident.first().toString());
        fields.put("last", incident.last().toString());
        fields.put("entities", entities(incident.entities()));
        fields.put(
                "chain",
                incident.chain().stream()
                        .map(step -> map(
                                "tactic",
                                step.tactic(),
                                "technique",
                                step.technique(),
                                "at",
                                step.at().toString()))
                        .toList());
        fields.put(
                "timeline",
                incident.timeline().stream()
                        .map(moment ->
                                map("at", moment.at().toString(), "event", moment.event(), "text", moment.text()))
                        .toList());
        fields.put("events", incident.events());
        fields.put("findings", incident.findings());
        fields.put(
                "contributions",
                incident.contributions().stream()
                        .map(one -> map("points", one.points(), "reason", one.reason()))
                        .toList());
        return fields;
    }

    /** A finding's fields. */
    public static Map<String, Object> finding(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", finding.id());
        fields.put("fingerprint", finding.fingerprint());
        fields.put("name", finding.name());
        fields.put("rule", finding.rule());
        fields.put("title", finding.title());
        fields.put("severity", finding.severity().word());
        fields.put("confidence", finding.confidence());
        fields.put("techniques", finding.techniques());
        fields.put("first", finding.first().toString());
        fields.put("last", finding.last().toString());
        fields.put("count", finding.count());
        fields.put("entities", entities(finding.entities()));
        fields.put("events", finding.events());
        return fields;
    }

    private static List<Map<String, Object>> entities(List<Entity> entities) {
        return entities.stream()
                .map(entity -> map("type", entity.type(), "id", entity.id()))
                .toList();
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
