package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.world.WorldBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SystemdMissingWorkdirCheckTest {
    private final SystemdMissingWorkdirCheck check = new SystemdMissingWorkdirCheck();

    private List<String> in(String workingDirectory) throws InterruptedException {
        return Verdicts.of(
                check,
                new WorldBuilder()
                        .agent("gone", "GONE", 8001)
                        .exists("agents/there", true)
                        .exists("agents/file", false)
                        .unit(unit("x.service").workingDirectory(workingDirectory))
                        .build());
    }

    @Test
    void a_directory_that_is_not_there_is_missing() throws InterruptedException {
        assertThat(in("/opt/fleet/agents/gone")).containsExactly("fail gone [gone, units/x.service]");
        assertThat(in("/opt/fleet/agents/nobody")).containsExactly("fail x [nobody, units/x.service]");
        assertThat(in("/opt/fleet/agents/file")).containsExactly("fail x [file, units/x.service]");
    }

    @Test
    void a_directory_that_is_there_is_right() throws InterruptedException {
        assertThat(in("/opt/fleet/agents/there")).containsExactly("pass x");
        assertThat(in("/opt/fleet")).containsExactly("pass x");
    }

    @Test
    void a_directory_outside_the_deployed_tree_is_not_known() throws InterruptedException {
        assertThat(in("/var/lib/x"))
                .containsExactly(
                        "unknown x: Whether the working directory of x.service exists cannot be told: /var/lib/x lies"
                                + " outside of where the tree is deployed");
        assertThat(in("/usr/share/x")).isEmpty();
        assertThat(in(null)).isEmpty();
    }

    @Test
    void a_directory_that_a_build_makes_is_unknown() throws InterruptedException {
        assertThat(in("/opt/fleet/web/dist"))
                .singleElement()
                .asString()
                .contains("unknown x")
                .contains("dist");
    }

    @Test
    void a_directory_that_may_be_missing_is_not_accused() throws InterruptedException {
        UnitFile.Details optional =
                new UnitFile.Details(List.of(), false, null, true, null, List.of(), List.of(), true, null, null);

        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder()
                                .unit(unit("x.service")
                                        .workingDirectory("/opt/fleet/agents/gone")
                                        .details(optional))
                                .build()))
                .isEmpty();
    }

    @Test
    void each_of_an_agents_units_is_judged() throws InterruptedException {
        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder()
                                .agent("gone", "GONE", 8001)
                                .unit(unit("a.service").workingDirectory("/opt/fleet/agents/gone"))
                                .unit(unit("b.service").workingDirectory("/opt/fleet/old/gone"))
                                .build()))
                .containsExactly("fail a [gone, units/a.service]", "fail b [gone, units/b.service]");
    }
}
