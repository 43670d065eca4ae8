package dev.panoptes.integrity.report;

import dev.panoptes.integrity.plan.FixPlan;
import dev.panoptes.integrity.plan.FixStep;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** A fix plan for programs: {@code {plans: [{issue, title, patched, steps: [{what, command, check, undo, risk}]}]}}. */
public final class PlanJson {
    public String write(List<FixPlan> plans) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.generator(text)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("plans");
            for (FixPlan plan : plans) {
                json.writeStartObject();
                json.writeStringProperty("issue", plan.issue());
                json.writeStringProperty("title", plan.title());
                json.writeBooleanProperty("patched", plan.patched());
                json.writeArrayPropertyStart("steps");
                for (FixStep step : plan.steps()) {
                    json.writeStartObject();
                    json.writeStringProperty("what", step.what());
                    json.writeStringProperty("command", step.command());
                    json.writeStringProperty("check", step.check());
                    json.writeStringProperty("undo", step.undo());
                    json.writeStringProperty("risk", step.risk().id());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text + "\n";
    }
}
