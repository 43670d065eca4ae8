package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.box;
import static dev.panoptes.integrity.world.Seen.python;
import static dev.panoptes.integrity.world.Worlds.service;

import dev.panoptes.core.registry.Placement;
import dev.panoptes.core.registry.Protocol;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.report.Golden;
import dev.panoptes.integrity.world.Enrolled.Configuration;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.Enrolled.Life;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every word that checks say of what was observed: containers, units, answers and instances. */
class ObservedTextTest {
    private static final Instant NOW = WorldBuilder.NOW;

    private static void golden(String name, World world, Check... checks) throws IOException, InterruptedException {
        Golden.check("verdicts-" + name + ".txt", Verdicts.text(world, checks));
    }

    private static Seen.Box of(String service) {
        return box(service + "-1", "example/" + service).compose("compose.yaml", service);
    }

    @Test
    void containers() throws IOException, InterruptedException {
        Seen seen = Seen.here()
                .container(of("api").publishes(8001, 8000).listens("0.0.0.0", 8000))
                .container(of("again").state("restarting", 3))
                .container(of("often").restarts(5, Duration.ofMinutes(1)))
                .container(of("calm").restarts(5, Duration.ofDays(2)))
                .container(of("sick").health("unhealthy"))
                .container(of("ended").state("exited", 2).policy("no"))
                .container(of("killed").state("exited", 137).policy("no"))
                .container(of("dead").state("dead", 1))
                .container(of("made").state("created", 0))
                .container(of("stopped").state("exited", 0))
                .container(of("job").state("exited", 0).policy("no"))
                .container(of("inner").publishes(8002, 8000).listens("127.0.0.1", 8000))
                .container(of("other")
                        .publishes(8003, 8000)
                        .listens("0.0.0.0", 9000)
                        .listens("::", 9000))
                .container(of("mute").publishes(8004, 8000))
                .container(of("unseen").publishes(8005, 8000).unseen())
                .container(of("fresh").publishes(8006, 8000).restarts(0, Duration.ofSeconds(2)))
                .container(of("wide").publishes(8007, 8000).onHostNetwork());
        WorldBuilder world = new WorldBuilder()
                .agent("inner", "INNER", 8002)
                .agent("sick", "SICK", 8010)
                .agent("none", "NONE", 8011)
                .compose(Worlds.compose(
                        "compose.yaml",
                        service("api").image("example/api").publishes(8001, 8000),
                        service("again"),
                        service("often"),
                        service("calm"),
                        service("sick"),
                        service("ended"),
                        service("killed"),
                        service("dead"),
                        service("made"),
                        service("stopped"),
                        service("job"),
                        service("inner").publishes(8002, 8000),
                        service("other").publishes(8003, 8000),
                        service("mute").publishes(8004, 8000),
                        service("unseen").publishes(8005, 8000),
                        service("fresh").publishes(8006, 8000),
                        service("wide"),
                        service("none").image("example/none"),
                        service("asked").profile("debug")))
                .snapshot(seen.build());
        golden(
                "containers",
                world.build(),
                new ContainerFailingCheck(),
                new ContainerMissingCheck(),
                new ContainerPortSilentCheck());
    }

    @Test
    void answers() throws IOException, InterruptedException {
        World world = new WorldBuilder()
                .agent(Worlds.agent("json").name("JSON").port(8001))
                .agent(Worlds.agent("status").port(8002).statusOnly())
                .agent(Worlds.agent("grpc").port(8003).protocol(Protocol.GRPC))
                .agent(Worlds.agent("well").port(8004))
                .agent(Worlds.agent("silent").port(8005).unit("silent.service"))
                .agent(Worlds.agent("gone").port(8006))
                .snapshot(Seen.here()
                        .listener(8001, python("/opt/fleet/agents/json/main.py"))
                        .listener(8002)
                        .listener(8003)
                        .listener(8004)
                        .probe("json", 8001, Seen.faulty("answered with status 500"))
                        .probe("status", 8002, Seen.faulty("answered with status 404"))
                        .probe("grpc", 8003, Seen.faulty("answers NOT_SERVING"))
                        .probe("well", 8004, Seen.healthy("well"))
                        .unit(unit("silent.service", "active", "enabled", List.of()))
                        .build())
                .build();
        golden("answers", world, new HealthCheckErrorCheck(), new PortNotListeningCheck());
    }

    private static UnitState unit(String name, String active, String file, List<String> wantedBy) {
        return new UnitState(
                name,
                file.equals("masked") ? "masked" : "loaded",
                active,
                active.equals("active") ? "running" : "dead",
                file,
                0,
                active.equals("active") ? 4000 : 0,
                file.equals("transient") ? "/run/systemd/transient/" + name : "/etc/systemd/system/" + name,
                null,
                "success",
                List.of(),
                "simple",
                active.equals("active") ? 3_600L : null,
                List.of(),
                wantedBy,
                "",
                null);
    }

    @Test
    void units() throws IOException, InterruptedException {
        WorldBuilder world = new WorldBuilder();
        for (String key : List.of("on", "off", "wanted", "masked", "transient", "static", "blank", "down")) {
            world.agent(
                    key.equals("off")
                            ? Worlds.agent(key).port(8001)
                            : Worlds.agent(key).port(8001).unit(key + ".service"));
        }
        golden(
                "units",
                world.snapshot(Seen.here()
                                .unit(unit("on.service", "active", "enabled", List.of("multi-user.target")))
                                .unit(unit("off.service", "active", "disabled", List.of()))
                                .unit(unit("wanted.service", "active", "disabled", List.of("other.target")))
                                .unit(unit("masked.service", "inactive", "masked", List.of()))
                                .unit(unit("transient.service", "active", "transient", List.of()))
                                .unit(unit("static.service", "active", "static", List.of()))
                                .unit(unit("blank.service", "active", "", List.of()))
                                .unit(unit("down.service", "inactive", "enabled", List.of("multi-user.target")))
                                .build())
                        .build(),
                new ServiceNotEnabledCheck(),
                new ServiceNotRunningCheck());
    }

    private static Instance instance(String id, String name, String host, Duration age, Configuration configuration) {
        return new Instance(
                id,
                name,
                host,
                age == null ? null : NOW.minus(age),
                NOW.minusSeconds(5),
                Duration.ofSeconds(30),
                Life.ALIVE,
                null,
                List.of(),
                configuration,
                null,
                null);
    }

    private static Configuration configuration(
            int wanted, Duration since, Integer running, String hash, String state, String error) {
        return new Configuration(
                wanted, "wanted", since == null ? null : NOW.minus(since), running, hash, state, error);
    }

    @Test
    void instances() throws IOException, InterruptedException {
        Duration old = Duration.ofHours(2);
        World world = new WorldBuilder()
                .agent("one", "ONE", 8001)
                .agent(Worlds.agent("two").port(8002).placement(new Placement(List.of(), Map.of(), 1, 2)))
                .enrolled(
                        instance("a1", "one", "web-1", old, configuration(3, old, 3, "wanted", "APPLIED", null)),
                        instance("a2", "ONE", null, old, configuration(3, old, 2, null, "APPLIED", null)),
                        instance(
                                "a3",
                                "one",
                                "web-2",
                                Duration.ofMinutes(9),
                                configuration(3, old, 3, "other", null, null)),
                        instance("a4", "one", "web-2", null, configuration(3, old, null, "other", null, null)),
                        instance("b1", "two", "web-1", old, configuration(3, old, 2, null, "FAILED", "no such key")),
                        instance("b2", "two", "web-2", old, configuration(3, old, 2, null, "FAILED", null)),
                        instance(
                                "b3",
                                "two",
                                "web-3",
                                old,
                                configuration(3, Duration.ofSeconds(10), 2, null, null, null)),
                        instance("c1", "stranger", "web-1", old, configuration(0, old, 2, null, null, null)),
                        instance("c2", "stranger", "web-1", old, configuration(1, null, 2, null, null, null)))
                .build();
        golden("instances", world, new ConfigDriftCheck(), new TooManyInstancesCheck(), new RogueAgentCheck());
    }

    @Test
    void listeners() throws IOException, InterruptedException {
        World world = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8001).unit("hermes.service"))
                .agent(Worlds.agent("atlas").port(8005).exe("/opt/atlas/agent"))
                .agent(Worlds.agent("copies").port(8009).placement(new Placement(List.of(), Map.of(), 1, 2)))
                .directory(Worlds.directory("hermes")
                        .program(Worlds.program("main.py").binds(8001)))
                .directory(Worlds.directory("copies")
                        .program(Worlds.program("main.py").binds(8009)))
                .directory(Worlds.directory("sample")
                        .program(Worlds.program("main.py").binds(9100)))
                .recorded("hermes", "a".repeat(64), "b".repeat(10))
                .snapshot(Seen.here()
                        .listener(
                                8001, python("/opt/fleet/agents/hermes/main.py").digest("c".repeat(64)))
                        .listener("127.0.0.1", 8001, Seen.program("/usr/bin/nc").pid(4001))
                        .listener(8005, Seen.program("/usr/bin/nc").pid(4002))
                        .listener(
                                8009, python("/opt/fleet/agents/copies/main.py").pid(4003))
                        .listener(
                                8010, python("/opt/fleet/agents/copies/main.py").pid(4004))
                        .listener(8007, Seen.program("/usr/bin/other").pid(4005))
                        .listener(8011, Seen.program("/usr/bin/other").pid(4006))
                        .listener(
                                9100, python("/opt/fleet/agents/sample/main.py").pid(4007))
                        .listener(
                                "127.0.0.1",
                                40_000,
                                python("/opt/fleet/agents/sample/main.py").pid(4007))
                        .listener(
                                40_001,
                                python("/opt/fleet/agents/sample/main.py").pid(4007))
                        .build())
                .build();
        golden("listeners", world, new ListenerOwnerCheck(), new UndeclaredListenerCheck(), new CodeDriftCheck());
    }

    /** Between the lowest and the highest declared port what listens is told, whoever it is. */
    @Test
    void portsOfTheRange() throws IOException, InterruptedException {
        Seen seen = Seen.here();
        for (int port : new int[] {8000, 8001, 8002, 8008, 8009, 8010}) {
            seen.listener(port, Seen.program("/usr/bin/other").pid(port));
        }
        golden(
                "listeners-of-a-range",
                new WorldBuilder()
                        .agent("first", "FIRST", 8001)
                        .agent("last", "LAST", 8009)
                        .snapshot(seen.build())
                        .build(),
                new UndeclaredListenerCheck());
    }
}
