package dev.panoptes.integrity.declared;

import dev.panoptes.core.issue.Evidence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * One way in which the fleet starts a program, and the ports that it claims when it is started so.
 *
 * @param kind what starts it
 * @param id how reports name it: a unit's name, {@code file#service}, {@code file#process}, a Dockerfile's path
 * @param program rootPath of the file that it starts; null where that is none of the tree, or not known
 * @param directory rootPath of the code directory that it belongs to; null where it belongs to none
 * @param space the port space that it lives in
 * @param names what other containers know it by; empty outside of containers
 * @param claims the ports that it binds in its space
 * @param published ports of the host that lead into its space
 * @param forwarded ports by which its names are asked, which lead to others of its own: those of Services
 * @param unknown why it may bind or publish others, a clause; null where these are all
 */
public record Launch(
        Kind kind,
        String id,
        @Nullable String program,
        @Nullable String directory,
        Space space,
        List<String> names,
        List<Claim> claims,
        List<Claim> published,
        List<Claim> forwarded,
        @Nullable String unknown) {
    static final String IMAGE_ONLY = "only its image knows what it binds";

    public Launch {
        names = List.copyOf(names);
        claims = List.copyOf(claims);
        published = List.copyOf(published);
        forwarded = List.copyOf(forwarded);
    }

    /** One that no Service leads to. */
    Launch(
            Kind kind,
            String id,
            @Nullable String program,
            @Nullable String directory,
            Space space,
            List<String> names,
            List<Claim> claims,
            List<Claim> published,
            @Nullable String unknown) {
        this(kind, id, program, directory, space, names, claims, published, List.of(), unknown);
    }

    public enum Kind {
        UNIT,
        SERVICE,
        /** A process of a Procfile, supervisord, PM2 or a script. */
        PROCESS,
        /** A container of a quadlet, or a task of a Nomad job. */
        WORKLOAD,
        /** A container of a pod that a Kubernetes manifest declares. */
        POD,
        /** An image that nothing of the tree starts. */
        IMAGE
    }

    /** Where ports are taken: two claims can only be in each other's way in one space. */
    public sealed interface Space {
        /** The host's own network. */
        record Host() implements Space {}

        /** @param owner the service or workload whose network it is, as {@code file#service} */
        record Container(String owner) implements Space {}
    }

    /** @param address what it is bound on; null where that is not known */
    public record Claim(
            int port, Evidence evidence, @Nullable String address) {
        Claim(int port, Evidence evidence) {
            this(port, evidence, null);
        }

        /** True where nobody but its own host or container can reach it. */
        public boolean onLoopback() {
            return ListenAddress.isLoopback(address);
        }
    }

    /** True where the tree does not show what it binds, because its image comes from elsewhere. */
    public boolean onlyItsImageKnows() {
        return IMAGE_ONLY.equals(unknown) && claims.isEmpty();
    }

    public boolean onHost() {
        return space instanceof Space.Host;
    }

    /** The ports of the host that lead to it. */
    public SequencedSet<Integer> hostPorts() {
        return ports(onHost() ? claims : published);
    }

    public SequencedSet<Integer> bound() {
        return ports(claims);
    }

    private static SequencedSet<Integer> ports(List<Claim> claims) {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        claims.forEach(claim -> ports.add(claim.port()));
        return ports;
    }

    /** True where a caller of this URL's host and port reaches it: by a port of the host, or by its name in its network. */
    public boolean serves(int port) {
        return hostPorts().contains(port)
                || (!onHost() && bound().contains(port))
                || ports(forwarded).contains(port);
    }

    /** What says what it binds and publishes. */
    public List<Evidence> evidence() {
        List<Evidence> evidence = new ArrayList<>();
        claims.forEach(claim -> evidence.add(claim.evidence()));
        published.forEach(claim -> evidence.add(claim.evidence()));
        return evidence.stream().distinct().toList();
    }
}
