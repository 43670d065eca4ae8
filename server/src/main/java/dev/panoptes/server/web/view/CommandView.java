package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Command Center.
 *
 * @param score null before the first scan, and where it had nothing to judge
 * @param health null where it cannot be told
 * @param events of the last 24 hours; null while no sensor sends any
 * @param rate how much was told lately, in words
 * @param groups by what agents can be put together
 * @param first the way out of an empty installation; null where it is no longer empty
 */
public record CommandView(
        List<Part> verdict,
        @Nullable Score score,
        Threat threat,
        Issues issues,
        FleetFigures fleet,
        @Nullable Health health,
        @Nullable Long events,
        List<HostEyes> eyes,
        int eyesLeftOut,
        List<IncidentLine> incidents,
        List<IssueLine> needs,
        Loom loom,
        List<FeedLine> feed,
        String rate,
        List<Choice> groups,
        @Nullable FirstRun first) {
    /**
     * The integrity score over time.
     *
     * @param tone of the worst open issue: a score does not hide a critical one
     * @param dash how much of the ring is drawn, of 238.8
     * @param change in a sentence
     * @param points of the line through the history; empty where there is none yet
     */
    public record Score(
            String value,
            String tone,
            String dash,
            String change,
            String span,
            String points,
            String lastX,
            String lastY) {}

    /** @param level 0 while it is not known, else 1 to 5 @param formula how the score is made; empty where it is not known */
    public record Threat(
            String word, String tone, int level, String why, String score, String formula, List<Reason> reasons) {}

    /** What one incident adds to the level. @param how in a sentence */
    public record Reason(String incident, String title, String severity, String points, String how) {}

    /** @param lately how many were first seen within the last hour */
    public record Issues(long open, long lately, long waived, List<SeverityCount> bySeverity, List<Bar> bars) {}

    public record SeverityCount(String severity, long number) {}

    public record FleetFigures(long healthy, int total, List<StateCount> states, List<Bar> bars) {}

    public record StateCount(EyeState state, long number) {}

    /** As /api/v1/health/system tells it. @param parts in sentences */
    public record Health(String score, String status, int online, int total, List<String> parts) {}

    /** A group of agents. @param note what stands below its name @param hot whether that is urgent */
    public record HostEyes(String title, String href, String note, boolean hot, List<AgentRow> agents) {}

    /** @param techniques ATT&amp;CK ids in the order in which they were seen */
    public record IncidentLine(
            String id, String title, String severity, Instant since, List<String> techniques, String detail) {}

    /**
     * What came from sensors.
     *
     * @param words how far back
     * @param lanes one for each sensor; empty while none reports
     * @param uncounted hours of which that is not known yet
     */
    public record Loom(String words, List<Choice> spans, List<Lane> lanes, List<String> axis, int uncounted) {}

    /** @param cells up to five shades, each a path of rectangles in a box of 768 by 14 */
    public record Lane(String sensor, String total, String label, List<String> cells, List<Mark> marks) {}

    /** @param x of 768 */
    public record Mark(String x, String severity, String label) {}

    /** @param href null where it leads nowhere */
    public record FeedLine(
            Instant at,
            String severity,
            String what,
            String rest,
            @Nullable String href) {}

    /** @param file where the registry is looked for @param hosts how many observers were heard */
    public record FirstRun(boolean declared, boolean enrolled, boolean sensing, String file, String url) {}
}
