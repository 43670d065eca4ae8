package dev.panoptes.code;

import java.util.List;
import java.util.Map;

/**
 * How a launcher starts a program: the interpreter runs it with exactly these.
 *
 * @param arguments the words after the program's own name, as the launcher makes them
 * @param environment variables that the launcher sets, with their values; never printed. Others may be set where it runs
 */
public record Start(List<String> arguments, Map<String, String> environment) {
    /** Nothing passed, nothing set. */
    public static final Start PLAIN = new Start(List.of(), Map.of());

    public Start {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}
