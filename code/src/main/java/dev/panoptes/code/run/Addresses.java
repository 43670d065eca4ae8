package dev.panoptes.code.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses to listen on, as programs write them. */
final class Addresses {
    private Addresses() {}

    /** {@code (host, port)}, {@code host:port}, a list of such, a port, an address object. */
    static void bind(Value address, Site site, Interpreter run) {
        switch (address) {
            case Value.Items items
            when items.size() >= 2 && !isAddress(items.at(1)) -> {
                Value port = items.at(1);
                run.bind(port == null ? Values.unknown("no port is given") : port, items.at(0), site);
            }
            case Value.Items items when items.size() > 0 -> items.values().forEach(each -> bind(each, site, run));
            case Value.Scalar scalar when scalar.text() != null -> text(scalar, scalar.text(), site, run);
            case Value.Scalar scalar when scalar.value() != null -> run.bind(scalar, null, site);
            case Value.Made made
            when made.fields().get("Port") != null ->
                run.bind(
                        made.fields().cells().getOrDefault("Port", Value.NOTHING),
                        made.fields().get("IP"),
                        site);
            case Value.Made made
            when made.path().endsWith("Address()") -> {
                List<Value> parts = made.arguments().positional();
                Value port = parts.isEmpty() ? Values.unknown("no port is given") : parts.getLast();
                run.bind(port, parts.size() > 1 ? parts.getFirst() : null, site);
            }
            case Value.Unknown _, Value.Several _ -> run.bind(address, null, site);
            default -> run.bind(Values.unknown("the address is not known"), null, site);
        }
    }

    private static boolean isAddress(@Nullable Value value) {
        String text = Values.text(value);
        return text != null && text.indexOf(':') >= 0;
    }

    /** {@code host:port}, {@code [::]:port}, {@code tcp://*:port}, several of them; a socket file binds no port. */
    private static void text(Value.Scalar address, String text, Site site, Interpreter run) {
        for (String one : text.strip().split("[\\s,]+")) {
            boolean socket = one.startsWith("unix:")
                    || one.startsWith("fd://")
                    || one.startsWith("ipc:")
                    || one.startsWith("inproc:");
            int colon = one.lastIndexOf(':');
            if (socket || (colon < 0 && Values.number(one) == null)) {
                continue;
            }
            String host = colon < 0 ? "" : one.substring(0, colon).replaceFirst("^\\w+://", "");
            String port = one.substring(colon + 1);
            run.bind(
                    address.with(port.equals("http") ? "80" : port),
                    host.isEmpty() ? null : Values.constant(host),
                    site);
        }
    }
}
