package dev.panoptes.cli.commands;

import dev.panoptes.cli.ExitCode;
import dev.panoptes.cli.Shell;
import dev.panoptes.cli.UsageException;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.adopt.Adoption;
import dev.panoptes.integrity.observed.LocalObserver;
import dev.panoptes.integrity.observed.ObserveRequest;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.ProbeTarget;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Writes a first registry from what listens on this host. */
final class AdoptCommand implements Command {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    private static final int CONCURRENCY = 64;
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    @Override
    public String name() {
        return "adopt";
    }

    @Override
    public String summary() {
        return "Write a first registry from what listens on this host";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        OptionSpec output = options.file("--output", "FILE", "Write the registry there instead of standard output.");
        OptionSpec silent =
                options.flag("--no-probe", "Ask no port for its health; every agent is then declared as plain TCP.");
        return shell -> adopt(shell, Options.file(output), !Options.given(silent));
    }

    private static ExitCode adopt(Shell shell, @Nullable Path output, boolean probing)
            throws UsageException, IOException, InterruptedException {
        LocalObserver observer = new LocalObserver(new Host(Path.of("/")), shell.clock(), "panoptes adopt");
        Snapshot sockets = observer.observe(ObserveRequest.withoutProbes(DeclaredHost.LOCAL, DEADLINE));
        if (sockets.coverage(Source.SOCKETS) instanceof Coverage.Denied(String reason)) {
            throw new UsageException("the listening sockets cannot be seen: " + reason, "");
        }
        Map<Integer, ProbeAnswer> answers = new HashMap<>();
        if (probing) {
            Snapshot probed = observer.observe(
                    new ObserveRequest(DeclaredHost.LOCAL, targets(sockets.listeners()), CONCURRENCY, DEADLINE));
            probed.probes().forEach(probe -> answers.put(probe.port(), probe.answer()));
        }
        Adoption adoption = Adoption.of(sockets.host().id(), sockets.listeners(), answers);
        if (output == null) {
            shell.print(adoption.yaml());
        } else {
            new AtomicFile(shell.resolve(output)).write(adoption.yaml().getBytes(StandardCharsets.UTF_8));
        }
        shell.err()
                .println("explains " + adoption.explained() + " of " + adoption.listeners() + " TCP listeners"
                        + (sockets.coverage(Source.OWNERS) instanceof Coverage.Denied(String reason)
                                ? "; not all owners could be seen: " + reason
                                : ""));
        return ExitCode.OK;
    }

    /** One request per unprivileged port, to the address it listens on; below 1024 live old protocols that it might upset. */
    private static List<ProbeTarget> targets(List<Listener> listeners) {
        List<ProbeTarget> targets = new ArrayList<>();
        Set<Integer> ports = new HashSet<>();
        for (Listener listener : listeners) {
            int port = listener.port();
            if (listener.protocol().equals("tcp") && port >= FIRST_UNPRIVILEGED_PORT && ports.add(port)) {
                String address = switch (listener.address()) {
                    case "0.0.0.0", "*" -> "127.0.0.1";
                    case "::" -> "::1";
                    default -> listener.address();
                };
                targets.add(new ProbeTarget(
                        "port-" + port,
                        "http",
                        "localhost:" + port,
                        "localhost",
                        port,
                        "/health",
                        new ProbeTarget.Destination.Addresses(List.of(address)),
                        PROBE_TIMEOUT));
            }
        }
        return targets;
    }
}
