package dev.panoptes.server.web.view;

import java.util.List;

/**
 * The fleet.
 *
 * @param total of those that match the filter
 * @param from index of the first row shown
 * @param previous address; empty on the first page @param next address; empty on the last one
 * @param states links that filter by state
 * @param groupings by what the map can put agents together
 * @param sorts headers by column, each a link that orders by it
 */
public record FleetView(
        List<Part> verdict,
        String crumb,
        String query,
        String state,
        String set,
        String sort,
        boolean descending,
        List<AgentRow> rows,
        int total,
        int whole,
        int from,
        String previous,
        String next,
        List<StateLink> states,
        List<Sort> sorts,
        List<Group> groups,
        List<Choice> groupings) {
    /** @param id empty for all */
    public record StateLink(String id, String word, long number, String href, boolean chosen) {}

    /** @param aria as aria-sort has it */
    public record Sort(String column, String word, String href, String aria) {}

    /** @param healthy in percent */
    public record Group(String name, String href, long agents, String healthy) {}
}
