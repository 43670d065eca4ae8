package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Placement;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which listeners, probes and hosts are those of an agent. */
class ObservedViewTest {
    private static Claim only(ObservedView view) {
        assertThat(view.claims()).hasSize(1);
        return view.claims().getFirst();
    }

    private static List<String> agents(List<Claim> claims) {
        return claims.stream()
                .map(claim -> claim.agent().key() + "@" + String.join("+", claim.hosts()))
                .toList();
    }

    private static WorldBuilder copied(int replicas, String... hosts) {
        WorldBuilder builder = new WorldBuilder();
        Arrays.stream(hosts).forEach(host -> builder.host(host, "10.0.0.1"));
        return builder.agent(Worlds.agent("hermes")
                .url("http://hermes:8014")
                .placement(new Placement(List.of(hosts), Map.of(), replicas, hosts.length)));
    }

    @Test
    void aCopyIsJudgedWhereItIsObservedOrMustRun() {
        assertThat(agents(ObservedView.of(copied(1, "web-1", "web-2").build()).copies()))
                .as("nobody looked")
                .containsExactly("hermes@web-1+web-2");
        assertThat(agents(ObservedView.of(copied(1, "web-1", "web-2")
                                .snapshot(Seen.on("web-2").build())
                                .build())
                        .copies()))
                .as("it may be on either")
                .containsExactly("hermes@web-2");
        assertThat(agents(ObservedView.of(copied(2, "web-1", "web-2")
                                .snapshot(Seen.on("web-2").build())
                                .build())
                        .copies()))
                .as("it must be on both")
                .containsExactly("hermes@web-1", "hermes@web-2");
    }

    /** The ids of this host and of web-1, and whether what is declared on web-1 is declared here. */
    @ParameterizedTest
    @CsvSource({
        "m, b, m, b, true",
        "m, b, m, c, false",
        "m, b, n, b, false",
        "m, , m, , false",
        ", b, , b, false",
        ", , , , false",
    })
    void twoNamesAreOneMachineByItsIdAndItsBootTogether(
            String machine, String boot, String otherMachine, String otherBoot, boolean same) {
        ObservedView view = ObservedView.of(new WorldBuilder()
                .host("web-1", "10.0.0.1")
                .agent(Worlds.agent("hermes").port(8014).host("web-1"))
                .agent(Worlds.agent("atlas").port(8015))
                .agent(Worlds.agent("gone").port(8016).host("web-1").off())
                .snapshot(Seen.on("web-1").machine(machine, boot).build())
                .snapshot(Seen.here().machine(otherMachine, otherBoot).build())
                .build());

        assertThat(agents(view.claims("local", 8014))).isEqualTo(same ? List.of("hermes@web-1") : List.of());
        assertThat(view.isDeclared("local", 8014)).isEqualTo(same);
        assertThat(view.isDeclared("local", 8016)).isEqualTo(same);
        assertThat(view.isDeclared("web-1", 8016)).isTrue();
        assertThat(view.isDeclared("web-1", 8015)).isEqualTo(same);
        assertThat(view.hosts()).isEqualTo(same ? List.of("local") : List.of("local", "web-1"));
    }

    @Test
    void ofTheNamesOfOneMachineThisHostsComesFirst() {
        ObservedView view = ObservedView.of(new WorldBuilder()
                .host("alpha", "10.0.0.1")
                .host("beta", "10.0.0.2")
                .host("zeta", "10.0.0.3")
                .agent(Worlds.agent("a").port(1).host("alpha"))
                .agent(Worlds.agent("b").port(2).host("beta"))
                .agent(Worlds.agent("z").port(3).host("zeta"))
                .agent(Worlds.agent("l").port(4))
                .snapshot(Seen.on("zeta").machine("n", "b").build())
                .snapshot(Seen.on("beta").machine("n", "b").build())
                .snapshot(Seen.on("alpha").machine("m", "b").build())
                .snapshot(Seen.here().machine("m", "b").build())
                .snapshot(Seen.on("undeclared").build())
                .build());

        assertThat(view.hosts()).containsExactly("beta", "local");
    }

    @Test
    void whatIsDeclaredOnAHostThatNobodyLookedAtIsKnownByItsName() {
        ObservedView view = ObservedView.of(new WorldBuilder()
                .host("web-1", "10.0.0.1")
                .agent(Worlds.agent("hermes").port(8014).host("web-1"))
                .build());

        assertThat(agents(view.claims("web-1", 8014))).containsExactly("hermes@web-1");
        assertThat(view.applies()).isFalse();
        assertThat(view.look("web-1", Source.SOCKETS))
                .isEqualTo(new Look.Unseen("no snapshot of host web-1 was given"));
    }

    /** The age of a snapshot in seconds, of which three minutes are fresh. */
    @ParameterizedTest
    @CsvSource({
        "180, ",
        "181, the snapshot of this host is stale",
        "-180, ",
        "-181, the snapshot of this host is from the future: one of the clocks is wrong",
    })
    void aSnapshotIsFreshForAsLongAsItsAge(int age, String reason) {
        ObservedView view = ObservedView.of(new WorldBuilder()
                .snapshot(Seen.here().taken(Duration.ofSeconds(age)).build())
                .build());

        if (reason == null) {
            assertThat(view.look("local", Source.SOCKETS)).isInstanceOf(Look.Seen.class);
        } else {
            assertThat(view.look("local", Source.SOCKETS)).isEqualTo(new Look.Unseen(reason));
        }
    }

    /** What a socket is bound to, whether it takes both versions, an address, and whether it takes connections to that. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, false, 127.0.0.1, true",
        "0.0.0.0, false, ::1, false",
        "::, true, 127.0.0.1, true",
        "::, false, 127.0.0.1, false",
        "::, false, ::1, true",
        "::1, false, ::1, true",
        "::1, false, 127.0.0.1, false",
        "127.0.0.1, false, 127.0.0.1, true",
        "127.0.0.1, false, 127.0.0.2, false",
        "fe80::1, false, fe80::1, true",
        "fe80::1, false, fe80::2, false",
    })
    void aSocketTakesItsOwnAddressAndAWildcardThoseOfItsVersion(
            String bound, boolean dual, String address, boolean taken) {
        assertThat(ObservedView.takes(socket(bound, dual), address)).isEqualTo(taken);
    }

    private static Listener socket(String address, boolean dual) {
        return new Listener("tcp", address, 8014, dual, 1, 0, List.of(), "hidden");
    }

    /**
     * A URL's host, the address that was probed, and which of the sockets 0.0.0.0, 127.0.0.1, 127.0.0.2, 10.0.0.9, ::, ::1 on
     * the port are the agent's, answer, and are reached; {@code -} where nobody probed.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hermes    | -         | 0 127.1 127.2 10.9 :: ::1 | 0 127.1 127.2 10.9 :: ::1 | 0 127.1 :: ::1",
                "hermes    | 10.0.0.9  | 0 127.1 127.2 10.9 :: ::1 | 10.9                      | 0 127.1 10.9 :: ::1",
                "hermes    | 10.0.0.8  | 0 127.1 127.2 10.9 :: ::1 | 0                         | 0 127.1 :: ::1",
                "hermes    | ::2       | 0 127.1 127.2 10.9 :: ::1 | ::                        | 0 127.1 :: ::1",
                "hermes    | ::1       | 0 127.1 127.2 10.9 :: ::1 | ::1                       | 0 127.1 :: ::1",
                "127.0.0.2 | -         | 0 127.2                   | 0 127.2                   | 0",
                "127.0.0.2 | 127.0.0.2 | 0 127.2                   | 127.2                     | 127.2",
                "127.0.0.2 | 127.0.0.1 | 0 127.1                   | 127.1                     | 127.1",
                "127.0.0.3 | 127.0.0.3 | 0                         | 0                         | 0",
                "localhost | 127.0.0.1 | 0 127.1 127.2 10.9 :: ::1 | 127.1                     | 0 127.1 :: ::1",
            })
    void whatAnswersAndWhatIsReached(String host, String probed, String own, String answering, String reachable) {
        Seen seen = Seen.here();
        for (String address : List.of("0.0.0.0", "127.0.0.1", "127.0.0.2", "10.0.0.9", "::", "::1")) {
            seen.listener(socket(address, false));
        }
        if (!probed.equals("-")) {
            seen.probe("hermes", 8014, probed, Seen.healthy("HERMES"));
        }
        ObservedView view = ObservedView.of(new WorldBuilder()
                .agent(Worlds.agent("hermes").url("http://" + host + ":8014"))
                .snapshot(seen.build())
                .build());
        Claim claim = only(view);

        assertThat(addresses(view.listeners(claim, "local"))).isEqualTo(own);
        assertThat(addresses(view.answering(claim, "local"))).isEqualTo(answering);
        assertThat(addresses(view.reachable(claim, "local"))).isEqualTo(reachable);
    }

    private static String addresses(List<Listener> listeners) {
        return String.join(
                " ",
                listeners.stream()
                        .map(listener -> listener.address().equals("0.0.0.0") ? "0" : listener.address())
                        .map(address -> address.replace(".0.0.", "."))
                        .toList());
    }

    @Test
    void ofTwoWildcardsTheOneOfTheVersionAnswers() {
        ObservedView view = ObservedView.of(new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .snapshot(Seen.here()
                        .listener(socket("::", true))
                        .listener(socket("0.0.0.0", false))
                        .listener(socket("10.0.0.9", false))
                        .probe("hermes", 8014, "127.0.0.1", Seen.healthy("HERMES"))
                        .build())
                .build());
        assertThat(addresses(view.answering(only(view), "local"))).isEqualTo("0 ::");
    }

    @Test
    void whereNothingTakesTheProbedAddressAllOfThePortMayAnswer() {
        ObservedView view = ObservedView.of(new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .snapshot(Seen.here()
                        .listener(socket("10.0.0.9", false))
                        .listener(socket("10.0.0.8", false))
                        .probe("hermes", 8014, "10.0.0.7", Seen.healthy("HERMES"))
                        .build())
                .build());
        assertThat(addresses(view.answering(only(view), "local"))).isEqualTo("10.9 10.8");
        assertThat(addresses(view.reachable(only(view), "local"))).isEqualTo("10.9 10.8");
    }

    /** Whose answer counts for hermes on web-1, asked by its own observer, by this host's, and by both. */
    @Test
    void anAnswerFromAfarCountsWhereOnlyOneCopyCanHaveGivenIt() {
        Seen from = Seen.here().probe("hermes", 8014, Seen.healthy("afar"));
        Seen own = Seen.on("web-1").probe("hermes", 8014, Seen.healthy("own"));

        assertThat(answer(copied(1, "web-1").snapshot(from.build()))).isEqualTo("afar");
        assertThat(answer(copied(1, "web-1")
                        .snapshot(from.build())
                        .snapshot(Seen.on("web-1").build())))
                .as("its one host is observed and was not asked")
                .isEqualTo("afar");
        assertThat(answer(copied(1, "web-1").snapshot(from.build()).snapshot(own.build())))
                .isEqualTo("own");
        assertThat(answer(copied(1, "web-1", "web-2").snapshot(from.build())))
                .as("neither host is observed")
                .isEqualTo("afar");
        assertThat(answer(copied(1, "web-1", "web-2")
                        .snapshot(from.build())
                        .snapshot(Seen.on("web-2").build())))
                .as("either of two copies")
                .isEqualTo("none");
        assertThat(answer(copied(1, "web-1")
                        .snapshot(own.taken(Duration.ofHours(1)).build())
                        .snapshot(from.build())))
                .as("its own is stale")
                .isEqualTo("afar");
        assertThat(answer(copied(1, "web-1")
                        .snapshot(from.taken(Duration.ofHours(1)).build())))
                .isEqualTo("none");
    }

    private static String answer(WorldBuilder builder) {
        ObservedView view = ObservedView.of(builder.build());
        Probe probe = view.probe(only(view), "web-1");
        return probe == null
                ? "none"
                : ((dev.panoptes.integrity.observed.ProbeAnswer.Healthy) probe.answer()).identity();
    }
}
