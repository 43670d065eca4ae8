package dev.panoptes.integrity.declared;

import dev.panoptes.code.Code;
import dev.panoptes.core.yaml.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is declared outside the registry, read once below one root.
 *
 * @param root absolute
 * @param agentsPath below the root, {@code /}-separated; null where there is none
 * @param processes what Procfiles, supervisord, PM2 and scripts start
 * @param workloads what quadlets and jobs of Nomad start
 * @param entries what definitions of Consul register
 * @param manifests objects of Kubernetes
 * @param builds what bake files and devcontainers build
 * @param proxies configuration of web servers of the host
 * @param mentions ports that scripts, configuration and platforms name
 * @param catalog what starts units, and what units are made of
 * @param paths maps absolute paths of the deployed machine to the tree
 * @param problems files that could not be read or parsed
 */
public record Declarations(
        Path root,
        @Nullable String agentsPath,
        Code code,
        List<Dockerfile> dockerfiles,
        List<ComposeFile> composeFiles,
        List<UnitFile> units,
        List<HostProcess> processes,
        List<Workload> workloads,
        List<ServiceEntry> entries,
        Manifests manifests,
        BuildFiles builds,
        List<HostProxy> proxies,
        PortMentions mentions,
        UnitCatalog catalog,
        DeployedPaths paths,
        List<Problem> problems) {
    /** The code of the problem that units, compose files and Dockerfiles were not read at all. */
    static final String NOT_READ = "not-read";

    private static final Set<String> UNSEARCHED =
            Set.of(NOT_READ, "unreadable-directory", "unreadable-file", "too-many-files", "too-deep");

    public Declarations {
        dockerfiles = List.copyOf(dockerfiles);
        composeFiles = List.copyOf(composeFiles);
        units = List.copyOf(units);
        processes = List.copyOf(processes);
        workloads = List.copyOf(workloads);
        entries = List.copyOf(entries);
        proxies = List.copyOf(proxies);
        problems = List.copyOf(problems);
    }

    /** Why a unit, compose file or Dockerfile below the root may have gone unseen; empty where all places were looked at. */
    public Optional<String> unsearched() {
        return problems.stream()
                .filter(problem -> UNSEARCHED.contains(problem.code()))
                .findFirst()
                .map(Problem::text);
    }

    /** True where there is no compose file, unit, Dockerfile or other file that starts programs, and nothing that could not be read. */
    public boolean isEmpty() {
        return composeFiles.isEmpty()
                && units.isEmpty()
                && processes.isEmpty()
                && workloads.isEmpty()
                && entries.isEmpty()
                && manifests.sets().isEmpty()
                && dockerfiles.isEmpty()
                && problems.isEmpty();
    }

    /** The root's absolute path as text, for those who compare it with what a host says. */
    public String rootText() {
        return root.toString();
    }
}
