package dev.panoptes.integrity.declared;

import dev.panoptes.core.issue.Evidence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service as a definition of Consul registers it: where callers that ask Consul are sent (Consul, "Define services").
 *
 * @param id {@code id}, else {@code name}
 * @param file rootPath
 * @param address null where callers are sent to the node's own address
 * @param port null where it is absent, or not known
 * @param checks ports that Consul asks on the node itself
 */
public record ServiceEntry(
        String name,
        String id,
        String file,
        int line,
        @Nullable String address,
        @Nullable Integer port,
        List<Check> checks) {
    public ServiceEntry {
        checks = List.copyOf(checks);
    }

    /** @param loopback true where it asks the node itself, not an address of a network */
    public record Check(int port, boolean loopback, Evidence evidence) {}

    /** How reports name it. */
    public String subject() {
        return file + "#" + id;
    }

    public Evidence evidence() {
        return new Evidence(
                "launch",
                file,
                line,
                "service " + name + (address == null ? "" : ", address " + address)
                        + (port == null ? "" : ", port " + port));
    }
}
