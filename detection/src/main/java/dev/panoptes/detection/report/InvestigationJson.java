package dev.panoptes.detection.report;

import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Finding;
import dev.panoptes.detection.fusion.Incident;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.ObjectMapper;

/** An investigation as JSON. Field names are a contract. */
public final class InvestigationJson {
    private final ObjectMapper mapper = new ObjectMapper();

    /**
     * Writes it piece by piece: of many incidents, one at a time is held as JSON. The stream stays open.
     *
     * @throws IOException where the stream takes no more
     */
    public void write(Investigation investigation, OutputStream to) throws IOException {
        try (JsonGenerator json = mapper.writerWithDefaultPrettyPrinter()
                .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .createGenerator(to)) {
            json.writeStartObject();
            json.writePOJOProperty(
                    "threat", Map.of("level", investigation.threat().name()));
            array(json, "incidents", investigation.incidents(), InvestigationJson::incident);
            array(json, "findings", investigation.findings(), InvestigationJson::finding);
            json.writePOJOProperty("unreadable", investigation.unreadable());
            json.writePOJOProperty("summary", summary(investigation));
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (JacksonException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException ofStream) {
                    throw ofStream;
                }
            }
            throw e;
        }
    }

    private static <T> void array(
            JsonGenerator json, String name, List<T> items, Function<T, Map<String, Object>> fields) {
        json.writeArrayPropertyStart(name);
        items.forEach(item -> json.writePOJO(fields.apply(item)));
        json.writeEndArray();
    }

    private static Map<String, Object> summary(Investigation investigation) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("text", investigation.summary());
        summary.put("events", investigation.events());
        summary.put("repeated", investigation.repeated());
        summary.put("dropped", investigation.dropped());
        summary.put("outside", investigation.outside());
        summary.put("datasets", investigation.datasets());
        summary.put("not_seen", List.copyOf(investigation.unseen()));
        return summary;
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
        Incident.More more = incident.more();
        if (!more.equals(Incident.More.NONE)) {
            fields.put(
                    "more",
                    map(
                            "entities",
                            more.entities(),
                            "timeline",
                            more.timeline(),
                            "events",
                            more.events(),
                            "findings",
                            more.findings()));
        }
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
        Finding.More more = finding.more();
        if (!more.equals(Finding.More.NONE)) {
            fields.put("more", map("entities", more.entities(), "events", more.events()));
        }
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
