package dev.panoptes.integrity.judging;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which checks run.
 *
 * @param only groups or check ids; empty: every check
 * @param skip groups or check ids; wins over {@code only}
 */
public record Selection(Set<String> only, Set<String> skip) {
    public static final Selection ALL = new Selection(Set.of(), Set.of());

    public Selection {
        only = Set.copyOf(only);
        skip = Set.copyOf(skip);
    }

    public boolean takes(CheckInfo check) {
        return (only.isEmpty() || names(only, check)) && !names(skip, check);
    }

    public List<Check> of(List<Check> checks) {
        List<Check> taken = new ArrayList<>();
        for (Check check : checks) {
            if (takes(check.info())) {
                taken.add(check);
            }
        }
        return taken;
    }

    private static boolean names(Set<String> names, CheckInfo check) {
        return names.contains(check.id()) || names.contains(check.group().id());
    }
}
