package dev.panoptes.integrity.declared;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a Kafka broker sends the clients of one of its listeners (Kafka, {@code advertised.listeners}). */
public final class KafkaListeners {
    private static final Pattern LISTENER = Pattern.compile("(\\w+)://([^:/,\\s]*):([0-9]{1,5})");
    private static final List<String> PREFIXES = List.of("KAFKA_", "KAFKA_CFG_");

    private KafkaListeners() {}

    /** The loopback address that a client of this port is sent to; null where it is sent elsewhere or that is not known. */
    public static @Nullable String loopback(ComposeFile.Service broker, int port) {
        Map<String, String> known = broker.environment().known();
        for (String prefix : PREFIXES) {
            Map<String, String> advertised = of(known.get(prefix + "ADVERTISED_LISTENERS"));
            String listeners = known.get(prefix + "LISTENERS");
            Map<String, String> bound = listeners == null ? advertised : of(listeners);
            for (Map.Entry<String, String> each : bound.entrySet()) {
                String sent = advertised.getOrDefault(each.getKey(), "");
                if (each.getValue().endsWith(":" + port)
                        && ListenAddress.isLoopback(sent.substring(0, Math.max(0, sent.lastIndexOf(':'))))) {
                    return sent;
                }
            }
        }
        return null;
    }

    /** True for a port of the listeners that only controllers speak on (Kafka, {@code controller.listener.names}). */
    public static boolean isOfControllers(ComposeFile.Service broker, int port) {
        Map<String, String> known = broker.environment().known();
        for (String prefix : PREFIXES) {
            Map<String, String> bound = of(known.get(prefix + "LISTENERS"));
            String names = known.getOrDefault(prefix + "CONTROLLER_LISTENER_NAMES", "");
            boolean client = bound.entrySet().stream()
                    .anyMatch(each -> each.getValue().endsWith(":" + port)
                            && !List.of(names.split("[,\\s]+")).contains(each.getKey()));
            boolean there = bound.values().stream().anyMatch(each -> each.endsWith(":" + port));
            if (there && !client) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, String> of(@Nullable String value) {
        Map<String, String> listeners = new HashMap<>();
        for (String each : value == null ? new String[0] : value.split(",")) {
            Matcher matcher = LISTENER.matcher(each.strip());
            if (matcher.matches()) {
                listeners.put(matcher.group(1), matcher.group(2) + ":" + matcher.group(3));
            }
        }
        return listeners;
    }
}
