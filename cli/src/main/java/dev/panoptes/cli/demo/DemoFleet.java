package dev.panoptes.cli.demo;

import dev.panoptes.core.Boundary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The running example fleet. Every agent is a child process that dies with this one, also where this one is killed: {@code
 * setpriv --pdeathsig} (setpriv(1), prctl(2)) sees to it.
 */
@Boundary("starts and stops the agents of the example fleet")
public final class DemoFleet implements AutoCloseable {
    static final String START_LIST = "start.list";
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final List<Path> SETPRIV = List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv"));

    private final List<Started> agents = new CopyOnWriteArrayList<>();
    private final Path fleet;
    private final List<Line> lines;
    private final String address;

    /** @throws IOException where no address of 127/8 has the fleet's ports free */
    public DemoFleet(Path fleet, RandomGenerator random) throws IOException {
        this.fleet = fleet;
        this.lines = lines(fleet.resolve(START_LIST));
        this.address = freeAddress(lines.stream().map(Line::port).toList(), random);
    }

    /** The address of 127/8 on which the agents listen. */
    public String address() {
        return address;
    }

    private static List<Line> lines(Path list) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String text : Files.readAllLines(list)) {
            if (!text.isBlank() && !text.startsWith("#")) {
                String[] words = text.split(" ");
                lines.add(new Line(words[0], words[1], words[2], Integer.parseInt(words[3])));
            }
        }
        return lines;
    }

    private record Line(String directory, String interpreter, String program, int port) {}

    private record Started(Line line, Process process) {}

    private static String freeAddress(List<Integer> ports, RandomGenerator random) throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            String candidate =
                    "127." + random.nextInt(1, 255) + "." + random.nextInt(1, 255) + "." + random.nextInt(2, 255);
            if (free(candidate, ports)) {
                return candidate;
            }
        }
        throw new IOException("the ports of the example fleet are taken on every address of 127/8 that was tried");
    }

    private static boolean free(String candidate, List<Integer> ports) {
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral(candidate), port));
            } catch (IOException e) {
                // Taken, which is the answer.
                return false;
            }
        }
        return true;
    }

    /**
     * Starts every agent of the start list and waits until each listens.
     *
     * @throws IOException where an interpreter is missing or an agent does not come up; those started are stopped by {@link #close}
     */
    public void start() throws IOException, InterruptedException {
        for (Line line : lines) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while the example fleet was started");
            }
            start(line);
        }
        awaitListening();
    }

    /** How many processes were started. */
    public int size() {
        return agents.size();
    }

    private void start(Line line) throws IOException {
        Path directory = fleet.resolve(line.directory());
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<String> command = new ArrayList<>();
        dieWithParent().ifPresent(command::addAll);
        command.add(line.interpreter());
        command.add(line.program());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("AGENT_HOST", address);
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().keySet().removeIf(name -> name.equals("PORT") || name.endsWith("_PORT"));
        try {
            agents.add(new Started(line, builder.start()));
        } catch (IOException e) {
            throw new IOException("the example fleet needs " + line.interpreter() + ", which could not be started", e);
        }
    }

    /** What a command begins with so that it ends when this process does, however that ends; empty where it cannot be had. */
    static Optional<List<String>> dieWithParent() {
        return SETPRIV.stream()
                .filter(Files::isExecutable)
                .map(path -> List.of(path.toString(), "--pdeathsig", "KILL", "--"))
                .findFirst();
    }

    /** An agent that ends during the wait is no reason to wait for its port. */
    private void awaitListening() throws IOException, InterruptedException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        List<Started> missing = new ArrayList<>(agents);
        while (true) {
            missing.removeIf(
                    agent -> !agent.process().isAlive() || answers(agent.line().port()));
            if (missing.isEmpty()) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IOException("the example fleet did not come up in " + START_LIMIT.toSeconds()
                        + " s: nothing listens for " + missing.getFirst().line().directory() + " on " + address);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), 200);
            return true;
        } catch (IOException e) {
            // Not yet.
            return false;
        }
    }

    /** Stops every agent: asked first, killed after a second. */
    @Override
    public void close() {
        for (Started agent : agents) {
            agent.process().descendants().forEach(ProcessHandle::destroy);
            agent.process().destroy();
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        for (Started agent : agents) {
            try {
                if (!agent.process().waitFor(Math.max(end - System.nanoTime(), 0), TimeUnit.NANOSECONDS)) {
                    agent.process().destroyForcibly();
                }
            } catch (InterruptedException e) {
                agent.process().destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        agents.clear();
    }
}
