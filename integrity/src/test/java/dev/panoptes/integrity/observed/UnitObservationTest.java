package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.host.HostUnit;
import dev.panoptes.core.host.Units;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.world.Seen;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Units from what systemd says into a snapshot, and through its JSON. */
class UnitObservationTest {
    private static HostUnit unit(String activeState, long activeMicros) {
        return new HostUnit(
                "hermes.service",
                List.of("hermes.service", "notify.service"),
                "loaded",
                activeState,
                "running",
                "enabled",
                "simple",
                2,
                812,
                activeMicros,
                "success",
                List.of("hermes.socket"),
                List.of("multi-user.target"),
                "/opt/fleet/agents/hermes",
                "/etc/systemd/system/hermes.service",
                List.of("/usr/bin/python3 main.py --token abc"),
                List.of("/etc/systemd/system/hermes.service.d/10-x.conf"),
                true,
                "d".repeat(64));
    }

    private static UnitState state(HostUnit unit, OptionalLong uptime) {
        return UnitObservation.of(new Units.Seen(List.of(unit), uptime)).units().getFirst();
    }

    @Test
    void tells_for_how_long_a_unit_has_been_active() {
        OptionalLong uptime = OptionalLong.of(100_000_000);

        assertThat(state(unit("active", 40_000_000), uptime).activeSeconds()).isEqualTo(60);
        assertThat(state(unit("active", 200_000_000), uptime).activeSeconds()).isZero();
        assertThat(state(unit("failed", 40_000_000), uptime).activeSeconds()).isNull();
        assertThat(state(unit("active", 40_000_000), OptionalLong.empty()).activeSeconds())
                .isNull();
        assertThat(state(unit("active", 0), uptime).aliases()).containsExactly("notify.service");
    }

    @Test
    void says_why_units_were_not_seen() {
        assertThat(UnitObservation.of(new Units.Denied("no bus")).coverage()).isEqualTo(new Coverage.Denied("no bus"));
        assertThat(UnitObservation.of(new Units.Absent("no systemd")).coverage())
                .isEqualTo(new Coverage.Absent("no systemd"));
    }

    @Test
    void survives_the_snapshots_json() throws IOException {
        Snapshot snapshot = Seen.here()
                .unit(state(unit("active", 40_000_000), OptionalLong.of(100_000_000)))
                .unit(state(unit("failed", 0), OptionalLong.empty()))
                .build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        new SnapshotJson().write(snapshot, out);

        assertThat(new SnapshotJson().read(new ByteArrayInputStream(out.toByteArray())))
                .isInstanceOfSatisfying(
                        SnapshotJson.Result.Read.class,
                        read -> assertThat(read.snapshot().units()).isEqualTo(snapshot.units()));
    }

    @Test
    void a_snapshot_of_an_older_observer_is_read_without_what_it_does_not_tell() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SnapshotJson()
                .write(
                        Seen.here()
                                .unit(state(unit("active", 1), OptionalLong.of(2)))
                                .build(),
                        out);
        String older =
                out.toString(StandardCharsets.UTF_8).replaceAll(",\"aliases\".*?\"working_directory\":\"[^\"]*\"", "");
        assertThat(older).doesNotContain("working_directory").contains("fragment_path");

        assertThat(new SnapshotJson().read(new ByteArrayInputStream(older.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOfSatisfying(SnapshotJson.Result.Read.class, read -> {
                    UnitState unit = read.snapshot().units().getFirst();
                    assertThat(unit.name()).isEqualTo("hermes.service");
                    assertThat(unit.aliases()).isEmpty();
                    assertThat(unit.activeSeconds()).isNull();
                });
    }
}
