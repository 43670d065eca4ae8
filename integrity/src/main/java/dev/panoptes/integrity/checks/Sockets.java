package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.Protocol;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sockets and processes as evidence. */
final class Sockets {
    private Sockets() {}

    /** {@code 127.0.0.1:8014}, {@code [::]:8014 (and IPv4)}. */
    static String place(Listener listener) {
        boolean ipv6 = listener.address().indexOf(':') >= 0;
        return (ipv6 ? "[" + listener.address() + "]" : listener.address()) + ":" + listener.port()
                + (listener.dualStack() ? " (and IPv4)" : "");
    }

    /** One line per listener, with its owners or why they are not known. */
    static List<Evidence> evidence(List<Listener> listeners) {
        return listeners.stream()
                .map(listener -> Evidence.of(
                        "socket",
                        place(listener) + " held by "
                                + (listener.owners().isEmpty()
                                        ? "an unknown process: " + listener.ownerUnknown()
                                        : Words.list(listener.owners().stream()
                                                .map(owner -> "pid " + owner.pid())
                                                .toList()))))
                .toList();
    }

    static Evidence evidence(Owner owner) {
        StringBuilder text = new StringBuilder("pid " + owner.pid() + ": ");
        text.append(owner.command().isEmpty() ? owner.exe() : String.join(" ", owner.command()));
        append(text, "exe", owner.exe());
        if (owner.exeDeleted()) {
            text.append(" (deleted)");
        }
        append(text, "script", owner.script());
        append(text, "cwd", owner.cwd());
        append(text, "unit", owner.unit());
        append(text, "container", owner.container());
        return Evidence.of("process", text + ", uid " + owner.uid());
    }

    private static void append(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            text.append(", ").append(name).append(' ').append(value);
        }
    }

    static Evidence asked(Claim claim, Probe probe, String outcome) {
        Connection connection = claim.agent().connection();
        Protocol protocol = connection == null ? Protocol.HTTP : connection.protocol();
        String method = protocol == Protocol.MCP ? "POST " : protocol == Protocol.GRPC ? "gRPC " : "GET ";
        String at = probe.address() == null ? "" : " at " + probe.address();
        return Evidence.of("health", method + probe.url() + at + ": " + outcome);
    }
}
