package dev.panoptes.cli.child;

import dev.panoptes.core.Boundary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Removes a folder of servers and their database when this process is gone, however it ended: a shell that waits for the end of its
 * input, then for the servers, whose own guards end them.
 */
@Boundary("starts the shell that waits")
public final class FolderGuard implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 40;

    private static final String SCRIPT = """
        trap '' INT TERM HUP
        read -r _
        i=0
        while ls -d "$1"/server-* >/dev/null 2>&1 && [ "$i" -lt 250 ]; do
            i=$((i + 1))
            sleep 0.1
        done
        database=$(head -n 1 "$1/db/postgresql/data/postmaster.pid" 2>/dev/null)
        [ -n "$database" ] && grep -qs "$1" "/proc/$database/cmdline" && kill -QUIT "$database" && sleep 1
        rm -rf "$1"
        """;

    private final Process guard;

    public FolderGuard(Path folder) throws IOException {
        guard = new ProcessBuilder("sh", "-c", SCRIPT, "guard", folder.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Removes the folder now. */
    @Override
    public void close() throws IOException {
        guard.getOutputStream().close();
        try {
            guard.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
