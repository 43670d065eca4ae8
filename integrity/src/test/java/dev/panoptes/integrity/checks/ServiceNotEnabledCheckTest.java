package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServiceNotEnabledCheckTest {
    private static final List<String> PASS = List.of("pass hermes");
    private static final List<String> FAIL = List.of("fail hermes [hermes]");

    private final ServiceNotEnabledCheck check = new ServiceNotEnabledCheck();

    private List<String> seen(UnitStates state) throws InterruptedException {
        return seen(Seen.here().unit(state.build()).build());
    }

    private List<String> seen(Snapshot snapshot) throws InterruptedException {
        return Verdicts.of(
                check,
                new WorldBuilder()
                        .agent("hermes", "HERMES", 8014)
                        .unit(unit("hermes.service").workingDirectory("/opt/fleet/agents/hermes"))
                        .snapshot(snapshot)
                        .build());
    }

    private static UnitStates hermes() {
        return UnitStates.unit("hermes.service");
    }

    @Test
    void a_unit_that_nothing_starts_at_boot_fails() throws InterruptedException {
        assertThat(seen(hermes().enabled("disabled"))).isEqualTo(FAIL);
        assertThat(seen(hermes().enabled("linked"))).isEqualTo(FAIL);
        assertThat(seen(hermes().enabled("enabled-runtime").wantedBy("multi-user.target")))
                .isEqualTo(FAIL);
        assertThat(seen(hermes().masked())).isEqualTo(FAIL);
    }

    @Test
    void a_unit_that_something_starts_is_right() throws InterruptedException {
        assertThat(seen(hermes().enabled("enabled"))).isEqualTo(PASS);
        assertThat(seen(hermes().enabled("static"))).isEqualTo(PASS);
        assertThat(seen(hermes().enabled("generated"))).isEqualTo(PASS);
        assertThat(seen(hermes().enabled("disabled").wantedBy("fleet.target"))).isEqualTo(PASS);
        assertThat(seen(hermes().enabled("disabled").triggeredBy("hermes.socket")))
                .isEqualTo(PASS);
    }

    @Test
    void a_unit_that_is_not_installed_is_left_to_service_not_running() throws InterruptedException {
        assertThat(seen(hermes().notFound())).isEmpty();
        assertThat(seen(UnitStates.unit("other.service").enabled("disabled"))).isEmpty();
    }

    @Test
    void what_could_not_be_seen_is_unknown_and_a_host_without_systemd_enables_nothing() throws InterruptedException {
        assertThat(seen(Seen.here()
                        .denied(Source.UNITS, "systemctl did not answer")
                        .build()))
                .containsExactly("unknown hermes: systemctl did not answer");
        assertThat(seen(Seen.here()
                        .absent(Source.UNITS, "not booted with systemd")
                        .build()))
                .isEmpty();
        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder().agent("hermes", "HERMES", 8014).build()))
                .isEmpty();
    }
}
