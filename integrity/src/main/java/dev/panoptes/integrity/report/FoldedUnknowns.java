package dev.panoptes.integrity.report;

import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Unknowns of one group with one reason: a scan without privilege says one thing once, not a hundred times.
 *
 * @param unknowns at least one
 */
record FoldedUnknowns(List<UnknownSubject> unknowns) {
    private static final int SUBJECTS = 6;

    FoldedUnknowns {
        unknowns = List.copyOf(unknowns);
    }

    static List<FoldedUnknowns> of(Collection<UnknownSubject> unknowns) {
        Map<String, List<UnknownSubject>> folded = new LinkedHashMap<>();
        for (UnknownSubject unknown : unknowns) {
            folded.computeIfAbsent(unknown.group().id() + "\0" + unknown.reason(), key -> new ArrayList<>())
                    .add(unknown);
        }
        return folded.values().stream().map(FoldedUnknowns::new).toList();
    }

    /** {@code check: subject, subject and 3 more; check: subject}. */
    String subjects() {
        Map<String, List<String>> byCheck = new LinkedHashMap<>();
        for (UnknownSubject unknown : unknowns) {
            byCheck.computeIfAbsent(unknown.check(), check -> new ArrayList<>()).add(unknown.subject());
        }
        List<String> parts = new ArrayList<>();
        byCheck.forEach((check, subjects) -> {
            int more = subjects.size() - SUBJECTS;
            String shown = String.join(", ", subjects.subList(0, Math.min(SUBJECTS, subjects.size())));
            parts.add(check + ": " + shown + (more > 0 ? " and " + more + " more" : ""));
        });
        return String.join("; ", parts);
    }
}
