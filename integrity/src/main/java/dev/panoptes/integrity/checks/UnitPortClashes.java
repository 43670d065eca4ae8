package dev.panoptes.integrity.checks;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.checks.UnitView.Claims;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.judging.CheckResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Units by the port that they bind. Units that work in one directory duplicate each other, units that work in different ones
 * conflict; a port with both kinds has both issues.
 */
final class UnitPortClashes {
    /**
     * @param directory what two units must have in common to be duplicates
     * @param certain every copy of the unit's file binds the port
     */
    record Claimant(Unit unit, String directory, boolean certain, List<Evidence> evidence) {}

    record Place(String host, int port) {
        String subject() {
            return String.valueOf(port);
        }

        /** For a pass or an unknown, which carry no host of their own. */
        String subjectWithHost() {
            return host.equals(DeclaredHost.LOCAL) ? subject() : port + "@" + host;
        }
    }

    private final Map<Place, List<Claimant>> claimants =
            new TreeMap<>(Comparator.comparing(Place::host).thenComparing(Place::port));
    private final List<CheckResult> unknown = new ArrayList<>();

    UnitPortClashes(UnitView view) {
        for (Unit unit : view.units()) {
            Claims claims = view.claims(unit);
            if (claims.unknown() != null) {
                unknown.add(new CheckResult.Unknown(view.subject(unit), UnitView.unknownPort(unit, claims.unknown())));
            }
            String directory = directory(unit);
            List<String> hosts = view.hosts(unit);
            for (String host : hosts) {
                claims.certain()
                        .forEach((port, evidence) ->
                                add(host, port, new Claimant(unit, directory, hosts.size() == 1, evidence)));
                claims.possible()
                        .forEach((port, evidence) -> add(host, port, new Claimant(unit, directory, false, evidence)));
            }
        }
    }

    private void add(String host, int port, Claimant claimant) {
        claimants
                .computeIfAbsent(new Place(host, port), place -> new ArrayList<>())
                .add(claimant);
    }

    Map<Place, List<Claimant>> places() {
        return claimants;
    }

    /** One for each unit whose port is not known. */
    List<CheckResult> unknown() {
        return unknown;
    }

    static List<Claimant> certain(List<Claimant> claimants) {
        return claimants.stream().filter(Claimant::certain).toList();
    }

    /** Roles of Ansible, cookbooks of Chef and modules of Puppet are each for hosts of their own. */
    private static final Pattern ROLE =
            Pattern.compile("(?:.*/)?(?:roles|cookbooks|modules)/([^/]+)/(?:files|templates)/.*");

    /** True where two of them work in different directories and run on one host at the same time. */
    static boolean conflict(List<Claimant> claimants) {
        return conflict(claimants, false);
    }

    /** The same, or where they may be for different hosts. */
    static boolean mayConflict(List<Claimant> claimants) {
        return conflict(claimants, true);
    }

    private static boolean conflict(List<Claimant> claimants, boolean elsewhere) {
        boolean several = claimants.stream().map(Claimant::directory).distinct().count() > 1;
        for (Claimant a : several ? claimants : List.<Claimant>of()) {
            for (Claimant b : claimants) {
                if (!a.directory().equals(b.directory())
                        && !exclude(a.unit(), b.unit())
                        && (elsewhere || !ofDifferentRoles(a.unit(), b.unit()))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean ofDifferentRoles(Unit a, Unit b) {
        Set<String> one = roles(a);
        Set<String> other = roles(b);
        return !one.isEmpty() && !other.isEmpty() && Collections.disjoint(one, other);
    }

    private static Set<String> roles(Unit unit) {
        return unit.copies().stream()
                .map(file -> ROLE.matcher(file.rootPath()))
                .filter(Matcher::matches)
                .map(role -> role.group(1))
                .collect(Collectors.toSet());
    }

    private static boolean exclude(Unit a, Unit b) {
        return excludes(a, b) || excludes(b, a);
    }

    private static boolean excludes(Unit a, Unit b) {
        return a.copies().stream().allMatch(file -> file.details().conflicts().contains(b.name()));
    }

    /** The WorkingDirectory; without one the folder of the script that it starts, else nothing that another has. */
    private static String directory(Unit unit) {
        UnitFile file = unit.first();
        String directory = file.workingDirectory();
        if (directory != null) {
            return trimmed(directory);
        }
        StartCommand start = file.start();
        String module = start == null ? null : start.module();
        return module != null && module.startsWith("/")
                ? trimmed(module.substring(0, module.lastIndexOf('/')))
                : unit.name();
    }

    private static String trimmed(String path) {
        String plain = path.replaceAll("/{2,}", "/");
        return plain.length() > 1 && plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    }

    /** What each of these units says, for evidence. */
    static List<Evidence> evidence(List<Claimant> claimants) {
        List<Evidence> evidence = new ArrayList<>();
        for (Claimant claimant : claimants) {
            evidence.addAll(claimant.evidence());
            for (UnitFile file : claimant.unit().copies()) {
                UnitView.lines(file).stream()
                        .filter(line -> !evidence.contains(line))
                        .forEach(evidence::add);
            }
        }
        return evidence;
    }
}
