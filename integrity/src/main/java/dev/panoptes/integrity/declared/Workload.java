package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Containers and programs that a file other than compose's starts together, in one network: a quadlet's container or pod, a
 * group of a Nomad job.
 *
 * @param name as the file calls it
 * @param file rootPath of the file that declares it
 * @param host true where its network is the host's, so that nothing is published
 * @param ports ports of the host that lead into its network
 * @param containers what runs in it, in order
 * @param processes programs that it runs without a container
 * @param asked what health checks ask within its network
 * @param refusals why podman or Nomad does not start it
 * @param together what always runs on one host with it: workloads of the same text do
 * @param unknown why it may bind or publish others, a clause; null where these are all
 */
public record Workload(
        Kind kind,
        String name,
        String file,
        int line,
        boolean host,
        List<ComposeFile.Published> ports,
        List<ComposeFile.Service> containers,
        List<HostProcess> processes,
        List<Asked> asked,
        List<Refusal> refusals,
        String together,
        @Nullable String unknown) {
    public Workload {
        ports = List.copyOf(ports);
        containers = List.copyOf(containers);
        processes = List.copyOf(processes);
        asked = List.copyOf(asked);
        refusals = List.copyOf(refusals);
    }

    /** Who runs it. */
    public enum Kind {
        /** podman by systemd (podman-systemd.unit(5)). */
        QUADLET,
        /** A group of a job (Nomad, "Job Specification"). */
        NOMAD
    }

    /**
     * A port that a health check asks.
     *
     * @param owner the {@link ComposeFile.Service#id} of the container, or the {@link HostProcess#id} of the program, whose check
     *     it is; null where it is the whole workload's
     */
    public record Asked(@Nullable String owner, PortValue port, Evidence evidence) {}

    /** @param reason a clause: why it is refused */
    public record Refusal(String reason, String fix, Evidence evidence) {}

    /** How reports name it. */
    public String id() {
        return file + "#" + name;
    }

    /** The rootPath of the folder of its file. */
    String folder() {
        return HostProcessReader.folder(file);
    }

    /** The port space that it lives in. */
    Launch.Space space() {
        return host ? new Launch.Space.Host() : new Launch.Space.Container(id());
    }

    static Evidence evidence(ComposeFile.Published published) {
        return new Evidence("launch", published.file(), published.line(), published.text());
    }

    /** Its line in reports. */
    public Evidence evidence() {
        return new Evidence("launch", file, line, (kind == Kind.QUADLET ? "" : "group ") + name);
    }

    /** True for a file from which a workload is read, so that what it starts is no compose service. */
    static boolean isWorkloadFile(String file) {
        return Quadlets.isQuadlet(file) || NomadJobs.isCalledSo(file);
    }
}
