package dev.panoptes.server.web;

import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.IntegrityView.Combination;
import dev.panoptes.server.web.view.IntegrityView.Sets;
import java.util.ArrayList;
import java.util.List;

/** How many agents are declared, enrolled and observed, and in which combinations. */
final class SetSizes {
    private static final int TALLEST = 52;

    private SetSizes() {}

    /** @param undeclared how many ports are listened on that nothing declares */
    static Sets of(FleetModel.Fleet fleet, long undeclared) {
        List<AgentRow> rows = fleet.rows();
        long declared = rows.stream().filter(AgentRow::declared).count();
        long enrolled = rows.stream().filter(AgentRow::enrolled).count();
        long observed = rows.stream().filter(AgentRow::observed).count();
        boolean enrolls = enrolled > 0;
        List<Combination> all = new ArrayList<>();
        add(all, rows, enrolls ? "Agree" : "Declared and seen", "ok", true, enrolls, true);
        if (enrolls) {
            add(all, rows, "Seen, not enrolled", "low", true, false, true);
            add(all, rows, "Enrolled, not seen", "high", true, true, false);
        }
        add(all, rows, "Declared only", "high", true, false, false);
        if (enrolls) {
            add(all, rows, "Enrolled only", "med", false, true, false);
        }
        all.add(new Combination(
                "Undeclared",
                undeclared,
                height(undeclared),
                undeclared == 0 ? "none" : "med",
                false,
                false,
                true,
                "/integrity?check=undeclared-listener"));
        return new Sets(declared, enrolled, observed + undeclared, all);
    }

    private static void add(
            List<Combination> all,
            List<AgentRow> rows,
            String word,
            String tone,
            boolean declared,
            boolean enrolled,
            boolean observed) {
        long number = rows.stream()
                .filter(row -> row.declared() == declared && row.enrolled() == enrolled && (row.observed() == observed))
                .count();
        all.add(new Combination(
                word,
                number,
                height(number),
                number == 0 ? "none" : tone,
                declared,
                enrolled,
                observed,
                "/fleet?set=" + (declared ? "d" : "") + (enrolled ? "e" : "") + (observed ? "o" : "")));
    }

    private static int height(long number) {
        return (int) Math.min(TALLEST, Math.max(2, Math.round(Math.sqrt(number) * 5.2)));
    }
}
