package dev.panoptes.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeclaredEndpointTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.255.0.9", "127.0.0.1.", "::1", "localhost", "LOCALHOST", "a.localhost"})
    void loopbackIsTold(String address) {
        assertThat(at(address).isLoopback()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "128.0.0.1",
                "127.0.0.01",
                "127.0.0.256",
                "127.0.0",
                "127.0.0.1.2",
                "1270.0.0.1",
                "127..0.1",
                "127.0.0.",
                "00.0.0.0",
                "127.0.0.1a",
                "127.0.0.99999999999",
                "::2",
                "host",
                ""
            })
    void anythingElseIsNone(String address) {
        assertThat(at(address).isLoopback()).isFalse();
    }

    private static DeclaredEndpoint.At at(String address) {
        return new DeclaredEndpoint.At("local", "http", address, 80, "");
    }
}
