package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.yaml.Located;
import dev.panoptes.integrity.world.Enrolled;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The enrolled instances beside what is declared. */
final class EnrolledView {
    private final World world;
    private final @Nullable Enrolled enrolled;

    EnrolledView(World world) {
        this.world = world;
        this.enrolled = world.enrolled();
    }

    /** Empty also where no control plane was asked. */
    List<Instance> instances() {
        return enrolled == null ? List.of() : enrolled.instances();
    }

    /** True where it can be told who is enrolled and who is declared. */
    boolean compares() {
        return enrolled != null
                && world.declared().usable()
                && !world.registry().agents().isEmpty();
    }

    /** The agent that an instance is one of; by key, else by the name that it reports. */
    Optional<DeclaredAgent> declared(Instance instance) {
        return world.registry().agents().stream()
                .filter(agent -> is(agent, instance))
                .findFirst();
    }

    List<Instance> of(DeclaredAgent agent) {
        return instances().stream().filter(instance -> is(agent, instance)).toList();
    }

    private static boolean is(DeclaredAgent agent, Instance instance) {
        Located<String> name = agent.name();
        return Keys.same(agent.key(), instance.name())
                || (name != null && Keys.identity(name.value()).equals(Keys.identity(instance.name())));
    }

    /** What an issue about an instance affects: the agent's key where it is declared, else its name. */
    String affected(Instance instance) {
        return declared(instance).map(DeclaredAgent::key).orElse(instance.name());
    }

    static Evidence evidence(Instance instance, String what) {
        return Evidence.of("enrolled", instance.name() + " (" + instance.id() + "): " + what);
    }

    /** Where it says that it runs. */
    static String place(Instance instance) {
        return instance.host() == null ? "a host that it did not name" : instance.host();
    }

    static List<Instance> alive(List<Instance> instances) {
        List<Instance> alive = new ArrayList<>(instances);
        alive.removeIf(instance -> instance.life() != Enrolled.Life.ALIVE);
        return alive;
    }
}
