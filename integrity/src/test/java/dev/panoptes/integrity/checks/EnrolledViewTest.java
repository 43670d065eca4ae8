package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.world.Enrolled.Configuration;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.Enrolled.Life;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose instance is whose, by key and by the name that it reports. */
class EnrolledViewTest {
    private static Instance instance(String name, String host) {
        return new Instance(
                "id-" + name,
                name,
                host,
                null,
                null,
                Duration.ofSeconds(30),
                Life.ALIVE,
                null,
                List.of(),
                Configuration.NONE,
                null,
                null);
    }

    private static WorldBuilder fleet() {
        return new WorldBuilder()
                .agent(Worlds.agent("silent").port(8001))
                .agent(Worlds.agent("event_bus").name("Post Office").port(8002))
                .agent(Worlds.agent("second").name("post-office").port(8003))
                .agent(Worlds.agent("other").name("silent").port(8004));
    }

    /** An instance's name and the agents that it is of, the first of which the view names; none for a stranger. */
    @ParameterizedTest
    @CsvSource({
        "event-bus, event_bus, event_bus",
        "POST OFFICE, event_bus, event_bus second",
        "silent, silent, silent other",
        "second, second, second",
        "nobody, , ''",
        "'', , ''",
    })
    void anInstanceIsOfWhoseKeyOrNameItReports(String name, String declared, String all) {
        Instance instance = instance(name, "web-1");
        World world = fleet().enrolled(instance("else", null), instance).build();
        EnrolledView view = new EnrolledView(world);

        assertThat(view.declared(instance).map(DeclaredAgent::key).orElse(null)).isEqualTo(declared);
        assertThat(view.affected(instance)).isEqualTo(declared == null ? name : declared);
        assertThat(String.join(
                        " ",
                        world.registry().agents().stream()
                                .filter(agent -> view.of(agent).equals(List.of(instance)))
                                .map(DeclaredAgent::key)
                                .toList()))
                .isEqualTo(all);
    }

    @Test
    void aPlaceIsTheHostThatAnInstanceNamed() {
        assertThat(EnrolledView.place(instance("a", "web-1"))).isEqualTo("web-1");
        assertThat(EnrolledView.place(instance("a", null))).isEqualTo("a host that it did not name");
    }

    @Test
    void withoutAControlPlaneNobodyIsCompared() {
        assertThat(new EnrolledView(fleet().build()).compares()).isFalse();
        assertThat(new EnrolledView(fleet().build()).instances()).isEmpty();
        assertThat(new EnrolledView(fleet().enrolled().build()).compares()).isTrue();
        assertThat(new EnrolledView(fleet().brokenRegistry().enrolled().build()).compares())
                .isFalse();
        assertThat(new EnrolledView(new WorldBuilder().enrolled().build()).compares())
                .as("nobody is declared")
                .isFalse();
    }
}
