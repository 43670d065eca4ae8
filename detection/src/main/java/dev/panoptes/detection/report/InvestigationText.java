package dev.panoptes.detection.report;

import dev.panoptes.core.text.Visible;
import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Finding;
import dev.panoptes.detection.fusion.Incident;
import dev.panoptes.detection.sigma.Level;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;

/** An investigation for people at a terminal. */
public final class InvestigationText {
    private static final int MOST_MOMENTS = 40;
    private static final int MOST_ENTITIES = 20;

    private InvestigationText() {}

    /**
     * Writes it incident by incident. The stream stays open.
     *
     * @throws IOException where the stream takes no more
     */
    public static void write(Investigation investigation, OutputStream to) throws IOException {
        Writer out = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
        out.write("Threat level " + investigation.threat() + "\n\n");
        for (Incident incident : investigation.incidents()) {
            StringBuilder text = new StringBuilder();
            incident(text, incident);
            out.append(text);
        }
        boolean any = false;
        for (Finding finding : investigation.findings()) {
            if (finding.severity().compareTo(Level.LOW) >= 0) {
                out.write(any ? "" : "Findings\n");
                out.write(line(finding));
                any = true;
            }
        }
        out.write(any ? "\n" : "");
        for (String one : investigation.unreadable()) {
            out.write("could not be read: " + clean(one) + "\n");
        }
        out.write(investigation.summary() + "\n");
        out.flush();
    }

    private static String line(Finding finding) {
        return String.format(
                Locale.ROOT,
                "  %-8s %-34s %5d times  %s%n",
                finding.severity().word(),
                finding.name(),
                finding.count(),
                String.join(" ", finding.techniques()));
    }

    private static void incident(StringBuilder text, Incident incident) {
        text.append(incident.severity().word().toUpperCase(Locale.ROOT))
                .append("  ")
                .append(clean(incident.title()))
                .append("\n  ")
                .append(incident.id())
                .append(", ")
                .append(incident.first())
                .append(" to ")
                .append(incident.last())
                .append(", severity ")
                .append(incident.score())
                .append(" of 100, confidence ")
                .append(incident.confidence())
                .append(" %\n");
        incident.contributions()
                .forEach(one ->
                        text.append(String.format(Locale.ROOT, "    %+4d  %s%n", one.points(), clean(one.reason()))));
        int entities = incident.entities().size() + incident.more().entities();
        text.append("  who and what: ")
                .append(clean(incident.entities().stream()
                        .limit(MOST_ENTITIES)
                        .map(InvestigationText::entity)
                        .collect(Collectors.joining(", "))))
                .append(entities > MOST_ENTITIES ? " and " + (entities - MOST_ENTITIES) + " more" : "")
                .append("\n  chain\n");
        incident.chain()
                .forEach(step -> text.append(
                        String.format(Locale.ROOT, "    %s  %-10s %s%n", step.at(), step.technique(), step.tactic())));
        text.append("  timeline\n");
        incident.timeline().stream()
                .limit(MOST_MOMENTS)
                .forEach(moment -> text.append("    ")
                        .append(moment.at())
                        .append("  ")
                        .append(clean(moment.text()))
                        .append("\n      ")
                        .append(clean(moment.event()))
                        .append('\n'));
        int moments = incident.timeline().size() + incident.more().timeline();
        if (moments > MOST_MOMENTS) {
            text.append("    and ").append(moments - MOST_MOMENTS).append(" more\n");
        }
        text.append('\n');
    }

    private static String entity(Entity entity) {
        return entity.type() + " " + entity.id();
    }

    /** What an event holds must neither drive a terminal nor turn its text around. */
    private static String clean(String text) {
        return Visible.of(text);
    }
}
