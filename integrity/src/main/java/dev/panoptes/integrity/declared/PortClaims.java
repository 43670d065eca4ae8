package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * The ports that the code of a directory claims: those that its runnable programs bind, and those that its Dockerfile passes
 * to a module that is there.
 *
 * @param claims in order of appearance
 * @param unresolved binds whose port is not known
 */
public record PortClaims(List<Claim> claims, List<Unresolved> unresolved) {
    public PortClaims {
        claims = List.copyOf(claims);
        unresolved = List.copyOf(unresolved);
    }

    public record Claim(PortValue.Known port, Evidence evidence) {}

    public record Unresolved(PortValue.Unresolved port, Evidence evidence) {
        /** One sentence that names the place and the reason. */
        public String reason() {
            return "The port bound at " + evidence.file() + ":" + evidence.line() + " is not known: " + port.reason();
        }
    }

    /** Without repetition. */
    public SequencedSet<Integer> ports() {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        claims.forEach(claim -> ports.add(claim.port().port()));
        return ports;
    }

    /** Where this port is claimed. */
    public List<Evidence> evidence(int port) {
        return claims.stream()
                .filter(claim -> claim.port().port() == port)
                .map(Claim::evidence)
                .toList();
    }

    public Optional<Unresolved> firstUnresolved() {
        return unresolved.stream().findFirst();
    }
}
