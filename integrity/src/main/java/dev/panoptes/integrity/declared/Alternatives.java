package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Launches that are never in each other's way, because no one start runs both or each has an address of its own. */
public final class Alternatives {
    private record Placed(ComposeFile file, ComposeFile.Service service) {}

    private final Map<String, Placed> services = new HashMap<>();

    private final Map<String, Set<String>> conflicts = new HashMap<>();

    public Alternatives(Declarations declarations) {
        for (ComposeFile file : declarations.composeFiles()) {
            for (ComposeFile.Service service : file.services()) {
                services.putIfAbsent(service.id(), new Placed(file, service));
            }
        }
        for (UnitFile unit : declarations.units()) {
            // What one of several copies does not say is not said.
            conflicts.merge(unit.name(), Set.copyOf(unit.details().conflicts()), (one, other) -> {
                Set<String> both = new HashSet<>(one);
                both.retainAll(other);
                return both;
            });
        }
    }

    /**
     * True for containers of disjoint profiles, and of files of one folder that nothing starts together, and for units of which
     * starting one stops the other ({@code Conflicts=}).
     */
    public boolean neverTogether(Launch a, Launch b) {
        if (a.kind() == Launch.Kind.UNIT && b.kind() == Launch.Kind.UNIT) {
            return conflicts.getOrDefault(a.id(), Set.of()).contains(b.id())
                    || conflicts.getOrDefault(b.id(), Set.of()).contains(a.id());
        }
        Placed one = services.get(a.id());
        Placed other = services.get(b.id());
        if (one == null || other == null) {
            return false;
        }
        return one.file().equals(other.file())
                ? one.file().neverTogether(one.service(), other.service())
                : one.file().directory().equals(other.file().directory())
                        && !one.file().holds(other.file().rootPath())
                        && !other.file().holds(one.file().rootPath())
                        && Collections.disjoint(
                                one.file().project().joinedBy(),
                                other.file().project().joinedBy());
    }

    /** True for containers of compose files of different folders that neither a script nor a document starts together. */
    public boolean ofDifferentProjects(Launch a, Launch b) {
        Placed one = services.get(a.id());
        Placed other = services.get(b.id());
        return one != null
                && other != null
                && !one.file().directory().equals(other.file().directory())
                && !one.file().holds(other.file().rootPath())
                && !other.file().holds(one.file().rootPath())
                && Collections.disjoint(
                        one.file().project().startedBy(), other.file().project().startedBy());
    }

    /** True where both publish the port on addresses of the host of their own. */
    public boolean onDifferentAddresses(Launch a, Launch b, int port) {
        List<String> one = addresses(services.get(a.id()), port);
        List<String> other = addresses(services.get(b.id()), port);
        return !one.isEmpty()
                && !other.isEmpty()
                && one.stream().noneMatch(each -> other.stream().anyMatch(with -> HostAddresses.overlap(each, with)));
    }

    private static List<String> addresses(@Nullable Placed placed, int port) {
        return placed == null
                ? List.of()
                : placed.service().ports().stream()
                        .filter(published -> published.host() instanceof PortValue.Known known && known.port() == port)
                        .map(ComposeFile.Published::address)
                        .toList();
    }
}
