package dev.panoptes.cli;

import dev.panoptes.cli.commands.Command;
import java.util.List;

/** What {@code panoptes} says about itself in one screen. */
final class Overview {
    private Overview() {}

    static String text(List<Command> commands) {
        StringBuilder text = new StringBuilder(1024)
                .append(
                        "Panoptes proves that a fleet of agents is what it claims to be: it reads what is declared, looks at\n")
                .append("what is really there, and says where they disagree, with evidence and a fix.\n\n")
                .append("Usage: panoptes COMMAND [OPTIONS]     More: panoptes COMMAND --help\n\n");
        for (Command command : commands) {
            text.append("  ")
                    .append(command.name())
                    .repeat(' ', 12 - command.name().length());
            text.append(command.summary()).append('\n');
        }
        return text.append('\n')
                .append("  panoptes scan --registry agent-registry.yaml --agents-path agents\n\n")
                .append(
                        "Exit codes: 0 as declared, 1 issues, 2 not everything could be checked, 3 usage, 130 interrupted.\n")
                .toString();
    }
}
