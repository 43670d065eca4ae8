package dev.panoptes.integrity.checks;

import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.world.World;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether units that something names are there: in the tree, on a host that was observed, or in a package. */
final class NamedUnits {
    private static final int SHORTEST_PREFIX = 3;
    private static final int SHORTEST_NAME = 4;

    private final World world;
    private final Declarations declarations;
    private final Set<String> names = new TreeSet<>();
    private final Map<String, Integer> prefixes = new HashMap<>();

    NamedUnits(World world, Declarations declarations) {
        this.world = world;
        this.declarations = declarations;
        for (UnitFile unit : declarations.units()) {
            if (names.add(unit.name())) {
                prefixes.merge(prefix(unit.name()), 1, Integer::sum);
            }
        }
        declarations.catalog().triggers().forEach(trigger -> names.add(trigger.name()));
    }

    /** What is known of a unit. */
    sealed interface Whereabouts {
        /** The tree holds it, or what it is made of. */
        record Here() implements Whereabouts {}

        /** It is of a package, or installed on a host that was observed. */
        record OfHost() implements Whereabouts {}

        /** @param reason a clause: why it may be on the host, or be made */
        record Unclear(String reason) implements Whereabouts {}

        /**
         * Nothing speaks for it: it has a name as the fleet's own, and the tree does not hold it.
         *
         * @param alike a unit of the tree whose name differs by one letter; null where there is none
         */
        record Gone(@Nullable String alike) implements Whereabouts {}
    }

    /**
     * @param own true for a unit that cannot but be the fleet's own, such as what its timer starts
     */
    Whereabouts of(String unit, boolean own) {
        if (declarations.catalog().provides(unit, declarations.units())) {
            return new Whereabouts.Here();
        }
        if (PackagedUnits.contains(unit) || isInstalled(unit)) {
            return new Whereabouts.OfHost();
        }
        if (unit.indexOf('%') >= 0 || unit.indexOf('$') >= 0 || unit.indexOf('{') >= 0 || unit.indexOf('.') < 0) {
            return new Whereabouts.Unclear("its name is filled in elsewhere");
        }
        if (declarations.unsearched().isPresent()) {
            return new Whereabouts.Unclear(declarations.unsearched().get());
        }
        String mention = declarations.catalog().mention(unit);
        if (mention != null) {
            return new Whereabouts.Unclear("it is not in the tree, but " + mention + " speaks of it and may make it");
        }
        String alike = alike(unit);
        return own || alike != null || isOfFleet(unit)
                ? new Whereabouts.Gone(alike)
                : new Whereabouts.Unclear("it is not in the tree; whether the host has it is not known");
    }

    /** A unit of the tree, of the same kind, whose name differs by one letter. A digit makes another instance. */
    private @Nullable String alike(String unit) {
        for (String name : names) {
            if (unit.length() - suffix(unit).length() >= SHORTEST_NAME
                    && Math.abs(name.length() - unit.length()) <= 1
                    && suffix(name).equals(suffix(unit))
                    && Keys.distance(name, unit) == 1
                    && digits(name).equals(digits(unit))) {
                return name;
            }
        }
        return null;
    }

    /** True where most units of the tree, and at least two, begin with the same word as this one. */
    private boolean isOfFleet(String unit) {
        String prefix = prefix(unit);
        int same = prefixes.getOrDefault(prefix, 0);
        int services = prefixes.values().stream().mapToInt(Integer::intValue).sum();
        return prefix.length() >= SHORTEST_PREFIX && same >= 2 && same * 2 > services;
    }

    private boolean isInstalled(String unit) {
        for (Snapshot snapshot : world.snapshots()) {
            for (UnitState state : snapshot.units()) {
                if ((Keys.same(state.name(), unit)
                                || state.aliases().stream().anyMatch(alias -> Keys.same(alias, unit)))
                        && ObservedUnits.isInstalled(state)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String prefix(String unit) {
        int dash = unit.indexOf('-');
        return dash < 0 ? "" : unit.substring(0, dash);
    }

    private static String suffix(String unit) {
        return unit.substring(unit.lastIndexOf('.') + 1);
    }

    private static String digits(String text) {
        return text.replaceAll("\\D", "");
    }
}
