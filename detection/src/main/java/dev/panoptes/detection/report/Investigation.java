package dev.panoptes.detection.report;

import dev.panoptes.detection.fusion.Finding;
import dev.panoptes.detection.fusion.Incident;
import dev.panoptes.detection.fusion.Threat;
import dev.panoptes.detection.sigma.Level;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was found.
 *
 * @param unreadable what could not be read, each with its reason
 * @param events how many different events were looked at
 * @param repeated how many came again
 * @param dropped how much did not fit the bounds
 * @param outside how many were left out, being of another time than was asked for
 * @param datasets dataset -> how many events
 */
public record Investigation(
        Threat threat,
        List<Incident> incidents,
        List<Finding> findings,
        List<String> unreadable,
        long events,
        long repeated,
        long dropped,
        long outside,
        Map<String, Long> datasets) {
    private static final List<String> KNOWN = List.of(
            "panoptes.proc",
            "panoptes.auth",
            "panoptes.dns",
            "panoptes.file_integrity",
            "panoptes.persistence",
            "panoptes.kernel_audit",
            "panoptes.peripheral",
            "panoptes.snmp",
            "panoptes.flow");

    public Investigation {
        incidents = List.copyOf(incidents);
        findings = List.copyOf(findings);
        unreadable = List.copyOf(unreadable);
        datasets = new TreeMap<>(datasets);
    }

    /** The worst of what was found. */
    public Level worst() {
        Level worst = Level.INFORMATIONAL;
        for (Incident incident : incidents) {
            worst = worst.atLeast(incident.severity());
        }
        for (Finding finding : findings) {
            worst = worst.atLeast(finding.severity());
        }
        return worst;
    }

    /** True where something at or above a level was found. */
    public boolean reaches(Level level) {
        return incidents.stream().anyMatch(incident -> incident.severity().compareTo(level) >= 0)
                || findings.stream().anyMatch(finding -> finding.severity().compareTo(level) >= 0);
    }

    /** The sensors of which nothing was given, so that nothing can be said of what they see. */
    SortedSet<String> unseen() {
        SortedSet<String> unseen = new TreeSet<>();
        for (String dataset : KNOWN) {
            if (!datasets.containsKey(dataset)) {
                unseen.add(dataset.substring("panoptes.".length()));
            }
        }
        return unseen;
    }

    /** One line. */
    public String summary() {
        String found = incidents.isEmpty()
                ? "nothing was found that raises an incident"
                : incidents.size() + (incidents.size() == 1 ? " incident" : " incidents");
        String text = found + "; " + findings.size() + (findings.size() == 1 ? " finding" : " findings") + " in "
                + events + (events == 1 ? " event" : " events");
        text += repeated == 0 ? "" : ", " + repeated + " repeated";
        text += dropped == 0 ? "" : ", " + dropped + " beyond the bounds and left out";
        text += outside == 0 ? "" : ", " + outside + " of another time than was asked for and left out";
        text += unreadable.isEmpty()
                ? ""
                : ", " + unreadable.size() + (unreadable.size() == 1 ? " input" : " inputs") + " could not be read";
        return unseen().isEmpty()
                ? text
                : text + "; not seen, for nothing of it was given: " + String.join(", ", unseen());
    }
}
