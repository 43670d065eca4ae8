package dev.panoptes.sensors.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import dev.panoptes.core.host.Privileges.Capability;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Sensors;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of this machine's kernel, against what really happens. What this user may not open is left out, and said by status. */
class LiveSourcesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Map<String, String> positions = new ConcurrentHashMap<>();
    private final Map<String, Long> lost = new ConcurrentHashMap<>();
    private final BlockingQueue<Event> told = new LinkedBlockingQueue<>();

    private final EventSink sink = new EventSink() {
        @Override
        public void event(Event.Builder event) {
            told.add(event.build());
        }

        @Override
        public void lost(Loss reason, String provider, long count) {
            lost.merge(provider + " " + reason, count, Long::sum);
        }

        @Override
        public void malformed(String provider, long count) {}

        @Override
        public void position(String source, String position) {
            positions.put(source, position);
        }

        @Override
        public void flush() {}
    };

    private Surroundings surroundings() throws IOException {
        return new Surroundings(
                Host.live(),
                Privileges.current(),
                InstantSource.system(),
                ZoneOffset.UTC,
                Settings.none(),
                source -> Optional.ofNullable(positions.get(source)),
                Files.createDirectories(directory.resolve("state")),
                false);
    }

    private static Sensor sensor(String name) {
        return Sensors.find(name).orElseThrow();
    }

    /** Does it again and again: a source may have been opened a moment after the first time. */
    private Event await(Doing doing, Predicate<Event> wanted) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            doing.happen();
            for (Event event = told.poll(500, TimeUnit.MILLISECONDS); event != null; event = told.poll()) {
                if (wanted.test(event)) {
                    return event;
                }
            }
        }
        throw new AssertionError("nothing of the kind was told");
    }

    @FunctionalInterface
    private interface Doing {
        void happen() throws IOException, InterruptedException;
    }

    @Test
    void aProcessThatEndsAtOnceIsToldByTheConnector() throws IOException, InterruptedException {
        Surroundings here = surroundings();
        assumeTrue(
                sensor("proc").status(here) instanceof SensorStatus.Permitted,
                "the connector speaks to CAP_NET_ADMIN in the machine's first namespaces");
        Path program = Files.copy(Path.of("/bin/true"), directory.resolve("short-lived"));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        try (Watch watch = sensor("proc").open(here, sink)) {
            watch.collect(new Cycle(1, here.clock().instant()));
            told.clear();
            Event started = await(
                    () -> new ProcessBuilder(program.toString(), "argument")
                            .start()
                            .waitFor(),
                    event -> "process_started".equals(event.action())
                            && event.json().contains("short-lived")
                            && event.json().contains("argument"));
            assertThat(started.text("event.provider")).isEqualTo("proc_connector");
            assertThat(watch.degraded()).isNull();
        }
    }

    @Test
    void aQuestionToANameServerIsSeenOnTheWire() throws IOException, InterruptedException {
        Surroundings here = surroundings();
        assumeTrue(here.privileges().has(Capability.NET_RAW), "packets are seen with CAP_NET_RAW");
        ByteArrayOutputStream query = new ByteArrayOutputStream();
        query.write(new byte[] {0, 42, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : new String[] {"live", "sources", "example"}) {
            query.write(label.length());
            query.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.write(new byte[] {0, 0, 1, 0, 1});
        byte[] bytes = query.toByteArray();
        try (Watch watch = sensor("dns").open(here, sink);
                DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            watch.collect(new Cycle(1, here.clock().instant()));
            // Whether anybody answers there does not matter.
            Event asked = await(
                    () -> client.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), 53)),
                    event -> "live.sources.example".equals(event.text("dns.question.name")));
            assertThat(asked.action()).isEqualTo("query");
        }
    }

    /**
     * A record that the kernel itself makes, without a rule and also where auditing is switched off: a process that may only read,
     * write and end asks for something else and is killed (prctl(2), SECCOMP_MODE_STRICT).
     */
    @Test
    void aRecordOfTheKernelIsToldAsItComes() throws IOException, InterruptedException {
        Surroundings here = surroundings();
        Path perl = Path.of("/usr/bin/perl");
        String prctl = switch (System.getProperty("os.arch")) {
            case "amd64" -> "157";
            case "aarch64" -> "167";
            default -> "";
        };
        assumeTrue(
                sensor("kernel_audit").status(here) instanceof SensorStatus.Permitted
                        && Files.isExecutable(perl)
                        && !prctl.isEmpty(),
                "records come to CAP_AUDIT_READ in the machine's first namespaces");
        try (Watch watch = sensor("kernel_audit").open(here, sink)) {
            watch.collect(new Cycle(1, here.clock().instant()));
            Set<Long> pids = new HashSet<>();
            Event killed = await(
                    () -> pids.add(kill(perl, prctl)),
                    event -> event.number("process.pid") != null && pids.contains(event.number("process.pid")));
            assertThat(killed.text("event.provider")).isEqualTo("audit_netlink");
            assertThat(killed.values("auditd.record_types")).containsExactly("SECCOMP");
            assertThat(killed.number("auditd.serial")).isPositive();
            assertThat(killed.text("process.name")).isEqualTo("perl");
            assertThat(killed.text("user.id"))
                    .isEqualTo(String.valueOf(here.privileges().uid()));
            assertThat(Duration.between(
                            Instant.parse(killed.text("@timestamp")),
                            here.clock().instant()))
                    .isLessThan(Duration.ofMinutes(2));
            assertThat(watch.degraded()).isNull();
        }
        assertThat(positions).containsKey("audit_netlink");
        assertThat(lost).isEmpty();
        kill(perl, prctl);
        kill(perl, prctl);
        try (Watch again = sensor("kernel_audit").open(surroundings(), sink)) {
            again.collect(new Cycle(2, here.clock().instant()));
            await(() -> kill(perl, prctl), event -> true);
        }
        assertThat(lost)
                .as("what the kernel told while nobody listened")
                .hasEntrySatisfying(
                        "auditd SOURCE_GAP", count -> assertThat(count).isGreaterThanOrEqualTo(2));
    }

    private static long kill(Path perl, String prctl) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(perl.toString(), "-e", "syscall(" + prctl + ", 22, 1, 0, 0, 0); getppid()").start();
        assertThat(process.waitFor()).as("killed").isEqualTo(128 + 9);
        return process.pid();
    }

    @Test
    void uEventsAndAuditRecordsCanBeWaitedForWhereTheStatusSaysSo() throws IOException, InterruptedException {
        Surroundings here = surroundings();
        for (String name : new String[] {"peripheral", "kernel_audit"}) {
            SensorStatus status = sensor(name).status(here);
            try (Watch watch = sensor(name).open(here, sink)) {
                watch.collect(new Cycle(1, here.clock().instant()));
                if (status instanceof SensorStatus.Permitted) {
                    assertThat(watch.degraded()).as(name).isNull();
                }
            }
        }
    }
}
