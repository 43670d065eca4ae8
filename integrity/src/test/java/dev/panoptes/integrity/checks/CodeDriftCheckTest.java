package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.python;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import org.junit.jupiter.api.Test;

class CodeDriftCheckTest {
    private final CodeDriftCheck check = new CodeDriftCheck();

    @Test
    void changedCodeIsAccused() throws InterruptedException {
        var world = new WorldBuilder()
                .agent("same", "SAME", 8001)
                .agent("changed", "CHANGED", 8002)
                .agent("new", "NEW", 8003)
                .agent("down", "DOWN", 8004)
                .recorded("same", "aaaa", "cccc")
                .recorded("changed", "aaaa")
                .recorded("down", "aaaa")
                .snapshot(Seen.here()
                        .listener(8001, python("/srv/same.py").digest("aaaa"))
                        .listener(8002, python("/srv/changed.py").digest("bbbb"))
                        .listener(8003, python("/srv/new.py").digest("dddd"))
                        .build())
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("fail changed [changed]", "pass same");
    }

    @Test
    void codeThatCouldNotBeReadIsUnknown() throws InterruptedException {
        var world = new WorldBuilder()
                .agent("hidden", "HIDDEN", 8001)
                .agent("inline", "INLINE", 8002)
                .recorded("hidden", "aaaa")
                .recorded("inline", "aaaa")
                .snapshot(Seen.here()
                        .listener(8001)
                        .listener(8002, python("app.py"))
                        .build())
                .build();

        assertThat(Verdicts.of(check, world))
                .containsExactly(
                        "unknown hidden: owners hidden from uid 1000",
                        "unknown inline: the code of the process could not be read");
    }

    @Test
    void withoutABaselineThereIsNoVerdict() throws InterruptedException {
        var world = new WorldBuilder()
                .agent("hermes", "HERMES", 8001)
                .snapshot(Seen.here().denied(Source.SOCKETS, "no").build())
                .build();

        assertThat(Verdicts.of(check, world)).isEmpty();
    }
}
