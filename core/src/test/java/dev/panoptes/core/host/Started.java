package dev.panoptes.core.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that a test starts, which prints a line once it is ready and ends when the test does. */
final class Started implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    Started(Path directory, String... command) throws IOException {
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    int pid() {
        return (int) process.pid();
    }

    /** Waits for the next line. */
    String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the program ended without saying that it is ready");
        }
        return line;
    }

    /** A line that is a port. */
    int port() throws IOException {
        return Integer.parseInt(line());
    }

    /** Everything until it ends. */
    List<String> all() throws IOException, InterruptedException {
        List<String> lines = output.lines().toList();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new IOException("the program does not end");
        }
        return lines;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            output.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
