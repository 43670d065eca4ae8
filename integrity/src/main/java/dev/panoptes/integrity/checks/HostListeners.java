package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.HostProcess;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.UnitCatalog;
import dev.panoptes.integrity.world.World;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who listens on the ports of the host, and who is meant by a name that stands beside a port. */
final class HostListeners {
    private static final int SHORTEST = 3;
    private static final Set<Launch.Kind> ON_HOSTS =
            Set.of(Launch.Kind.UNIT, Launch.Kind.SERVICE, Launch.Kind.PROCESS, Launch.Kind.WORKLOAD);

    private HostListeners() {}

    /** What takes ports of the host, or may. */
    static List<Launch> of(World world) {
        return world.links().launches().all().stream()
                .filter(launch -> ON_HOSTS.contains(launch.kind()))
                .filter(launch -> launch.onHost() || !launch.published().isEmpty() || launch.unknown() != null)
                .toList();
    }

    /** The one launch that is called like one of the places, where all of its ports are known. */
    static @Nullable Launch meant(List<Launch> launches, Set<String> places) {
        List<Launch> called = launches.stream()
                .filter(launch -> names(launch).anyMatch(name -> places.stream().anyMatch(each -> fits(name, each))))
                .toList();
        return called.size() == 1
                        && called.getFirst().unknown() == null
                        && !called.getFirst().hostPorts().isEmpty()
                ? called.getFirst()
                : null;
    }

    private static Stream<String> names(Launch launch) {
        String id = launch.id().substring(launch.id().lastIndexOf('#') + 1).replaceFirst("@?\\.service$", "");
        String directory = launch.directory() == null ? "" : launch.directory();
        return Stream.of(id, directory.substring(directory.lastIndexOf('/') + 1))
                .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '-'))
                .filter(name -> name.length() >= SHORTEST);
    }

    private static boolean fits(String name, String place) {
        return name.equals(place)
                || (place.length() >= SHORTEST && (name.endsWith("-" + place) || name.startsWith(place + "-")));
    }

    /** Something that is not followed may listen there: the number stands in another declaration. */
    static boolean isWrittenElsewhere(Declarations declarations, String asking, int port) {
        Pattern number = Pattern.compile("(?<![0-9.])" + port + "(?![0-9.])");
        Stream<String> files = Stream.of(
                        declarations.units().stream().map(unit -> unit.rootPath()),
                        declarations.composeFiles().stream().flatMap(file -> file.project().files().stream()),
                        declarations.processes().stream()
                                .map(HostProcess::evidence)
                                .map(Evidence::file),
                        declarations.catalog().triggers().stream().map(UnitCatalog.Trigger::rootPath),
                        Stream.of("agent-registry.yaml", "config/agent-registry.yaml"))
                .flatMap(each -> each)
                .distinct()
                .filter(file -> !file.equals(asking));
        return files.map(file -> declarations.code().text(file))
                .anyMatch(text -> text != null && number.matcher(text).find());
    }
}
