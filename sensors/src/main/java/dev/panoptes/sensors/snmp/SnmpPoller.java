package dev.panoptes.sensors.snmp;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Watch;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snmp4j.CommunityTarget;
import org.snmp4j.PDU;
import org.snmp4j.PDUv1;
import org.snmp4j.Snmp;
import org.snmp4j.event.ResponseEvent;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.AbstractVariable;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.UnsignedInteger32;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/**
 * Polls devices of versions 1 and 2c once a cycle: name, uptime, the values that the configuration names, and the state of every
 * interface. What changed since the last cycle is told as such. For one thread.
 */
final class SnmpPoller implements Watch {
    private static final long TIMEOUT_MILLIS = 1500;
    private static final int MOST_INTERFACES = 1024;
    private static final OID IF_DESCRIPTION = new OID("1.3.6.1.2.1.2.2.1.2");
    private static final OID IF_ADMIN = new OID("1.3.6.1.2.1.2.2.1.7");
    private static final OID IF_STATE = new OID("1.3.6.1.2.1.2.2.1.8");
    private static final String LAST_CONFIGURED = "1.3.6.1.4.1.9.9.43.1.1.1.0";

    private final List<SnmpDevice> devices;
    private final EventSink sink;
    private final Snmp snmp;
    private final Map<String, Known> known = new HashMap<>();

    /** What the last cycle saw of a device. */
    private static final class Known {
        private long uptime = -1;
        private long configured = -1;
        private boolean unreachable;
        private final Map<Integer, String> states = new HashMap<>();
    }

    SnmpPoller(List<SnmpDevice> devices, EventSink sink) throws IOException {
        this.devices = List.copyOf(devices);
        this.sink = sink;
        this.snmp = new Snmp(new DefaultUdpTransportMapping());
        snmp.listen();
    }

    @Override
    public void collect(Cycle cycle) throws IOException, InterruptedException {
        for (SnmpDevice device : devices) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            poll(device, cycle.time());
        }
    }

    private void poll(SnmpDevice device, Instant time) throws IOException, InterruptedException {
        Known before = known.computeIfAbsent(device.name(), name -> new Known());
        CommunityTarget<UdpAddress> target = target(device);
        PDU request = request(device, PDU.GET);
        request.add(new VariableBinding(SnmpConstants.sysUpTime));
        request.add(new VariableBinding(SnmpConstants.sysName));
        PDU answer = ask(request, target);
        if (answer == null) {
            if (!before.unreachable) {
                before.unreachable = true;
                sink.event(event(device, "device_unreachable", time).put("event.outcome", "failure"));
            }
            return;
        }
        before.unreachable = false;
        List<VariableBinding> values = new ArrayList<>(answer.getVariableBindings());
        for (String oid : device.oids()) {
            PDU one = request(device, PDU.GET);
            one.add(new VariableBinding(new OID(oid)));
            PDU told = ask(one, target);
            if (told != null) {
                values.addAll(told.getVariableBindings());
            }
        }
        for (VariableBinding value : values) {
            if (value.isException()) {
                continue;
            }
            sink.event(event(device, "polled", time)
                    .put("event.outcome", "success")
                    .put("snmp.oid", value.getOid().toDottedString())
                    .put("snmp.name", name(value.getOid()))
                    .put("snmp.type", type(value.getVariable()))
                    .put("snmp.value", value(value.getVariable())));
            changes(device, before, value, time);
        }
        interfaces(device, before, target, time);
    }

    private void changes(SnmpDevice device, Known before, VariableBinding value, Instant time)
            throws InterruptedException {
        if (!(value.getVariable() instanceof TimeTicks ticks)) {
            return;
        }
        if (value.getOid().equals(SnmpConstants.sysUpTime)) {
            if (before.uptime >= 0 && ticks.getValue() < before.uptime) {
                sink.event(event(device, "rebooted", time).put("snmp.value", ticks.getValue()));
            }
            before.uptime = ticks.getValue();
        } else if (value.getOid().toDottedString().equals(LAST_CONFIGURED)) {
            if (before.configured >= 0 && ticks.getValue() != before.configured) {
                sink.event(event(device, "config_changed", time).put("snmp.value", ticks.getValue()));
            }
            before.configured = ticks.getValue();
        }
    }

    private void interfaces(SnmpDevice device, Known before, CommunityTarget<UdpAddress> target, Instant time)
            throws IOException, InterruptedException {
        Map<Integer, Variable> names = column(device, target, IF_DESCRIPTION);
        Map<Integer, Variable> wanted = column(device, target, IF_ADMIN);
        Map<Integer, Variable> states = column(device, target, IF_STATE);
        for (Map.Entry<Integer, Variable> entry : states.entrySet()) {
            int index = entry.getKey();
            String state = state(entry.getValue());
            String was = before.states.put(index, state);
            if (was != null && was.equals(state)) {
                continue;
            }
            Variable name = names.get(index);
            Variable admin = wanted.get(index);
            sink.event(event(device, was == null ? "polled" : "interface_changed", time)
                    .put("event.outcome", "success")
                    .put("snmp.interface.index", (long) index)
                    .put("snmp.interface.name", name == null ? null : value(name))
                    .put("snmp.interface.admin_status", admin == null ? null : state(admin))
                    .put("snmp.interface.oper_status", state)
                    .put("snmp.interface.previous_status", was));
        }
    }

    /** One column of a table by its index. */
    private Map<Integer, Variable> column(SnmpDevice device, CommunityTarget<UdpAddress> target, OID column)
            throws IOException {
        Map<Integer, Variable> values = new LinkedHashMap<>();
        OID at = column;
        Set<OID> seen = new HashSet<>();
        while (values.size() < MOST_INTERFACES) {
            PDU request = request(device, PDU.GETNEXT);
            request.add(new VariableBinding(at));
            PDU answer = ask(request, target);
            if (answer == null || answer.getErrorStatus() != 0 || answer.size() == 0) {
                break;
            }
            VariableBinding next = answer.get(0);
            if (next.isException() || !next.getOid().startsWith(column) || !seen.add(next.getOid())) {
                break;
            }
            values.put(next.getOid().last(), next.getVariable());
            at = next.getOid();
        }
        return values;
    }

    private static PDU request(SnmpDevice device, int type) {
        PDU pdu = device.version().equals("1") ? new PDUv1() : new PDU();
        pdu.setType(type);
        return pdu;
    }

    private @Nullable PDU ask(PDU request, CommunityTarget<UdpAddress> target) throws IOException {
        ResponseEvent<UdpAddress> answer = snmp.send(request, target);
        return answer == null ? null : answer.getResponse();
    }

    private static CommunityTarget<UdpAddress> target(SnmpDevice device) throws IOException {
        String community = device.community();
        CommunityTarget<UdpAddress> target = new CommunityTarget<>(
                new UdpAddress(InetAddress.getByName(device.address()), device.port()),
                new OctetString(community == null ? "" : community));
        target.setVersion(device.version().equals("1") ? SnmpConstants.version1 : SnmpConstants.version2c);
        target.setTimeout(TIMEOUT_MILLIS);
        target.setRetries(1);
        return target;
    }

    private static Event.Builder event(SnmpDevice device, String action, Instant time) {
        return Event.builder()
                .put("@timestamp", time)
                .put("event.action", action)
                .put("event.category", List.of("network"))
                .put("event.type", List.of(action.endsWith("changed") ? "change" : "info"))
                .put("event.provider", "snmp_poll")
                .put("network.protocol", "snmp")
                .put("snmp.version", device.version())
                .put("snmp.device", device.name());
    }

    private static @Nullable String name(OID oid) {
        return oid.equals(SnmpConstants.sysUpTime) ? "sysUpTime" : oid.equals(SnmpConstants.sysName) ? "sysName" : null;
    }

    /** IF-MIB's words for ifAdminStatus and ifOperStatus. */
    private static String state(Variable value) {
        return switch (value.toInt()) {
            case 1 -> "up";
            case 2 -> "down";
            case 3 -> "testing";
            case 5 -> "dormant";
            case 6 -> "notPresent";
            case 7 -> "lowerLayerDown";
            default -> "unknown";
        };
    }

    private static String type(Variable value) {
        return AbstractVariable.getSyntaxString(value.getSyntax())
                .toLowerCase(java.util.Locale.ROOT)
                .replace(" ", "")
                .replace("integer32", "integer")
                .replace("objectidentifier", "oid");
    }

    private static Object value(Variable value) {
        return switch (value) {
            case UnsignedInteger32 number -> number.getValue();
            case Integer32 number -> (long) number.getValue();
            case Counter64 number -> number.getValue();
            case OctetString octets -> SnmpParser.text(octets.getValue());
            default -> value.toString();
        };
    }

    @Override
    public void close() {
        try {
            snmp.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
