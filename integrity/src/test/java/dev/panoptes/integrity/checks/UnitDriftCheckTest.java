package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.Seen;
import dev.panoptes.integrity.World;
import dev.panoptes.integrity.WorldBuilder;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnitDriftCheckTest {
    private final UnitDriftCheck check = new UnitDriftCheck();

    private static final String DECLARED = digest("units/hermes.service");

    private static String digest(String rootPath) {
        return new WorldBuilder()
                .unit(unit("hermes.service").at(rootPath))
                .build()
                .declarations()
                .units()
                .getFirst()
                .digest();
    }

    private static World fleet(Snapshot snapshot) {
        return new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .unit(unit("hermes.service").workingDirectory("/opt/fleet/agents/hermes"))
                .unit(unit("hermes.service").at("deploy/hermes.service"))
                .snapshot(snapshot)
                .build();
    }

    private List<String> seen(UnitStates state) throws InterruptedException {
        return Verdicts.of(check, fleet(Seen.here().unit(state.build()).build()));
    }

    private static UnitStates hermes() {
        return UnitStates.unit("hermes.service");
    }

    @Test
    void an_installed_file_that_is_none_of_the_declared_ones_has_drifted() throws InterruptedException {
        assertThat(seen(hermes().digest("f".repeat(64))))
                .containsExactly("fail hermes [hermes, deploy/hermes.service, units/hermes.service]");
    }

    @Test
    void one_that_is_a_copy_of_a_declared_one_has_not() throws InterruptedException {
        assertThat(seen(hermes().digest(DECLARED))).containsExactly("pass hermes");
        assertThat(seen(hermes().digest(digest("deploy/hermes.service")))).containsExactly("pass hermes");
    }

    @Test
    void a_unit_that_is_not_installed_or_masked_gives_no_result() throws InterruptedException {
        assertThat(seen(hermes().notFound())).isEmpty();
        assertThat(seen(hermes().masked())).isEmpty();
        assertThat(seen(UnitStates.unit("other.service"))).isEmpty();
    }

    @Test
    void what_could_not_be_read_is_unknown() throws InterruptedException {
        assertThat(seen(hermes().digest(null)))
                .containsExactly(
                        "unknown hermes: the installed file /etc/systemd/system/hermes.service could not be read");
        assertThat(Verdicts.of(
                        check,
                        fleet(Seen.here()
                                .denied(Source.UNITS, "systemctl did not answer")
                                .build())))
                .containsExactly("unknown hermes: systemctl did not answer");
        assertThat(Verdicts.of(
                        check,
                        fleet(Seen.here()
                                .absent(Source.UNITS, "not booted with systemd")
                                .build())))
                .isEmpty();
    }
}
