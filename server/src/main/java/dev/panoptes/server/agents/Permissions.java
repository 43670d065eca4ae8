package dev.panoptes.server.agents;

import dev.panoptes.core.registry.Keys;
import java.util.List;

/** What agents may do beside what is their own. */
final class Permissions {
    /** Telling findings. */
    static final String WRITE_FINDINGS = "write_findings";

    private Permissions() {}

    /** What an agent of this name gets when it enrolls. */
    static List<String> usual(String name) {
        return switch (Keys.link(name)) {
            case "security-agent" -> List.of("read_logs", WRITE_FINDINGS);
            case "wifi-agent" -> List.of("read_wifi", WRITE_FINDINGS);
            default -> List.of(WRITE_FINDINGS);
        };
    }
}
