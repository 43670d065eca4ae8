package dev.panoptes.integrity.observed;

import dev.panoptes.core.registry.Protocol;
import dev.panoptes.integrity.observed.ProbeTarget.Destination;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plans as JSON. Who reads one decides where its probes go: loopback, or a name or address that the observer's own policy
 * allows. So a control plane cannot turn an observer against its host's metadata service.
 */
public final class ObservationPlanJson {
    private static final int MOST_PROBES = 50_000;
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,253}");
    private static final Pattern AUTHORITY = Pattern.compile("[\\x21-\\x7e&&[^@/?#\\\\]]{1,300}");
    private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e]{0,2000}");
    private static final int LARGEST_PORT = 65_535;
    private static final long LONGEST_TIMEOUT_MILLIS = 30_000;

    private final JsonMapper json = new JsonMapper();
    private final Map<String, String> resolve;

    /** @param resolve address literals by the host that a URL names, or {@link ProbeTargets#EVERY_LOCAL_NAME} for loopback */
    public ObservationPlanJson(Map<String, String> resolve) {
        this.resolve = Map.copyOf(resolve);
        resolve.values().forEach(InetAddress::ofLiteral);
    }

    /** What reading a plan gave. */
    public sealed interface Result {
        record Read(ObservationPlan plan) implements Result {}

        /** @param reason one sentence */
        record Refused(String reason) implements Result {}
    }

    public byte[] write(ObservationPlan plan) {
        ObjectNode root = json.createObjectNode();
        root.put("host", plan.host());
        root.put("declared", plan.declared());
        root.put("stale_after_seconds", plan.staleAfter().toSeconds());
        ArrayNode probes = root.putArray("probes");
        // Observers of before gRPC was asked refuse a plan with a protocol among its probes that they do not know.
        ArrayNode newer = json.createArrayNode();
        for (ProbeTarget target : plan.probes()) {
            ObjectNode probe = (target.protocol() == Protocol.GRPC ? newer : probes)
                    .addObject()
                    .put("agent", target.agent())
                    .put("protocol", target.protocol().word())
                    .put("scheme", target.scheme())
                    .put("authority", target.authority())
                    .put("host", target.host())
                    .put("port", target.port())
                    .put("path", target.path())
                    .put("timeout_ms", target.timeout().toMillis());
            if (target.key() != null) {
                probe.put("public_key", target.key());
            }
            switch (target.destination()) {
                case Destination.Addresses(List<String> literals) -> {
                    if (literals.size() == 1) {
                        probe.put("address", literals.getFirst());
                    }
                }
                case Destination.Name(String name) -> probe.put("address", name);
                case Destination.None(String reason) -> probe.put("not_asked", reason);
            }
        }
        if (!newer.isEmpty()) {
            root.set("grpc_probes", newer);
        }
        ArrayNode units = root.putArray("units");
        plan.units().forEach(units::add);
        return json.writeValueAsBytes(root);
    }

    /** Reads what {@link #write} wrote, wherever it came from; unknown fields are ignored. */
    public Result read(JsonNode root) {
        String host = root.path("host").asString("");
        long stale = root.path("stale_after_seconds").asLong(-1);
        if (!NAME.matcher(host).matches() || stale < 1 || !root.path("probes").isArray()) {
            return new Result.Refused("it lacks host, stale_after_seconds or probes");
        }
        if (root.path("probes").size() + root.path("grpc_probes").size() > MOST_PROBES
                || root.path("units").size() > MOST_PROBES) {
            return new Result.Refused("it asks for more than " + MOST_PROBES + " probes or units");
        }
        List<ProbeTarget> probes = new ArrayList<>();
        for (String list : List.of("probes", "grpc_probes")) {
            for (JsonNode probe : root.path(list)) {
                ProbeTarget target = target(probe);
                if (target == null) {
                    return new Result.Refused("a probe of it is none");
                }
                probes.add(target);
            }
        }
        List<String> units = new ArrayList<>();
        for (JsonNode unit : root.path("units")) {
            units.add(unit.asString(""));
        }
        return new Result.Read(new ObservationPlan(
                host, Math.max(0, root.path("declared").asInt(0)), Duration.ofSeconds(stale), probes, units));
    }

    private @Nullable ProbeTarget target(JsonNode probe) {
        String agent = probe.path("agent").asString("");
        // Servers of before there were others send none.
        Protocol protocol = Protocol.of(probe.path("protocol").asString(Protocol.HTTP.word()))
                .filter(Protocol::isAsked)
                .orElse(null);
        String scheme = probe.path("scheme").asString("");
        String authority = probe.path("authority").asString("");
        String host = probe.path("host").asString("");
        String path = probe.path("path").asString("");
        int port = probe.path("port").asInt(0);
        long millis = probe.path("timeout_ms").asLong(0);
        boolean fits = NAME.matcher(agent).matches()
                && (scheme.equals("http") || scheme.equals("https"))
                && AUTHORITY.matcher(authority).matches()
                && NAME.matcher(host).matches()
                && PATH.matcher(path).matches()
                && port >= 1
                && port <= LARGEST_PORT
                && millis >= 1
                && millis <= LONGEST_TIMEOUT_MILLIS;
        return fits && protocol != null
                ? new ProbeTarget(
                        agent,
                        protocol,
                        scheme,
                        authority,
                        host,
                        port,
                        path,
                        destination(probe, host),
                        Duration.ofMillis(millis),
                        probe.path("public_key").isString()
                                ? probe.path("public_key").asString("")
                                : null)
                : null;
    }

    private Destination destination(JsonNode probe, String host) {
        String address = probe.path("address").asString("");
        String configured = resolve.get(host);
        if (configured == null && address.isEmpty()) {
            configured = resolve.get(ProbeTargets.EVERY_LOCAL_NAME);
        }
        if (configured != null) {
            return new Destination.Addresses(List.of(configured));
        }
        String reason = probe.path("not_asked").asString("");
        if (!reason.isEmpty()) {
            return new Destination.None(reason.length() > 200 ? reason.substring(0, 200) : reason);
        }
        if (address.isEmpty()) {
            return new Destination.Addresses(ProbeTargets.LOOPBACK);
        }
        return isLoopback(address) ? new Destination.Addresses(List.of(address)) : new Destination.Name(address);
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.ofLiteral(address).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
