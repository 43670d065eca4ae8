package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.checks.UnitPortClashes.Claimant;
import dev.panoptes.integrity.checks.UnitPortClashes.Place;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Several units work in one directory and bind one port, whatever module each starts: one of them is a leftover. */
final class SystemdDuplicateUnitCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "systemd-duplicate-unit",
                Severity.MEDIUM,
                CheckGroup.SYSTEMD,
                "several units of one directory bind one port");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world).ifPresent(view -> {
            UnitPortClashes clashes = new UnitPortClashes(view);
            List<Launch> services = world.links().launches().all().stream()
                    .filter(launch -> launch.kind() == Launch.Kind.SERVICE)
                    .toList();
            clashes.places().forEach((place, claimants) -> {
                CheckResult result = judge(place, claimants, view);
                results.add(result instanceof CheckResult.Pass ? besides(place, claimants, services, result) : result);
            });
            results.addAll(clashes.unknown());
        });
        return results;
    }

    /** A container may be published on the port of a unit: the same agent started in two ways, of which only one can run. */
    private static CheckResult besides(
            Place place, List<Claimant> claimants, List<Launch> services, CheckResult otherwise) {
        return services.stream()
                .filter(service -> place.host().equals(DeclaredHost.LOCAL)
                        && service.hostPorts().contains(place.port()))
                .findFirst()
                .<CheckResult>map(service -> new CheckResult.Unknown(
                        place.subjectWithHost(),
                        "Both " + claimants.getFirst().unit().name() + " and " + service.id() + " take port "
                                + place.port() + ": whether they are to run on one host is not known"))
                .orElse(otherwise);
    }

    private static CheckResult judge(Place place, List<Claimant> claimants, UnitView view) {
        List<Claimant> duplicates = duplicates(UnitPortClashes.certain(claimants));
        if (!duplicates.isEmpty()) {
            return duplicate(place, duplicates, view);
        }
        return duplicates(claimants).isEmpty()
                ? new CheckResult.Pass(place.subjectWithHost())
                : new CheckResult.Unknown(
                        place.subjectWithHost(),
                        "Whether units share port " + place.port()
                                + " depends on which copy of a unit is installed, or where");
    }

    /** Those that work in a directory in which another of them works. */
    private static List<Claimant> duplicates(List<Claimant> claimants) {
        Map<String, List<Claimant>> byDirectory = new TreeMap<>();
        for (Claimant claimant : claimants) {
            byDirectory
                    .computeIfAbsent(claimant.directory(), directory -> new ArrayList<>())
                    .add(claimant);
        }
        return byDirectory.values().stream()
                .filter(same -> same.size() > 1)
                .flatMap(List::stream)
                .toList();
    }

    private static CheckResult duplicate(Place place, List<Claimant> duplicates, UnitView view) {
        List<String> names =
                duplicates.stream().map(claimant -> claimant.unit().name()).toList();
        List<String> directories =
                duplicates.stream().map(Claimant::directory).distinct().toList();
        Failure.Builder failure = Failure.of(place.subject())
                .host(place.host())
                .port(place.port())
                .title(Words.list(names) + " are units of one directory and port " + place.port())
                .description(Words.list(names) + " work in " + Words.list(directories) + " and bind port "
                        + place.port() + ": the same service under several names. Only one of them can run.")
                .recommend("Keep the unit that is enabled, and disable and remove the others")
                .evidence(UnitPortClashes.evidence(duplicates));
        duplicates.forEach(claimant -> failure.affected(view.affected(claimant.unit())));
        return failure.fail();
    }
}
