package dev.panoptes.sensors;

import dev.panoptes.sensors.auth.AuthSensor;
import dev.panoptes.sensors.dns.DnsSensor;
import dev.panoptes.sensors.fileintegrity.FileIntegritySensor;
import dev.panoptes.sensors.flow.FlowSensor;
import dev.panoptes.sensors.kernelaudit.AuditSensor;
import dev.panoptes.sensors.peripheral.PeripheralSensor;
import dev.panoptes.sensors.persistence.PersistenceSensor;
import dev.panoptes.sensors.proc.ProcSensor;
import dev.panoptes.sensors.snmp.SnmpSensor;
import java.util.List;
import java.util.Optional;

/** Every sensor there is. To add one, write its package and its line here. */
public final class Sensors {
    private Sensors() {}

    /** In the order of the documentation. */
    public static List<Sensor> all() {
        return List.of(
                new ProcSensor(),
                new AuthSensor(),
                new DnsSensor(),
                new FileIntegritySensor(),
                new PersistenceSensor(),
                new AuditSensor(),
                new PeripheralSensor(),
                new SnmpSensor(),
                new FlowSensor());
    }

    /** By its name or an older one; empty where there is none. */
    public static Optional<Sensor> find(String name) {
        String wanted = name.equals("flowagent") ? "flow" : name;
        return all().stream().filter(sensor -> sensor.name().equals(wanted)).findFirst();
    }
}
