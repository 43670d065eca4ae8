package dev.panoptes.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapturedHostTest {
    private static final Path CAPTURED = Path.of("src/test/fixtures/debian12-cgroup1");

    private static Listeners.Seen seen(Path root) throws InterruptedException {
        return switch (new Host(root).listenersWithCode()) {
            case Listeners.Seen seen -> seen;
            case Listeners.Unseen(String reason) -> throw new AssertionError(reason);
        };
    }

    @Test
    void aCapturedTreeShowsWhatTheHostShowed() throws InterruptedException {
        Listeners.Seen seen = seen(CAPTURED);

        assertThat(new Host(CAPTURED).name()).hasValue("web-1");
        assertThat(seen.ownersHidden()).isNull();
        assertThat(seen.sockets())
                .extracting(
                        owned -> owned.socket().address() + " " + owned.socket().port() + " "
                                + owned.owners().stream().map(HostProcess::pid).toList())
                .containsExactlyInAnyOrder(
                        "127.0.0.1 8014 [6]",
                        ":: 8015 [7]",
                        "0.0.0.0 8020 [8]",
                        "0.0.0.0 8020 [15]",
                        ":: 8020 [8, 15]");
    }

    @Test
    void ownersHaveTheirScriptUnitAndContainer() throws InterruptedException {
        HostProcess hermes = seen(CAPTURED).sockets().getFirst().owners().getFirst();

        assertThat(hermes.exe()).isEqualTo("/usr/bin/python3.11");
        assertThat(hermes.cwd()).isEqualTo("/opt/fleet/agents/hermes");
        assertThat(hermes.command()).containsExactly("/usr/bin/python3", "-u", "main.py");
        assertThat(hermes.script()).isEqualTo("/opt/fleet/agents/hermes/main.py");
        assertThat(hermes.realScript()).isEqualTo("/opt/fleet/agents/hermes/main.py");
        assertThat(hermes.unit()).isEqualTo("hermes.service");
        assertThat(hermes.uid()).isZero();
        assertThat(hermes.apart()).isNull();
        assertThat(hermes.codeDigest()).hasSize(64);

        HostProcess atlas = seen(CAPTURED).sockets().get(1).owners().getFirst();
        assertThat(atlas.script()).isEqualTo("/opt/fleet/agents/atlas/server.js");
        assertThat(atlas.unit()).isNull();

        HostProcess varys = seen(CAPTURED).sockets().getLast().owners().getLast();
        assertThat(varys.parentPid()).isEqualTo(8);
        assertThat(varys.container()).startsWith("4c01db0b339c");
        assertThat(varys.apart()).isEqualTo("it runs in container 4c01db0b339c");
        assertThat(varys.codeDigest()).isNull();
    }

    @Test
    void aTreeWithoutProcessesHidesTheOwnersOnly(@TempDir Path root) throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("proc/net"));
        Files.copy(CAPTURED.resolve("proc/net/tcp"), root.resolve("proc/net/tcp"));

        Listeners.Seen seen = seen(root);

        assertThat(seen.sockets()).hasSize(3);
        assertThat(seen.ownersHidden()).isEqualTo("the captured tree holds no open files of processes");
        assertThat(seen.sockets().getFirst().ownerUnknown())
                .isEqualTo("the captured tree holds no open files of processes");
    }

    @Test
    void aTreeWithoutSocketTableIsUnseen(@TempDir Path root) throws InterruptedException {
        assertThat(new Host(root).listeners())
                .isEqualTo(new Listeners.Unseen("there is no socket table /proc/net/tcp"));
    }
}
