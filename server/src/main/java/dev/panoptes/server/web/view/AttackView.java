package dev.panoptes.server.web.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of ATT&amp;CK can be seen, and who watches where.
 *
 * @param detected how many techniques were seen
 * @param covered how many something is for
 * @param blind how many of them no sensor that reports can show
 * @param host the only one that is looked at; empty for all
 * @param hosts a part of those that watch
 * @param watching how many there are
 * @param next where the next hosts are; null on the last part
 */
public record AttackView(
        List<Column> columns,
        int detected,
        int covered,
        int blind,
        String host,
        List<Host> hosts,
        int watching,
        @Nullable String next) {
    public record Column(String heading, List<Cell> cells) {}

    /**
     * @param tone {@code d} seen, {@code c} covered, {@code b} covered where nobody watches
     * @param watching on how many hosts a sensor that can show it reports
     * @param blind how many hosts have other sensors only
     * @param analysed whether no rule is for it, only analyses of many events
     * @param label for those who do not see the colours
     */
    public record Cell(
            String technique,
            String name,
            String tone,
            long hits,
            int watching,
            int blind,
            boolean analysed,
            String label) {}

    public record Host(String name, List<Watch> sensors) {}

    /** @param reporting whether it sent something within the last day */
    public record Watch(String sensor, boolean reporting) {}
}
