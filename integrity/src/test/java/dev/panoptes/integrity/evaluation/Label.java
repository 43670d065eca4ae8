package dev.panoptes.integrity.evaluation;

import java.util.List;

/**
 * One thing that is wrong with a fleet, or that may be said without being counted either way.
 *
 * @param check id of the check that must say so
 * @param names what the issue must name in its subject or its affected
 * @param optional true where the words leave it open
 */
record Label(String check, List<String> names, boolean optional) {
    static Label of(String check, String... names) {
        return new Label(check, List.of(names), false);
    }

    Label open() {
        return new Label(check, names, true);
    }
}
