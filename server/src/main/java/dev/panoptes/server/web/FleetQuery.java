package dev.panoptes.server.web;

import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.EyeState;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Which agents somebody wants to see, in which order.
 *
 * @param text words that all must fit: part of a name, the beginning of a port, {@code host:}, {@code site:}, {@code state:},
 *     {@code version:}
 * @param state a state's id; empty for all
 * @param set letters of d, e, o: exactly in these of declared, enrolled, observed; empty for all
 */
record FleetQuery(String text, String state, String set, String sort, boolean descending) {
    private static final Map<String, Comparator<AgentRow>> ORDERS = Map.of(
            "state", Comparator.comparing(AgentRow::state),
            "name", Comparator.comparing(row -> row.name().toLowerCase(Locale.ROOT)),
            "port", Comparator.comparing(row -> row.port() == null ? Integer.MAX_VALUE : row.port()),
            "host", Comparator.comparing(AgentRow::host),
            "version", Comparator.comparing(row -> row.version() == null ? "" : row.version()),
            "config", Comparator.comparing(row -> row.config() == null ? -1 : row.config()),
            "cpu", Comparator.comparing(row -> row.cpu() == null ? 1 : -row.cpu()),
            "issues", Comparator.comparing(row -> -row.issues()),
            "seen", Comparator.comparing(row -> row.seen() == null ? Instant.EPOCH : row.seen()));
    static final String USUAL = "state";

    static FleetQuery of(Request request) {
        String state = request.query("state").orElse("");
        if (!state.isEmpty()
                && Arrays.stream(EyeState.values()).noneMatch(each -> each.id().equals(state))) {
            throw refused("state must be one of crit, conf, off, deg, unk, pend, ok");
        }
        String sort = request.query("sort").orElse(USUAL);
        if (!ORDERS.containsKey(sort)) {
            throw refused("sort must be one of state, name, port, host, version, config, cpu, issues, seen");
        }
        String set = request.query("set").orElse("");
        if (!set.matches("d?e?o?")) {
            throw refused("set must be some of the letters d, e, o");
        }
        String direction = request.query("dir").orElse("");
        if (!direction.matches("(asc|desc)?")) {
            throw refused("dir must be asc or desc");
        }
        return new FleetQuery(request.query("q").orElse("").strip(), state, set, sort, direction.equals("desc"));
    }

    private static dev.panoptes.server.http.ProblemException refused(String why) {
        return Problem.of(ErrorCode.INVALID_REQUEST, "the query parameter " + why)
                .exception();
    }

    /** Where a host stands: its name without the number at its end. */
    static String site(String host) {
        return host.replaceFirst("[-_.]?\\d+$", "");
    }

    List<AgentRow> of(List<AgentRow> rows) {
        Predicate<AgentRow> fits = row -> state.isEmpty() || row.state().id().equals(state);
        if (!set.isEmpty()) {
            fits = fits.and(row -> row.declared() == set.contains("d")
                    && row.enrolled() == set.contains("e")
                    && row.observed() == set.contains("o"));
        }
        for (String word : text.toLowerCase(Locale.ROOT).split("\\s+")) {
            if (!word.isEmpty()) {
                fits = fits.and(word(word));
            }
        }
        Comparator<AgentRow> order = Objects.requireNonNull(ORDERS.get(sort));
        if (descending) {
            order = order.reversed();
        }
        return rows.stream()
                .filter(fits)
                .sorted(order.thenComparing(AgentRow::name).thenComparing(AgentRow::key))
                .toList();
    }

    private static Predicate<AgentRow> word(String word) {
        if (word.startsWith("host:")) {
            String host = word.substring(5);
            return row -> plain(row.host()).startsWith(host);
        }
        if (word.startsWith("site:")) {
            String site = word.substring(5);
            return row -> plain(site(row.host())).equals(site);
        }
        if (word.startsWith("version:")) {
            String version = word.substring(8);
            return row -> plain(Grouping.VERSION.of(row)).startsWith(version);
        }
        if (word.startsWith("state:")) {
            String state = word.substring(6);
            return row -> plain(row.state().word()).startsWith(state)
                    || row.state().id().equals(state);
        }
        if (word.startsWith("port:")) {
            String port = word.substring(5);
            return row -> row.port() != null && row.port().toString().equals(port);
        }
        return row ->
                row.text().contains(word) || row.host().toLowerCase(Locale.ROOT).contains(word);
    }

    /** As words are asked for: between two of them is a space. */
    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    /** As an address, with one part changed. */
    String address(String name, String value) {
        StringBuilder address = new StringBuilder();
        add(address, "q", name.equals("q") ? value : text);
        add(address, "state", name.equals("state") ? value : state);
        add(address, "set", name.equals("set") ? value : set);
        boolean turned = name.equals("sort");
        String by = turned ? value : sort;
        add(address, "sort", by.equals(USUAL) ? "" : by);
        boolean down = turned ? value.equals(sort) && !descending : descending;
        add(address, "dir", down ? "desc" : "");
        if (name.equals("from")) {
            add(address, "from", value);
        }
        return "/fleet" + address;
    }

    private static void add(StringBuilder address, String name, String value) {
        if (!value.isEmpty()) {
            address.append(address.isEmpty() ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(dev.panoptes.server.web.view.Show.path(value));
        }
    }
}
