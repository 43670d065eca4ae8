package dev.panoptes.code.command;

import dev.panoptes.code.PortValue;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ports and addresses as they are passed on command lines. */
public final class PortArgument {
    /** Options whose value is the port to serve on, whatever the program. */
    public static final Set<String> PORT_OPTIONS =
            Set.of("--port", "-port", "--http-port", "--http.port", "--server.port", "--server-port", "--listen-port");
    /** Options whose value is an address to serve on; others that look alike often name somebody else's address. */
    public static final Set<String> ADDRESS_OPTIONS =
            Set.of("--bind", "-bind", "--listen", "-listen", "--listen-address", "--web.listen-address");

    private static final Set<String> AMBIGUOUS_OPTIONS = Set.of("--addr", "-addr", "--address", "--http", "-http");
    private static final Set<String> EVERY_ADDRESS = Set.of("", "0.0.0.0", "[::]", "*");

    private PortArgument() {}

    /** A word that is a port. */
    public static PortValue port(Word.Expanded word) {
        String text = word.value().strip();
        if (!word.resolved()) {
            String variable = word.variable();
            return new PortValue.Unresolved(
                    variable == null
                            ? "the port on the command line is computed when it runs"
                            : "the port on the command line is the variable " + variable + ", which is not set here",
                    variable);
        }
        if (text.indexOf('%') >= 0) {
            return new PortValue.Unresolved("the port on the command line depends on the unit's instance", null);
        }
        int number = number(text);
        if (number == 0) {
            return new PortValue.Unresolved("port 0 on the command line lets the system choose one", word.variable());
        }
        return number > 0
                ? new PortValue.Known(number, word.variable())
                : new PortValue.Unresolved(
                        "the port on the command line is no number from 1 to 65535", word.variable());
    }

    /** A word that is {@code host:port}, {@code :port} or a Unix socket; null where it holds no port. */
    public static @Nullable PortValue address(Word.Expanded word) {
        String text = word.value();
        if (text.startsWith("unix:") || text.startsWith("fd:") || text.startsWith("fd@") || text.startsWith("/")) {
            return socket();
        }
        int scheme = text.indexOf("://");
        Word.Expanded plain = scheme < 0 ? word : word.from(scheme + 3);
        String address = plain.value();
        int colon = colon(address);
        if (colon < 0) {
            return plain.resolved() ? null : port(plain);
        }
        return port(new Word.Expanded(address.substring(colon + 1), "", plain.variable(), plain.resolved()));
    }

    public static PortValue socket() {
        return new PortValue.Unresolved("it listens on a socket that is no port", null);
    }

    /**
     * The port among the arguments of a program that is not known otherwise.
     *
     * @param shortOption also takes {@code -p}, for programs where it is known to mean the port
     * @return null where they pass none
     */
    public static @Nullable PortValue among(List<Word.Expanded> arguments, boolean shortOption) {
        PortValue found = null;
        for (int i = 0; i < arguments.size(); i++) {
            Word.Expanded word = arguments.get(i);
            int equals = word.value().indexOf('=');
            String name =
                    equals > 0 && word.value().startsWith("-") ? word.value().substring(0, equals) : word.value();
            Word.@Nullable Expanded value = equals > 0 && name.length() == equals
                    ? word.from(equals + 1)
                    : i + 1 < arguments.size() ? arguments.get(i + 1) : null;
            if (value == null) {
                continue;
            }
            if (PORT_OPTIONS.contains(name) || (shortOption && name.equals("-p"))) {
                found = port(value);
            } else if (ADDRESS_OPTIONS.contains(name) || isEveryAddress(name, value)) {
                PortValue address = address(value);
                found = address == null ? found : address;
            }
        }
        return found == null ? left(arguments) : found;
    }

    /** What follows for the port from words that only a running shell knows; null where nothing does. */
    private static @Nullable PortValue left(List<Word.Expanded> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            boolean optionValue = i > 0 && arguments.get(i - 1).value().startsWith("-");
            if (arguments.get(i).open() && !optionValue) {
                return open(arguments.get(i));
            }
        }
        return null;
    }

    /** A word of the command line is not known, and the port may be in it. */
    public static PortValue open(Word.Expanded word) {
        String variable = word.variable();
        return new PortValue.Unresolved(
                "the command line holds " + (variable == null ? "words" : "the variable " + variable)
                        + " not known here, so it may pass a port",
                variable);
    }

    private static boolean isEveryAddress(String option, Word.Expanded value) {
        int colon = colon(value.value());
        return AMBIGUOUS_OPTIONS.contains(option)
                && colon >= 0
                && EVERY_ADDRESS.contains(value.value().substring(0, colon));
    }

    /** The colon before the port, not one inside an IPv6 address or a variable; -1 where there is none. */
    private static int colon(String address) {
        int variable = address.indexOf("${");
        int colon = variable < 0
                ? address.lastIndexOf(':')
                : address.substring(0, variable).lastIndexOf(':');
        boolean insideBrackets = colon >= 0 && address.indexOf(']') > colon;
        boolean bareVersion6 = colon > 0 && address.indexOf(':') != colon && address.indexOf('[') < 0;
        return insideBrackets || bareVersion6 ? -1 : colon;
    }

    /** 0 to 65535; -1 where it is no such number. */
    public static int number(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int number = Integer.parseInt(text);
        return number <= 65_535 ? number : -1;
    }
}
