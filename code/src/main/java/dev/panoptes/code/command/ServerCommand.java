package dev.panoptes.code.command;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.library.Row;
import dev.panoptes.code.library.Table;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server that loads an application, and how its command line says which and on which port: a row of {@code commands.table}. A
 * server that is passed no port binds its documented default unless a variable of its own says otherwise.
 */
record ServerCommand(Row row) {
    static @Nullable ServerCommand named(String program) {
        Row row = Table.commands().row(program);
        return row == null ? null : new ServerCommand(row);
    }

    /** What the server starts with these arguments. */
    StartedProgram launch(List<Word.Expanded> arguments, Map<String, String> environment) {
        String name = row.path();
        Row.Act applications = row.act("application");
        PortValue port = null;
        String module = applications == null ? null : environment.get(applications.text());
        String directory = null;
        Word.Expanded open = null;
        boolean configured = false;
        boolean served = !row.has("verbs");
        for (int i = 0; i < arguments.size(); i++) {
            Word.Expanded word = arguments.get(i);
            String text = word.value();
            if (!text.startsWith("-")) {
                boolean verb = row.words("verbs").contains(text);
                served |= verb;
                open = word.open() ? word : open;
                if (row.has("positional") && port == null) {
                    port = PortArgument.port(word);
                } else if (module == null && !verb && applications == null) {
                    module = word.known();
                }
                continue;
            }
            Option option = Option.of(arguments, i, row.words("flags"));
            i += option.consumed() ? 1 : 0;
            if (row.words("ports").contains(option.name())) {
                port = PortArgument.port(option.value());
            } else if (row.words("addresses").contains(option.name())) {
                PortValue address = PortArgument.address(option.value());
                port = address == null ? port : address;
            } else if (row.words("sockets").contains(option.name())) {
                port = PortArgument.socket();
            } else if (row.words("directories").contains(option.name())) {
                directory = option.value().value();
            } else if (row.words("applications").contains(option.name())) {
                module = option.value().known();
            } else if (row.words("configurations").contains(option.name())) {
                configured = true;
            }
        }
        if (!served) {
            return StartedProgram.of(name, null, null);
        }
        if (port == null) {
            port = open == null ? unsaid(environment, configured) : PortArgument.open(open);
        }
        Row.Act runner = row.act("runner");
        return runner == null
                ? new StartedProgram(name, module, port, directory).with(arguments)
                : StartedProgram.of(runner.text(), name, port);
    }

    private PortValue unsaid(Map<String, String> environment, boolean configured) {
        Row.Act overruling = row.act("variable");
        String variable = overruling == null ? null : overruling.text();
        Row.Act standard = row.act("standard");
        String value = variable == null ? null : environment.get(variable);
        if (value != null) {
            return PortArgument.port(new Word.Expanded(value, value, variable, true));
        }
        return standard == null || configured
                ? new PortValue.Unresolved(
                        "the command line passes " + row.path() + " no port; its configuration may", variable)
                : new PortValue.Known(Integer.parseInt(standard.text()), variable);
    }

    /**
     * An option and its value.
     *
     * @param value empty where it has none
     * @param consumed true where the value is the word after it
     */
    record Option(String name, Word.Expanded value, boolean consumed) {
        static Option of(List<Word.Expanded> arguments, int index, Set<String> flags) {
            Word.Expanded word = arguments.get(index);
            String text = word.value();
            int equals = text.indexOf('=');
            if (!text.startsWith("-") || text.length() < 2) {
                return new Option(text, Word.Expanded.literal(""), false);
            }
            if (equals > 0) {
                return new Option(text.substring(0, equals), word.from(equals + 1), false);
            }
            if (text.startsWith("--") || text.length() == 2) {
                boolean consumed = !flags.contains(text) && index + 1 < arguments.size();
                return new Option(text, consumed ? arguments.get(index + 1) : Word.Expanded.literal(""), consumed);
            }
            return new Option(text.substring(0, 2), word.from(2), false);
        }
    }
}
