package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.server.config.ConfigurationSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Prints the JSON Schema of a file that people write or read, for editors and checks. */
final class SchemaCommand implements Command {
    static final List<String> NAMES = List.of("registry", "waivers", "configuration", "report", "events");

    @Override
    public String name() {
        return "schema";
    }

    @Override
    public String summary() {
        return "Print a JSON Schema, so that editors complete and check as one types";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        PositionalParamSpec schemaName = PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .type(String.class)
                .paramLabel("NAME")
                .completionCandidates(NAMES)
                .converters((CommandLine.ITypeConverter<String>) SchemaCommand::known)
                .description(String.join(", ", NAMES) + ".")
                .build();
        spec.addPositional(schemaName);
        return shell -> {
            shell.print(schema(schemaName.getValue()));
            return ExitCode.OK;
        };
    }

    private static String known(String name) {
        if (NAMES.contains(name)) {
            return name;
        }
        throw new CommandLine.TypeConversionException("'" + name + "' is none of " + String.join(", ", NAMES));
    }

    static String schema(String name) throws IOException {
        if (name.equals("configuration")) {
            return ConfigurationSchema.json() + "\n";
        }
        try (InputStream in = SchemaCommand.class.getResourceAsStream("/schemas/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its schema " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8) + "\n";
        }
    }
}
