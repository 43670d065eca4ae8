package dev.panoptes.cli.commands;

import dev.panoptes.integrity.plan.Quoted;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options that say what is scanned, as they were given: a command that advice names repeats them, so that it judges the same. */
final class CallerOptions {
    private static final Set<String> REPEATED = Set.of(
            "--registry",
            "--profile",
            "--agents-path",
            "--root",
            "--deployed-at",
            "--waivers",
            "--offline",
            "--host-root",
            "--resolve",
            "--from-snapshot");

    private CallerOptions() {}

    /** Each behind a blank, its value as a shell takes it for one word; empty where none was given. */
    static String of(CommandSpec spec) {
        StringBuilder text = new StringBuilder();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String name = option.longestName();
            if (!REPEATED.contains(name)) {
                continue;
            }
            if (option.arity().max() == 0) {
                text.append(' ').append(name);
            } else {
                option.originalStringValues()
                        .forEach(value ->
                                text.append(' ').append(name).append(' ').append(Quoted.word(value)));
            }
        }
        return text.toString();
    }
}
