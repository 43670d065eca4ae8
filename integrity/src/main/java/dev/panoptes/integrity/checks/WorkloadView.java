package dev.panoptes.integrity.checks;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.HostProcess;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.Workload;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** Quadlets and jobs of Nomad as the checks on them see them. */
final class WorkloadView {
    private WorkloadView() {}

    /** The workload, and the agents whose containers it holds. */
    static List<String> affected(World world, Workload workload) {
        List<String> affected = new ArrayList<>(List.of(workload.id()));
        List<Launch> own = launches(world, workload);
        for (DeclaredAgent agent : world.registry().agents()) {
            if (world.links().launches(agent).stream().anyMatch(own::contains)) {
                affected.add(agent.key());
            }
        }
        return affected;
    }

    /** What it starts. */
    static List<Launch> launches(World world, Workload workload) {
        List<Launch> launches = new ArrayList<>();
        for (ComposeFile.Service container : workload.containers()) {
            world.links().launches().of(container).ifPresent(launches::add);
        }
        for (HostProcess process : workload.processes()) {
            world.links().launches().of(process).ifPresent(launches::add);
        }
        return launches;
    }
}
