package dev.panoptes.cli.commands;

import java.util.List;

/** Every verb there is, in the order of the overview. To add one, write its class and its line here. */
public final class Commands {
    private Commands() {}

    public static List<Command> all() {
        return List.of(
                new ScanCommand(),
                new ExplainCommand(),
                new PlanCommand(),
                new DiffCommand(),
                new AdoptCommand(),
                new DemoCommand(),
                new ValidateCommand(),
                new ObserveCommand(),
                new SensorCommand(),
                new ServerCommand(),
                new StatusCommand(),
                new BackupCommand(),
                new RestoreCommand(),
                new DoctorCommand(),
                new AgentsCommand(),
                new EnrollCommand(),
                new TicketsCommand(),
                new ApplyCommand(),
                new ExportCommand(),
                new SimulateCommand(),
                new SuppressCommand(),
                new TokensCommand(),
                new UsersCommand(),
                new SchemaCommand(),
                new InvestigateCommand(),
                new RulesCommand(),
                new CompletionCommand());
    }
}
