package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An issue in a list.
 *
 * @param step how far it has come: 1 new, 2 acknowledged, 3 fixing, 4 resolved; 0 where it is waived
 * @param owner who has taken it up; empty where nobody has
 * @param evidence filled where the list shows it
 * @param under how many others are folded under this one as its consequences
 */
public record IssueLine(
        String fingerprint,
        String id,
        String check,
        String category,
        String severity,
        String title,
        String description,
        String recommendation,
        List<String> affected,
        String host,
        @Nullable Integer port,
        String state,
        int step,
        Instant firstSeen,
        Instant lastSeen,
        @Nullable Instant resolvedAt,
        int occurrences,
        String owner,
        List<Evidence> evidence,
        List<IssueLine> under) {
    private static final Set<String> OBSERVED = Set.of("socket", "process", "health", "systemd", "scanner");
    private static final Set<String> ENROLLED = Set.of("enrolled", "enrolment", "heartbeat", "control-plane");

    /** @param place file and line, or empty */
    public record Evidence(String source, String place, String text) {}

    public boolean isNew() {
        return state.equals("new") || state.equals("regressed");
    }

    public boolean open() {
        return !state.equals("resolved") && !state.equals("waived");
    }

    public String href() {
        return "/integrity/issues/" + fingerprint;
    }

    /** The same over what follows from it. */
    public IssueLine over(List<IssueLine> others) {
        return new IssueLine(
                fingerprint,
                id,
                check,
                category,
                severity,
                title,
                description,
                recommendation,
                affected,
                host,
                port,
                state,
                step,
                firstSeen,
                lastSeen,
                resolvedAt,
                occurrences,
                owner,
                evidence,
                List.copyOf(others));
    }

    /** What was seen on a host or answered by a program; the rest is what is declared. */
    public List<Evidence> observed() {
        return evidence.stream()
                .filter(each -> OBSERVED.contains(each.source()))
                .toList();
    }

    public List<Evidence> enrolled() {
        return evidence.stream()
                .filter(each -> ENROLLED.contains(each.source()))
                .toList();
    }

    public List<Evidence> declared() {
        return evidence.stream()
                .filter(each -> !OBSERVED.contains(each.source()) && !ENROLLED.contains(each.source()))
                .toList();
    }

    /** What it is about, as the pages call it. */
    public String what() {
        return Show.word(check);
    }
}
