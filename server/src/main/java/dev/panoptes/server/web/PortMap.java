package dev.panoptes.server.web;

import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.EyeState;
import dev.panoptes.server.web.view.IntegrityView.Choice;
import dev.panoptes.server.web.view.IntegrityView.Port;
import dev.panoptes.server.web.view.IntegrityView.PortRow;
import dev.panoptes.server.web.view.IntegrityView.Ports;
import dev.panoptes.server.web.view.Show;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ports of one host: each is a space of its own, where the same number elsewhere is no conflict. */
final class PortMap {
    private static final int WIDTH = 50;
    private static final int MOST_ROWS = 12;
    private static final int MOST_HOSTS = 12;

    private PortMap() {}

    /** @param wanted the host to show; null for the one with the worst agent @param filter of the page */
    static @Nullable Ports of(
            FleetModel.Fleet fleet,
            List<IntegrityStore.Undeclared> undeclared,
            @Nullable String wanted,
            Map<String, String> filter) {
        Set<String> hosts = new LinkedHashSet<>();
        fleet.rows().stream().filter(row -> row.port() != null).forEach(row -> hosts.add(row.host()));
        undeclared.forEach(each -> hosts.add(each.host()));
        if (hosts.isEmpty()) {
            return null;
        }
        String host = wanted != null && hosts.contains(wanted)
                ? wanted
                : hosts.iterator().next();
        Map<Integer, Port> known = new TreeMap<>();
        Map<Integer, List<AgentRow>> byPort = fleet.rows().stream()
                .filter(row -> row.port() != null && row.host().equals(host))
                .collect(Collectors.groupingBy(AgentRow::port, TreeMap::new, Collectors.toList()));
        byPort.forEach((port, rows) -> known.put(port, port(port, rows)));
        for (IntegrityStore.Undeclared each : undeclared) {
            if (each.host().equals(host) && !known.containsKey(each.port())) {
                known.put(
                        each.port(),
                        new Port(each.port(), "und", "?", each.title(), "/integrity/issues/" + each.fingerprint()));
            }
        }
        TreeSet<Integer> firsts = known.keySet().stream()
                .map(port -> port / WIDTH * WIDTH)
                .collect(Collectors.toCollection(TreeSet::new));
        List<PortRow> rows =
                firsts.stream().limit(MOST_ROWS).map(first -> row(first, known)).toList();
        return new Ports(
                host,
                choices(hosts, host, filter),
                rows,
                Math.max(0, firsts.size() - MOST_ROWS),
                Show.count(known.size(), "port", "ports") + " declared or in use");
    }

    private static PortRow row(int first, Map<Integer, Port> known) {
        List<Port> ports = new ArrayList<>();
        for (int port = first; port < first + WIDTH; port++) {
            ports.add(known.getOrDefault(port, new Port(port, "", "", "", null)));
        }
        return new PortRow(first, ports);
    }

    private static Port port(int number, List<AgentRow> rows) {
        String names = rows.stream().map(AgentRow::name).collect(Collectors.joining(" and "));
        AgentRow worst = rows.getFirst();
        String address = "/fleet/agent?id=" + Show.path(worst.key());
        if (rows.size() > 1 || worst.state() == EyeState.CONFLICT) {
            return new Port(number, "conf", Integer.toString(Math.max(2, rows.size())), names + ", conflict", address);
        }
        return switch (worst.state()) {
            case WRONG -> new Port(number, "crit", "!", names + ", wrong agent", address);
            case MISSING -> new Port(number, "off", "–", names + ", missing", address);
            case UNSEEN -> new Port(number, "oth", "·", names + ", not seen", address);
            case HEALTHY, DEGRADED, PENDING, CONFLICT -> new Port(number, "ok", "", names + ", as declared", address);
        };
    }

    private static List<Choice> choices(Set<String> hosts, String host, Map<String, String> filter) {
        if (hosts.size() < 2) {
            return List.of();
        }
        return hosts.stream()
                .limit(MOST_HOSTS)
                .map(each -> {
                    Map<String, String> other = new LinkedHashMap<>(filter);
                    other.put("ports", each);
                    return new Choice(
                            each.equals("local") ? "this host" : each,
                            "",
                            IntegrityPages.address(other) + "#ports",
                            each.equals(host),
                            "");
                })
                .toList();
    }
}
