package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.integrity.observed.ObserveRequest;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;

/** The options that say how a host is looked at. */
final class ObservedOptions {
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);

    private final OptionSpec hostRoot;
    private final OptionSpec resolve;
    private final OptionSpec probeTimeout;
    private final OptionSpec concurrency;

    ObservedOptions(Options options) {
        hostRoot = options.file("--host-root", "DIR", "Observe a captured file system instead of this machine.");
        resolve = options.words(
                "--resolve",
                "HOST=ADDRESS",
                List.of(),
                "Ask this host at this address; local=ADDRESS for all local names.");
        probeTimeout = options.duration("--probe-timeout", "For one health request, where the registry says none; 5s.");
        concurrency =
                options.number("--concurrency", "Health requests at once; " + ObserveRequest.DEFAULT_CONCURRENCY + ".");
    }

    Path hostRoot() throws UsageException {
        Path root = Options.file(hostRoot);
        if (root != null && !Files.isDirectory(root)) {
            throw new UsageException(
                    "--host-root: " + root + (Files.exists(root) ? " is no directory" : " does not exist"),
                    "It takes the root of a captured file system, with its proc and etc");
        }
        return root == null ? Path.of("/") : root;
    }

    Duration probeTimeout() {
        return Options.duration(probeTimeout, PROBE_TIMEOUT);
    }

    int concurrency() throws UsageException {
        int number = Options.number(concurrency, ObserveRequest.DEFAULT_CONCURRENCY);
        if (number < 1) {
            throw new UsageException("--concurrency must be at least 1", "");
        }
        return number;
    }

    Map<String, String> resolve() throws UsageException {
        Map<String, String> addresses = new LinkedHashMap<>();
        for (String pair : Options.words(resolve)) {
            int equals = pair.indexOf('=');
            String address = pair.substring(equals + 1);
            if (equals < 1 || !isLiteral(address)) {
                throw new UsageException(
                        "--resolve takes HOST=ADDRESS, not " + pair, "For example: --resolve hermes=10.0.0.5");
            }
            addresses.put(pair.substring(0, equals), address);
        }
        return addresses;
    }

    private static boolean isLiteral(String address) {
        try {
            InetAddress.ofLiteral(address);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
