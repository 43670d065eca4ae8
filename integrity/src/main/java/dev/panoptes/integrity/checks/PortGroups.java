package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.checks.ComposeView.Exposure;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.HostAddresses;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** Finds the services that cannot have their ports of the host at one time. */
final class PortGroups {
    private PortGroups() {}

    /**
     * Services that want one port.
     *
     * @param first the port; of a range that the same lines publish the first
     * @param last equals {@code first} but for a range
     * @param address the address they want it on; empty for every address
     * @param members sorted by file and line
     */
    record Group(int first, int last, String protocol, String address, List<Exposure> members) {
        /** {@code 8020}, {@code 53/udp}, {@code 127.0.0.1:8020}: what sets it apart. */
        String subject() {
            return (address.isEmpty() ? "" : address + ":") + named(first, protocol);
        }

        String ports() {
            String range = first == last ? String.valueOf(first) : first + "-" + last;
            return protocol.equals("tcp") ? range : range + "/" + protocol;
        }

        Collection<ComposeFile.Service> services() {
            Map<String, ComposeFile.Service> services = new LinkedHashMap<>();
            members.forEach(member -> services.putIfAbsent(member.service().id(), member.service()));
            return services.values();
        }

        List<Evidence> evidence() {
            return members.stream().map(Exposure::evidence).distinct().toList();
        }

        private boolean continues(Group earlier) {
            return first == earlier.last + 1
                    && protocol.equals(earlier.protocol)
                    && address.equals(earlier.address)
                    && places().equals(earlier.places());
        }

        private List<String> places() {
            return members.stream()
                    .map(member -> member.service().id() + " "
                            + member.evidence().file() + " " + member.evidence().line() + " " + member.address())
                    .toList();
        }
    }

    /** The wanted ports, and those of them that cannot be had. */
    record Found(SequencedSet<String> wanted, List<Group> conflicts) {
        /** The wanted ports that everybody can have. */
        List<String> passed() {
            Set<String> failed = new HashSet<>();
            for (Group group : conflicts) {
                for (int port = group.first; port <= group.last; port++) {
                    failed.add(named(port, group.protocol));
                }
            }
            return wanted.stream().filter(port -> !failed.contains(port)).toList();
        }
    }

    private static String named(int port, String protocol) {
        return protocol.equals("tcp") ? String.valueOf(port) : port + "/" + protocol;
    }

    /** @param apart true for two that may want the same port, because they never run together */
    static Found of(Collection<Exposure> exposures, BiPredicate<Exposure, Exposure> apart) throws InterruptedException {
        Map<Integer, Map<String, List<Exposure>>> byPort = new TreeMap<>();
        SequencedSet<String> wanted = new LinkedHashSet<>();
        Map<String, Integer> before = new LinkedHashMap<>();
        for (Exposure exposure : exposures) {
            byPort.computeIfAbsent(exposure.port(), port -> new TreeMap<>())
                    .computeIfAbsent(exposure.protocol(), protocol -> new ArrayList<>())
                    .add(exposure);
            // Of a range only the first port counts, so that one line counts once.
            String line = exposure.service().id() + " " + exposure.evidence().file() + " "
                    + exposure.evidence().line() + " " + exposure.evidence().text();
            Integer last = before.put(line, exposure.port());
            if (last == null || last != exposure.port() - 1) {
                wanted.add(named(exposure.port(), exposure.protocol()));
            }
        }
        List<Group> groups = new ArrayList<>();
        for (Map<String, List<Exposure>> protocols : byPort.values()) {
            for (List<Exposure> same : protocols.values()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between ports");
                }
                if (same.size() > 1) {
                    groups.addAll(groups(same, apart));
                }
            }
        }
        return new Found(wanted, joined(groups));
    }

    private static List<Group> groups(List<Exposure> same, BiPredicate<Exposure, Exposure> apart)
            throws InterruptedException {
        int[] parent = new int[same.size()];
        boolean[] conflicts = new boolean[same.size()];
        for (int i = 0; i < parent.length; i++) {
            parent[i] = i;
        }
        for (int i = 0; i < parent.length; i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between services");
            }
            for (int j = 0; j < i; j++) {
                if (HostAddresses.overlap(same.get(i).address(), same.get(j).address())
                        && !apart.test(same.get(i), same.get(j))) {
                    conflicts[i] = true;
                    conflicts[j] = true;
                    parent[root(parent, i)] = root(parent, j);
                }
            }
        }
        Map<Integer, List<Exposure>> components = new TreeMap<>();
        for (int i = 0; i < parent.length; i++) {
            if (conflicts[i]) {
                components
                        .computeIfAbsent(root(parent, i), any -> new ArrayList<>())
                        .add(same.get(i));
            }
        }
        List<Group> groups = new ArrayList<>();
        for (List<Exposure> members : components.values()) {
            List<Exposure> sorted = new ArrayList<>(members);
            sorted.sort(
                    Comparator.comparing((Exposure member) -> member.service().id())
                            .thenComparingInt(member -> member.evidence().line()));
            String address = Collections.min(members.stream()
                    .map(Exposure::address)
                    .map(HostAddresses::plain)
                    .toList());
            Exposure any = members.getFirst();
            groups.add(new Group(any.port(), any.port(), any.protocol(), address, List.copyOf(sorted)));
        }
        return groups;
    }

    private static int root(int[] parent, int of) {
        int root = of;
        while (parent[root] != root) {
            parent[root] = parent[parent[root]];
            root = parent[root];
        }
        return root;
    }

    /** One group for a range. */
    private static List<Group> joined(List<Group> groups) {
        List<Group> joined = new ArrayList<>();
        for (Group group : groups) {
            int earlier = -1;
            for (int i = joined.size() - 1; i >= 0 && joined.get(i).last() >= group.first() - 1; i--) {
                earlier = group.continues(joined.get(i)) ? i : earlier;
            }
            if (earlier < 0) {
                joined.add(group);
            } else {
                Group before = joined.get(earlier);
                joined.set(
                        earlier, new Group(before.first, group.last, before.protocol, before.address, before.members));
            }
        }
        return joined;
    }
}
