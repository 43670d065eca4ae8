package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.UsageException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The verbs of a command that lists things of a server, makes one, and ends one by its id.
 *
 * @param makes the verb that makes one, such as {@code create}
 * @param ends the verb that ends one, such as {@code revoke}
 * @param thing what they are, in the singular, such as {@code token}
 * @param command the command's name, for what a mistake is answered with
 */
record ListVerbs(String makes, String ends, String thing, String command) {
    static final String LIST = "list";

    /** In the order in which help and errors name them. */
    List<String> all() {
        return List.of(LIST, makes, ends);
    }

    /**
     * Refuses what does not go together.
     *
     * @param id null where none was given
     * @param ofMaking options that only making takes
     */
    void check(String verb, @Nullable String id, List<OptionSpec> ofMaking) throws UsageException {
        if (!all().contains(verb)) {
            throw new UsageException("there is no verb " + verb, "Verbs: " + String.join(", ", all()));
        }
        boolean ending = verb.equals(ends);
        if (!ending && id != null) {
            throw new UsageException(verb + " takes no further word: " + id, "");
        }
        if (ending && (id == null || !id.matches("[0-9a-fA-F-]{36}"))) {
            throw new UsageException(ends + " needs the id of a " + thing, "The ids: panoptes " + command + " list");
        }
        for (OptionSpec option : ofMaking) {
            if (!verb.equals(makes) && Options.text(option) != null) {
                throw new UsageException(option.longestName() + " is for " + makes + ", not for " + verb, "");
            }
        }
    }
}
