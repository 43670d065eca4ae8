package dev.panoptes.code.command;

import dev.panoptes.code.library.Row;
import dev.panoptes.code.library.Table;
import java.util.Map;
import java.util.Set;

/** Programs that only start the one after them, such as {@code sudo} or {@code tini}: rows of {@code wrappers.table}. */
final class Wrapper {
    private Wrapper() {}

    /**
     * Steps over the wrapper that stands here, if one does.
     *
     * @param program base name of the word that stands here
     * @param assigned gets the variables that it sets
     * @return true where one was stepped over
     */
    static boolean step(String program, Arguments arguments, Map<String, String> assigned) {
        Row row = Table.wrappers().row(program);
        Row.Act wraps = row == null ? null : row.act("wraps");
        if (row == null || wraps == null) {
            return false;
        }
        String verb = wraps.text();
        Set<String> values = row.words("values");
        if (!verb.isEmpty() && !isAhead(verb, values, arguments)) {
            if (!row.has("alone")) {
                return false;
            }
            verb = "";
        }
        arguments.next();
        arguments.skipOptions(values);
        if (!verb.isEmpty()) {
            arguments.next();
            arguments.skipOptions(values);
        }
        if (row.has("assigns")) {
            arguments.takeAssignments(assigned);
        }
        if (row.has("operand")) {
            arguments.next();
        }
        arguments.skipOptions(Set.of());
        return true;
    }

    private static boolean isAhead(String verb, Set<String> values, Arguments arguments) {
        Arguments ahead = arguments.copy();
        ahead.next();
        ahead.skipOptions(values);
        return ahead.peek().equals(verb);
    }
}
