package dev.panoptes.server.web;

import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.Choice;
import dev.panoptes.server.web.view.Show;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** By what agents are put together where all of them are shown. */
enum Grouping {
    HOST(AgentRow::host),
    /** Where hosts stand: their names without the number at the end. */
    SITE(row -> FleetQuery.site(row.host())),
    STATE(row -> row.state().word()),
    VERSION(row -> row.version() == null ? "none told" : row.version());

    private final Function<AgentRow, String> of;

    Grouping(Function<AgentRow, String> of) {
        this.of = of;
    }

    /** As the query parameter {@code group} says; empty where it is missing. */
    static Optional<Grouping> of(Request request) {
        return request.query("group")
                .map(id -> Arrays.stream(values())
                        .filter(each -> each.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> Problem.of(
                                        ErrorCode.INVALID_REQUEST,
                                        "the query parameter group must be one of "
                                                + Arrays.stream(values())
                                                        .map(Grouping::id)
                                                        .collect(Collectors.joining(", ")))
                                .exception()));
    }

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name of the group that this agent is in. */
    String of(AgentRow row) {
        return of.apply(row);
    }

    /** How a group is called on pages. */
    String title(String group) {
        return group.equals("local") && (this == HOST || this == SITE) ? "this host" : group;
    }

    /** Its agents in the fleet's table. */
    String href(String group) {
        return "/fleet?q=" + id() + ":"
                + Show.path(group.toLowerCase(Locale.ROOT).replace(' ', '-'));
    }

    /** Links that lead to each. @param address of the page before the value */
    List<Choice> choices(String address) {
        return Arrays.stream(values())
                .map(each -> new Choice(Show.word(each.id()), address + each.id(), each == this))
                .toList();
    }
}
