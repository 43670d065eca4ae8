package dev.panoptes.cli;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Real nats-servers on free ports of loopback that are one cluster with JetStream; one user, who has a password. */
@SuppressWarnings("try") // being interrupted while one of them is closed ends the test, which is right
final class NatsCluster implements AutoCloseable {
    private final Path program;
    private final Path directory;
    private final List<Integer> ports = new ArrayList<>();
    private final List<Integer> routes = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    private NatsCluster(Path program, Path directory) {
        this.program = program;
        this.directory = directory;
    }

    static NatsCluster start(Path program, Path directory, int size)
            throws IOException, InterruptedException, TimeoutException {
        NatsCluster cluster = new NatsCluster(program, directory);
        for (int i = 0; i < size; i++) {
            try (ServerSocket port = new ServerSocket(0);
                    ServerSocket route = new ServerSocket(0)) {
                cluster.ports.add(port.getLocalPort());
                cluster.routes.add(route.getLocalPort());
            }
        }
        for (int i = 0; i < size; i++) {
            Files.createDirectories(directory.resolve("n" + i));
            Files.writeString(directory.resolve("n" + i + ".conf"), cluster.configuration(i));
            cluster.processes.add(cluster.process(i));
        }
        cluster.awaitStreams();
        return cluster;
    }

    private String configuration(int node) {
        String others = routes.stream()
                .map(route -> "nats-route://127.0.0.1:" + route)
                .collect(Collectors.joining(", ", "[", "]"));
        return """
                server_name: n%d
                listen: 127.0.0.1:%d
                jetstream { store_dir: "%s" }
                authorization { user: panoptes, password: right }
                cluster { name: c, listen: 127.0.0.1:%d, routes: %s }
                """.formatted(node, ports.get(node), directory.resolve("n" + node), routes.get(node), others);
    }

    private Process process(int node) throws IOException {
        return new ProcessBuilder(
                        program.toString(),
                        "-c",
                        directory.resolve("n" + node + ".conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("n" + node + ".log").toFile()))
                .start();
    }

    /** Until the cluster has a leader for its streams. */
    private void awaitStreams() throws IOException, InterruptedException, TimeoutException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try (Connection client = client()) {
                client.jetStreamManagement().getAccountStatistics();
                return;
            } catch (IOException | JetStreamApiException e) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("the cluster did not form", e);
                }
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    String url() {
        return ports.stream()
                .map(port -> "nats://panoptes:right@127.0.0.1:" + port)
                .collect(Collectors.joining(","));
    }

    Connection client() throws IOException, InterruptedException {
        return Nats.connect(new Options.Builder().server(url()).maxReconnects(0).build());
    }

    StreamInfo stream(String name) throws IOException, InterruptedException, JetStreamApiException {
        try (Connection client = client()) {
            return client.jetStreamManagement().getStreamInfo(name);
        }
    }

    /** Kills the node that leads a stream; its number. */
    int killLeader(String name) throws IOException, InterruptedException, JetStreamApiException {
        String node = stream(name).getClusterInfo().getLeader();
        // While it is elected there is none.
        for (int i = 0; node == null && i < 100; i++) {
            Thread.sleep(200);
            node = stream(name).getClusterInfo().getLeader();
        }
        if (node == null) {
            throw new IllegalStateException("nobody leads " + name + " after 20 s");
        }
        int leader = Integer.parseInt(node.substring(1));
        kill(leader);
        return leader;
    }

    private void kill(int node) throws InterruptedException {
        processes.get(node).destroyForcibly();
        processes.get(node).waitFor(10, TimeUnit.SECONDS);
    }

    /** Starts a node again on its data. */
    void again(int node) throws IOException {
        processes.set(node, process(node));
    }

    @Override
    public void close() throws InterruptedException {
        for (int i = 0; i < processes.size(); i++) {
            kill(i);
        }
    }
}
