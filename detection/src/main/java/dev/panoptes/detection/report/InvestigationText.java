package dev.panoptes.detection.report;

import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Incident;
import dev.panoptes.detection.sigma.Level;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** An investigation for people at a terminal. */
public final class InvestigationText {
    private static final int MOST_MOMENTS = 40;
    private static final int MOST_ENTITIES = 20;

    private InvestigationText() {}

    public static String write(Investigation investigation) {
        StringBuilder text = new StringBuilder();
        text.append("Threat level ").append(investigation.threat()).append("\n\n");
        for (Incident incident : investigation.incidents()) {
            incident(text, incident);
        }
        List<String> lines = investigation.findings().stream()
                .filter(finding -> finding.severity().compareTo(Level.LOW) >= 0)
                .map(finding -> String.format(
                        Locale.ROOT,
                        "  %-8s %-34s %5d times  %s%n",
                        finding.severity().word(),
                        finding.name(),
                        finding.count(),
                        String.join(" ", finding.techniques())))
                .toList();
        if (!lines.isEmpty()) {
            text.append("Findings\n");
            lines.forEach(text::append);
            text.append('\n');
        }
        investigation
                .unreadable()
                .forEach(one ->
                        text.append("could not be read: ").append(clean(one)).append('\n'));
        return text.append(investigation.summary()).append('\n').toString();
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
        text.append("  who and what: ")
                .append(clean(incident.entities().stream()
                        .limit(MOST_ENTITIES)
                        .map(InvestigationText::entity)
                        .collect(Collectors.joining(", "))))
                .append(
                        incident.entities().size() > MOST_ENTITIES
                                ? " and " + (incident.entities().size() - MOST_ENTITIES) + " more"
                                : "")
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
        if (incident.timeline().size() > MOST_MOMENTS) {
            text.append("    and ")
                    .append(incident.timeline().size() - MOST_MOMENTS)
                    .append(" more\n");
        }
        text.append('\n');
    }

    private static String entity(Entity entity) {
        return entity.type() + " " + entity.id();
    }

    /** What an event holds must not drive a terminal. */
    private static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
