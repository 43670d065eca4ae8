package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.code.library.Table;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Command lines that a program or a script starts, of words that need not all be known. */
final class StartedCommands {
    /** Programs that run servers. Anything else may well be a client with a port. */
    private static final Set<String> RUNNERS = Table.of(Language.SHELL).words("programs");
    /** Stands in a command line for a word that is not known. */
    private static final String UNKNOWN = "PANOPTES_UNKNOWN";

    private StartedCommands() {}

    /** Null where it runs no server, or one that listens on no port. */
    static @Nullable StartCommand of(List<Value> words, Site site) {
        List<String> written = words.stream().map(StartedCommands::written).toList();
        StartCommand command = StartCommandParser.ofArguments(written, Map.of(), site.line());
        boolean serves = command != null
                && command.runner() != null
                && RUNNERS.contains(command.runner())
                && !written.getFirst().endsWith("docker")
                && !(command.port() instanceof PortValue.Unresolved open
                        && open.reason().contains("socket"));
        return serves ? command : null;
    }

    /** A word as the command line would hold it, with its variable. */
    private static String written(Value value) {
        return switch (value) {
            case Value.Scalar scalar when scalar.value() == null -> "";
            case Value.Scalar scalar -> {
                String text = String.valueOf(scalar.value());
                int colon = text.lastIndexOf(':');
                String end = text.substring(colon + 1);
                yield scalar.variable() != null && Values.number(end) != null
                        ? text.substring(0, colon + 1).replace("$", "") + "${" + scalar.variable() + ":-" + end + "}"
                        : text.replace("$", "");
            }
            case Value.Unknown unknown when unknown.variable() != null -> "${" + unknown.variable() + "}";
            case Value.Foreign foreign when foreign.path().equals("sys.executable") -> "python";
            default -> "${" + UNKNOWN + "}";
        };
    }

    /** The port that it passes, as a value of the program. */
    static Value value(PortValue port) {
        return switch (port) {
            case PortValue.Known known ->
                new Value.Scalar((long) known.port(), known.variable(), known.variable() != null);
            case PortValue.Unresolved unresolved ->
                new Value.Unknown(
                        unresolved.reason(), UNKNOWN.equals(unresolved.variable()) ? null : unresolved.variable());
        };
    }
}
