package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.yaml.Located;
import dev.panoptes.integrity.world.Enrolled;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The enrolled instances beside what is declared. */
final class EnrolledView {
    private final World world;
    private final @Nullable Enrolled enrolled;
    /** Thousands are looked for among thousands. */
    private final Supplier<Map<String, Integer>> agentsByKey;

    private final Supplier<Map<String, Integer>> agentsByName;
    private final Supplier<Map<String, List<Integer>>> instancesByKey;
    private final Supplier<Map<String, List<Integer>>> instancesByName;

    EnrolledView(World world) {
        this.world = world;
        this.enrolled = world.enrolled();
        this.agentsByKey = once(() -> agents(agent -> Keys.link(agent.key())));
        this.agentsByName = once(() -> agents(EnrolledView::identity));
        this.instancesByKey = once(() -> instances(Keys::link));
        this.instancesByName = once(() -> instances(Keys::identity));
    }

    /** Not made where nobody asks for it. */
    private static <T> Supplier<T> once(Supplier<T> maker) {
        return new Supplier<>() {
            private @Nullable T made;

            @Override
            public synchronized T get() {
                T present = made;
                if (present == null) {
                    present = maker.get();
                    made = present;
                }
                return present;
            }
        };
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
        Integer byKey = agentsByKey.get().get(Keys.link(instance.name()));
        Integer byName = agentsByName.get().get(Keys.identity(instance.name()));
        return Stream.of(byKey, byName)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .map(first -> world.registry().agents().get(first));
    }

    List<Instance> of(DeclaredAgent agent) {
        Located<String> name = agent.name();
        Set<Integer> mine = new TreeSet<>(instancesByKey.get().getOrDefault(Keys.link(agent.key()), List.of()));
        if (name != null) {
            mine.addAll(instancesByName.get().getOrDefault(Keys.identity(name.value()), List.of()));
        }
        return mine.stream().map(instances()::get).toList();
    }

    /** The first agent of each name, as its place in the registry. */
    private Map<String, Integer> agents(Function<DeclaredAgent, @Nullable String> called) {
        Map<String, Integer> first = new HashMap<>();
        List<DeclaredAgent> agents = world.registry().agents();
        for (int i = 0; i < agents.size(); i++) {
            String name = called.apply(agents.get(i));
            if (name != null) {
                first.putIfAbsent(name, i);
            }
        }
        return first;
    }

    private static @Nullable String identity(DeclaredAgent agent) {
        Located<String> name = agent.name();
        return name == null ? null : Keys.identity(name.value());
    }

    /** The places of the instances of each name. */
    private Map<String, List<Integer>> instances(UnaryOperator<String> called) {
        Map<String, List<Integer>> places = new HashMap<>();
        for (int i = 0; i < instances().size(); i++) {
            places.computeIfAbsent(called.apply(instances().get(i).name()), _ -> new ArrayList<>())
                    .add(i);
        }
        return places;
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
