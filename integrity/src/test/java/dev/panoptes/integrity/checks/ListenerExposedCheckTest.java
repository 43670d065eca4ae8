package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.python;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import org.junit.jupiter.api.Test;

class ListenerExposedCheckTest {
    private final ListenerExposedCheck check = new ListenerExposedCheck();

    @Test
    void loopbackThatIsOpenToAllIsAccused() throws InterruptedException {
        var world = new WorldBuilder()
                .agent(Worlds.agent("all").url("http://localhost:8001"))
                .agent(Worlds.agent("dual").url("http://127.0.0.1:8002"))
                .agent(Worlds.agent("loop").url("http://[::1]:8003"))
                .agent(Worlds.agent("some").url("http://localhost:8004"))
                .agent(Worlds.agent("named").url("http://named:8005"))
                .agent(Worlds.agent("down").url("http://localhost:8006"))
                .snapshot(Seen.here()
                        .listener("0.0.0.0", 8001, python("/srv/all.py"))
                        .listener("::", 8002, python("/srv/dual.py"))
                        .listener("::1", 8003, python("/srv/loop.py"))
                        .listener("10.0.0.5", 8004, python("/srv/some.py"))
                        .listener("0.0.0.0", 8005, python("/srv/named.py"))
                        .build())
                .build();

        assertThat(Verdicts.of(check, world))
                .containsExactly("fail all [all]", "fail dual [dual]", "pass loop", "pass some");
    }

    @Test
    void aStrangerOnAnotherAddressIsNotTheAgent() throws InterruptedException {
        var world = new WorldBuilder()
                .agent(Worlds.agent("hermes").url("http://localhost:8001"))
                .snapshot(Seen.here()
                        .listener("127.0.0.1", 8001, python("/srv/hermes.py").pid(1))
                        .listener("0.0.0.0", 8001, python("/srv/other.py").pid(2))
                        .probe("hermes", 8001, Seen.healthy("hermes"))
                        .build())
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("pass hermes");
    }

    @Test
    void hiddenSocketsAreUnknown() throws InterruptedException {
        var world = new WorldBuilder()
                .agent(Worlds.agent("hermes").url("http://localhost:8001"))
                .snapshot(Seen.here().denied(Source.SOCKETS, "no socket table").build())
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("unknown hermes: no socket table");
    }
}
