package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Prints a script that completes commands, options and their words in a shell. */
final class CompletionCommand implements Command {
    private static final List<String> SHELLS = List.of("bash", "zsh", "fish");
    private static final Set<String> FILES = Set.of("FILE", "EARLIER", "LATER", "REGISTRY");

    @Override
    public String name() {
        return "completion";
    }

    @Override
    public String summary() {
        return "Print a completion script: source <(panoptes completion bash)";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        PositionalParamSpec shellName = PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .type(String.class)
                .paramLabel("SHELL")
                .completionCandidates(SHELLS)
                .converters((CommandLine.ITypeConverter<String>) CompletionCommand::shell)
                .description("bash, zsh or fish.")
                .build();
        spec.addPositional(shellName);
        return shell -> {
            String name = shellName.getValue();
            // The script for bash serves zsh as well: it loads bashcompinit there.
            shell.print(name.equals("fish") ? fish() : AutoComplete.bash("panoptes", everything()));
            return ExitCode.OK;
        };
    }

    private static String shell(String name) {
        if (SHELLS.contains(name)) {
            return name;
        }
        throw new CommandLine.TypeConversionException("'" + name + "' is none of " + String.join(", ", SHELLS));
    }

    /** The program with every command and option, which no single run needs. */
    private static CommandLine everything() {
        CommandSpec program = CommandSpec.create().name("panoptes");
        for (Command command : Commands.all()) {
            CommandSpec spec = CommandSpec.create().name(command.name());
            command.prepare(spec);
            spec.addOption(OptionSpec.builder("--help").usageHelp(true).build());
            program.addSubcommand(command.name(), spec);
        }
        return new CommandLine(program);
    }

    private static String fish() {
        StringBuilder script = new StringBuilder("complete -c panoptes -f\n");
        for (Command command : Commands.all()) {
            script.append("complete -c panoptes -n __fish_use_subcommand -a ")
                    .append(command.name())
                    .append(" -d ")
                    .append(quoted(command.summary()))
                    .append('\n');
            CommandSpec spec = CommandSpec.create();
            command.prepare(spec);
            for (PositionalParamSpec word : spec.positionalParameters()) {
                fish(script, command.name(), word);
            }
            for (OptionSpec option : spec.options()) {
                fish(script, command.name(), option);
            }
        }
        return script.toString();
    }

    private static void fish(StringBuilder script, String command, OptionSpec option) {
        script.append("complete -c panoptes -n '__fish_seen_subcommand_from ")
                .append(command)
                .append("' -l ")
                .append(option.longestName().substring(2));
        if (option.arity().max() > 0) {
            script.append(" -r");
        }
        if (option.completionCandidates() != null) {
            script.append(" -f -a ").append(quoted(String.join(" ", option.completionCandidates())));
        } else if (option.paramLabel().equals("FILE") || option.paramLabel().equals("DIR")) {
            script.append(" -F");
        }
        script.append(" -d ")
                .append(quoted(String.join(" ", option.description())))
                .append('\n');
    }

    /** Words where there are some to choose from, else files where the argument is one. */
    private static void fish(StringBuilder script, String command, PositionalParamSpec word) {
        String condition = "complete -c panoptes -n '__fish_seen_subcommand_from " + command + "'";
        List<String> words = new ArrayList<>();
        if (word.completionCandidates() != null) {
            word.completionCandidates().forEach(words::add);
        }
        if (!words.isEmpty()) {
            // Only until one of them stands there.
            script.append(condition, 0, condition.length() - 1)
                    .append("; and not __fish_seen_subcommand_from ")
                    .append(String.join(" ", words))
                    .append("' -a ")
                    .append(quoted(String.join(" ", words)))
                    .append('\n');
        } else if (FILES.contains(word.paramLabel())) {
            script.append(condition).append(" -F\n");
        }
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
