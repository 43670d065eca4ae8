package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.integrity.kubernetes.ClusterAccess;
import dev.panoptes.integrity.kubernetes.ClusterReader;
import dev.panoptes.integrity.kubernetes.ClusterSource;
import dev.panoptes.integrity.kubernetes.InCluster;
import dev.panoptes.integrity.kubernetes.Kubeconfig;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/** The options that say which Kubernetes cluster is asked, and as whom. */
final class ClusterOptions {
    private final OptionSpec kubernetes;
    private final OptionSpec kubeconfig;
    private final OptionSpec context;

    ClusterOptions(Options options) {
        kubernetes = options.flag(
                "--kubernetes",
                "Ask the cluster for the Services that the registry names: of $KUBECONFIG, ~/.kube/config, or the one"
                        + " this runs in.");
        kubeconfig = options.file("--kubeconfig", "FILE", "Ask the cluster of this file.");
        context = options.text("--kube-context", "NAME", "Of this context and not the current one.");
    }

    /** @param offline true where nothing is to be looked at; @return null where no cluster is asked */
    @Nullable
    ClusterSource source(Shell shell, boolean offline) throws UsageException {
        Path file = Options.file(kubeconfig);
        String name = context.getValue();
        if (!Options.given(kubernetes) && file == null && name == null) {
            return null;
        }
        if (offline) {
            throw new UsageException("--offline asks nobody, and --kubernetes asks a cluster", "");
        }
        if (file != null && !Files.exists(shell.resolve(file))) {
            throw new UsageException("--kubeconfig: there is no file " + file, "");
        }
        return switch (access(shell, file, name)) {
            case ClusterAccess.Result.Usable(ClusterAccess access) -> new ClusterReader(access);
            case ClusterAccess.Result.Unusable(String reason) -> ClusterReader.unusable(reason);
        };
    }

    private static ClusterAccess.Result access(Shell shell, @Nullable Path file, @Nullable String name) {
        if (file != null) {
            return Kubeconfig.read(List.of(shell.resolve(file)), name);
        }
        String named = shell.variable("KUBECONFIG");
        if (named != null && !named.isBlank()) {
            return Kubeconfig.read(
                    Stream.of(named.split(File.pathSeparator))
                            .filter(each -> !each.isBlank())
                            .map(each -> shell.resolve(Path.of(each)))
                            .filter(Files::exists)
                            .toList(),
                    name);
        }
        String home = shell.variable("HOME");
        Path usual = home == null ? null : Path.of(home, ".kube", "config");
        return usual != null && Files.exists(usual)
                ? Kubeconfig.read(List.of(usual), name)
                : InCluster.read(shell.environment());
    }
}
