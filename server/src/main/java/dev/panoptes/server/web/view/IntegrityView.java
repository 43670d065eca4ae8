package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The integrity page.
 *
 * @param crumb about the last scan
 * @param score null before the first scan, and where it had nothing to judge
 * @param sets how declared, enrolled and observed agree
 * @param ports null where no port is known
 * @param filter what is asked for, by name, as it stands in the address, with what is shown above the list
 * @param filtered whether any of it makes the list shorter
 * @param ranges how far back the score can be looked at
 * @param next the address of the next part of the list; null on the last one
 */
public record IntegrityView(
        String crumb,
        List<Part> verdict,
        @Nullable Score score,
        Sets sets,
        @Nullable Ports ports,
        List<Choice> states,
        List<Choice> severities,
        Map<String, String> filter,
        boolean filtered,
        List<Choice> ranges,
        List<IssueLine> issues,
        String count,
        @Nullable String next,
        List<String> unknowns,
        long unknown) {
    /** @param points of the line, in a box of 520 by 118 @param area the same, closed @param labels below it */
    public record Score(
            String value,
            String note,
            int least,
            String points,
            String area,
            String label,
            List<String> labels,
            List<Row> table) {}

    /** One row of the table that stands in for the line. */
    public record Row(Instant at, String score) {}

    /** @param combinations columns */
    public record Sets(long declared, long enrolled, long observed, List<Combination> combinations) {}

    /** @param height of its bar, of 52 @param href where its members are listed; null where there is none */
    public record Combination(
            String word,
            long number,
            int height,
            String tone,
            boolean declared,
            boolean enrolled,
            boolean observed,
            @Nullable String href) {}

    /** One port space. @param rows of 50 ports each */
    public record Ports(String host, List<Choice> hosts, List<PortRow> rows, int leftOut, String summary) {}

    public record PortRow(int first, List<Port> ports) {}

    /** @param state empty for a port that nobody wants @param mark a letter beside the colour @param href null where it leads nowhere */
    public record Port(
            int number,
            String state,
            String mark,
            String who,
            @Nullable String href) {}

    /** A link that sets a part of the filter. @param number empty where it is not counted */
    public record Choice(String word, String number, String href, boolean chosen, String tone) {}
}
