package dev.panoptes.integrity.verdict;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.integrity.verdict.ScanReport.IdleWaiver;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies waivers in force to issues, and tells which waivers did nothing. */
public final class Waivers {
    private final List<Waiver> waivers;
    private final LocalDate today;

    /** @param today in UTC */
    public Waivers(List<Waiver> waivers, LocalDate today) {
        this.waivers = waivers;
        this.today = today;
    }

    public List<Issue> apply(List<Issue> issues) {
        List<Issue> applied = new ArrayList<>(issues.size());
        for (Issue issue : issues) {
            Waiver waiver = inForce(issue);
            applied.add(waiver == null ? issue : issue.waivedBy(waiver));
        }
        return applied;
    }

    /** The expired ones, and those in force that match none of the issues. */
    public List<IdleWaiver> idle(List<Issue> issues) {
        List<IdleWaiver> idle = new ArrayList<>();
        for (Waiver waiver : waivers) {
            boolean expired = !waiver.inForce(today);
            if (expired || issues.stream().noneMatch(waiver::matches)) {
                idle.add(new IdleWaiver(waiver, expired));
            }
        }
        return idle;
    }

    private @Nullable Waiver inForce(Issue issue) {
        for (Waiver waiver : waivers) {
            if (waiver.inForce(today) && waiver.matches(issue)) {
                return waiver;
            }
        }
        return null;
    }
}
