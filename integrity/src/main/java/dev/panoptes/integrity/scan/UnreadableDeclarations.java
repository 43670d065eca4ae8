package dev.panoptes.integrity.scan;

import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What readers could not read, as unknowns of the group whose checks miss it, so that an incomplete scan never looks whole.
 * A group that was switched off misses nothing.
 */
final class UnreadableDeclarations {
    private UnreadableDeclarations() {}

    /** @param judged the groups of the checks that ran */
    static List<UnknownSubject> of(World world, Set<CheckGroup> judged) {
        List<UnknownSubject> unknowns = new ArrayList<>();
        if (world.declared().usable() && judged.contains(CheckGroup.REGISTRY)) {
            for (Problem problem : world.declared().problems()) {
                unknowns.add(unknown(CheckGroup.REGISTRY, problem, place(problem)));
            }
        }
        Declarations declarations = world.declarations();
        if (declarations != null) {
            Set<String> seen = new HashSet<>();
            for (Problem problem : declarations.problems()) {
                CheckGroup group = first(groups(problem.file()), judged);
                if (group != null && seen.add(problem.file() + "\0" + problem.message())) {
                    unknowns.add(unknown(group, problem, problem.file()));
                }
            }
        }
        return unknowns;
    }

    private static UnknownSubject unknown(CheckGroup group, Problem problem, String subject) {
        return new UnknownSubject(ScanReport.UNREADABLE, group, subject, problem.message());
    }

    private static String place(Problem problem) {
        Location location = problem.location();
        return location.line() == 0 ? problem.file() : problem.file() + ":" + location.line();
    }

    private static @Nullable CheckGroup first(Set<CheckGroup> groups, Set<CheckGroup> judged) {
        for (CheckGroup group : groups) {
            if (judged.contains(group)) {
                return group;
            }
        }
        return null;
    }

    /** Which groups read this file, by its name; of a directory nobody knows what it would have held. */
    private static Set<CheckGroup> groups(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (((name.endsWith(".yml") || name.endsWith(".yaml")) && name.contains("compose"))
                || name.matches(".*\\.(nomad|hcl|container|pod|kube|build)")) {
            return EnumSet.of(CheckGroup.COMPOSE);
        }
        if (name.startsWith("containerfile") || name.startsWith("dockerfile") || name.endsWith(".dockerfile")) {
            return EnumSet.of(CheckGroup.DOCKERFILE);
        }
        if (name.endsWith(".service")
                || name.endsWith(".conf")
                || name.endsWith(".timer")
                || name.endsWith(".socket")) {
            return EnumSet.of(CheckGroup.SYSTEMD);
        }
        return name.indexOf('.') > 0
                ? EnumSet.of(CheckGroup.CODE)
                : EnumSet.of(
                        CheckGroup.CODE,
                        CheckGroup.COMPOSE,
                        CheckGroup.DOCKERFILE,
                        CheckGroup.SYSTEMD,
                        CheckGroup.KUBERNETES);
    }
}
