package dev.panoptes.integrity.scan;

import static dev.panoptes.integrity.world.Seen.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Placement;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnsweredElsewhereTest {
    private static final Instant SINCE = WorldBuilder.NOW.minus(Duration.ofMinutes(3));

    private final Registry registry = new WorldBuilder()
            .host("web-1", "10.0.0.5")
            .host("web-2", "10.0.0.6")
            .agent("here", "HERE", 8013)
            .agent(Worlds.agent("far").host("web-1").port(8014))
            .agent(Worlds.agent("both")
                    .url("http://localhost:8015")
                    .placement(new Placement(List.of("web-1", "web-2"), Map.of(), 1, 2)))
            .build()
            .registry();

    private static Seen on(String host) {
        return Seen.on(host).probe("far", 8014, healthy("FAR")).probe("both", 8015, healthy("BOTH"));
    }

    private boolean has(String agent, Snapshot... remembered) {
        return new AnsweredElsewhere(registry, List.of(remembered), SINCE).has(agent);
    }

    @Test
    void anAgentThatItsOwnHostAskedNeedNotBeAskedAgain() {
        assertThat(has("far", on("web-1").build())).isTrue();
        assertThat(has("far")).isFalse();
        assertThat(has("far", on("web-2").build())).isFalse();
        assertThat(has("far", Seen.on("web-1").build())).isFalse();
    }

    @Test
    void anAgentOfSeveralHostsMustHaveBeenAskedOnEach() {
        assertThat(has("both", on("web-1").build())).isFalse();
        assertThat(has("both", on("web-1").build(), on("web-2").build())).isTrue();
    }

    @Test
    void whatIsStaleOrWasNotSeenDoesNotCount() {
        assertThat(has("far", on("web-1").taken(Duration.ofMinutes(4)).build())).isFalse();
        assertThat(has("far", on("web-1").denied(Source.PROBES, "it failed").build()))
                .isFalse();
    }

    @Test
    void theScannedHostsOwnAgentsAreAlwaysAsked() {
        assertThat(has("here", Seen.here().probe("here", 8013, healthy("HERE")).build()))
                .isFalse();
        assertThat(has("nobody", on("web-1").build())).isFalse();
    }
}
