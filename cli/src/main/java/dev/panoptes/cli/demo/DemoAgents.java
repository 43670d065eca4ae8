package dev.panoptes.cli.demo;

import dev.panoptes.core.Boundary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reference agents that speak for the example fleet: one process for all but one, and one that is configured, disturbed, killed
 * and started again. They die with this process.
 */
@Boundary("starts and stops the reference agents of the demo")
final class DemoAgents implements AutoCloseable {
    private final Path programs;
    private final Path folder;
    private final String server;
    private final List<Process> running = new ArrayList<>();
    private @Nullable Process one;

    /** @param programs the folder of the reference agent @param folder where they keep their keys */
    DemoAgents(Path programs, Path folder, String server) {
        this.programs = programs;
        this.folder = folder;
        this.server = server;
    }

    /** Enrolls all of them. @param token good for so many */
    void enroll(List<String> names, String special, String token) throws IOException {
        List<String> words = new ArrayList<>(names);
        words.remove(special);
        words.add("--");
        running.add(start("many.py", words, token));
        one = start("agent.py", List.of("--name", special), token);
    }

    /** The special one is gone without a word. */
    void killOne() throws InterruptedException {
        if (one != null) {
            one.destroyForcibly().waitFor();
        }
    }

    /** The special one comes back; it has its key. */
    void startOne(String special) throws IOException {
        one = start("agent.py", List.of("--name", special), "");
    }

    private Process start(String program, List<String> words, String token) throws IOException {
        List<String> command = new ArrayList<>();
        DemoFleet.dieWithParent().ifPresent(command::addAll);
        command.add("python3");
        command.add(programs.resolve(program).toString());
        command.addAll(words);
        command.addAll(List.of("--server", server, "--data-dir", folder.toString(), "--no-heartbeat"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(program + ".log").toFile()));
        builder.environment().put("PANOPTES_ENROLLMENT_TOKEN", token);
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException("the reference agent needs python3, which could not be started", e);
        }
    }

    @Override
    public void close() {
        if (one != null) {
            running.add(one);
        }
        running.forEach(Process::destroy);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        for (Process process : running) {
            try {
                if (!process.waitFor(Math.max(end - System.nanoTime(), 0), TimeUnit.NANOSECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
