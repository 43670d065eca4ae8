package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.core.registry.Placement;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.observed.ProbeTarget.Destination;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeTargetsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Destination LOOPBACK = new Destination.Addresses(List.of("127.0.0.1", "::1"));

    private static Registry registry(String... urls) {
        WorldBuilder world = new WorldBuilder().host("web-1", "10.0.0.5").host("web-2", null);
        for (int i = 0; i < urls.length; i++) {
            world.agent(Worlds.agent("a" + i).url(urls[i]));
        }
        return world.build().registry();
    }

    private static Destination destination(String url, Map<String, String> resolve) {
        return new ProbeTargets(registry(url), "local", resolve, TIMEOUT)
                .all()
                .getFirst()
                .destination();
    }

    private static Destination destination(String url) {
        return destination(url, Map.of());
    }

    @Test
    void namesOfTheObservedHostMeanLoopback() {
        assertThat(destination("http://hermes:8014")).isEqualTo(LOOPBACK);
        assertThat(destination("http://localhost:8014")).isEqualTo(LOOPBACK);
        assertThat(destination("http://0.0.0.0:8014")).isEqualTo(LOOPBACK);
        assertThat(destination("http://127.0.0.7:8014")).isEqualTo(new Destination.Addresses(List.of("127.0.0.7")));
        assertThat(destination("http://[::1]:8014")).isEqualTo(new Destination.Addresses(List.of("0:0:0:0:0:0:0:1")));
    }

    @Test
    void othersAreNeverTakenForLoopback() {
        assertThat(destination("http://hermes.example.com:8014")).isEqualTo(new Destination.Name("hermes.example.com"));
        assertThat(destination("http://10.9.9.9:8014")).isEqualTo(new Destination.Name("10.9.9.9"));
        assertThat(destination("http://web-1:8014")).isEqualTo(new Destination.Name("10.0.0.5"));
        assertThat(destination("http://web-2:8014")).isEqualTo(new Destination.Name("web-2"));
    }

    @Test
    void whatIsConfiguredCounts() {
        Map<String, String> resolve = Map.of("hermes", "127.0.0.9", "far.example.com", "127.0.0.8");

        assertThat(destination("http://hermes:8014", resolve))
                .isEqualTo(new Destination.Addresses(List.of("127.0.0.9")));
        assertThat(destination("http://varys:8014", resolve)).isEqualTo(LOOPBACK);
        assertThat(destination("http://far.example.com:1", resolve))
                .isEqualTo(new Destination.Addresses(List.of("127.0.0.8")));
        assertThat(destination("http://varys:8014", Map.of("local", "127.0.0.9")))
                .isEqualTo(new Destination.Addresses(List.of("127.0.0.9")));
        assertThat(destination("http://far.example.com:1", Map.of("local", "127.0.0.9")))
                .isEqualTo(new Destination.Name("far.example.com"));
        assertThatThrownBy(() -> destination("http://hermes:1", Map.of("hermes", "localhost")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyHttpIsAskedAndOnlyOfTheObservedHost() {
        Registry registry =
                registry("redis://cache:6379", "tcp://x:1", "http://hermes:8014", "http://web-1:8015", "no");

        assertThat(new ProbeTargets(registry, "local", Map.of(), TIMEOUT).all())
                .extracting(ProbeTarget::agent)
                .containsExactly("a2", "a3");
        assertThat(new ProbeTargets(registry, "web-1", Map.of(), TIMEOUT).all())
                .extracting(ProbeTarget::agent)
                .containsExactly("a3");
    }

    @Test
    void anAgentThatIsPlacedOnAnotherHostIsNotLookedForOnThisLoopback() {
        Registry registry = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .host("web-2", "10.0.0.6")
                .agent(Worlds.agent("one").url("http://localhost:8014").placement(on("web-1")))
                .agent(Worlds.agent("two").url("http://two:8015").placement(on("web-1")))
                .agent(Worlds.agent("both").url("http://127.0.0.1:8016").placement(on("web-1", "web-2")))
                .build()
                .registry();

        assertThat(new ProbeTargets(registry, "local", Map.of(), TIMEOUT).all())
                .extracting(ProbeTarget::destination)
                .containsExactly(
                        new Destination.None("its URL names the loopback of web-1"),
                        new Destination.Name("10.0.0.5"),
                        new Destination.None("its URL names the loopback of web-1 and web-2"));
        assertThat(new ProbeTargets(registry, "web-1", Map.of(), TIMEOUT).all())
                .extracting(ProbeTarget::destination)
                .containsExactly(LOOPBACK, LOOPBACK, new Destination.Addresses(List.of("127.0.0.1")));
        assertThat(new ProbeTargets(registry, "web-2", Map.of(), TIMEOUT).all())
                .extracting(ProbeTarget::agent)
                .containsExactly("both");
    }

    private static Placement on(String... hosts) {
        return new Placement(List.of(hosts), Map.of(), 1, 1);
    }

    @Test
    void theRequestHoldsNothingThatCouldEndIt() {
        Registry registry = new WorldBuilder()
                .agent(Worlds.agent("a")
                        .url("http://user:secret@hermes:8014/api/")
                        .health("/he alth\r\nX: y/é"))
                .build()
                .registry();

        ProbeTarget target =
                new ProbeTargets(registry, "local", Map.of(), TIMEOUT).all().getFirst();

        assertThat(target.url()).isEqualTo("http://hermes:8014/api/he%20alth%0D%0AX:%20y/%C3%A9");
    }
}
