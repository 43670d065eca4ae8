package dev.panoptes.sensors.snmp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message.
 *
 * @param version 1, 2c or 3
 * @param community of versions 1 and 2c; null for 3. Never told.
 * @param user of version 3; null for 1 and 2c
 * @param engineId hexadecimal; null for 1 and 2c
 * @param secured true where the message proved that it is the user's
 * @param pdu tag of what it carries: 0xa4 trap of version 1, 0xa6 inform, 0xa7 trap
 * @param trap what a trap or inform says; null for other messages
 * @param bindings the variables as they were encoded, for an answer
 */
record SnmpMessage(
        String version,
        byte @Nullable [] community,
        @Nullable String user,
        @Nullable String engineId,
        boolean secured,
        int pdu,
        long requestId,
        @Nullable Trap trap,
        byte[] bindings) {
    static final int TRAP_V1 = 0xa4;
    static final int INFORM = 0xa6;
    static final int TRAP = 0xa7;

    /** One variable; its value is a number or text, null where it has none. */
    record Variable(String oid, String type, @Nullable Object value) {}

    /**
     * What a trap says.
     *
     * @param enterprise null where it is not told
     * @param agentAddress of version 1; null elsewhere
     * @param uptimeTicks hundredths of a second since the agent's start; null where not told
     */
    record Trap(
            String oid,
            @Nullable String enterprise,
            @Nullable String agentAddress,
            @Nullable Long uptimeTicks,
            List<Variable> variables) {
        Trap {
            variables = List.copyOf(variables);
        }
    }
}
