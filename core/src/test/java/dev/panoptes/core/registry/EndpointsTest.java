package dev.panoptes.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.DeclaredEndpoint.Absent;
import dev.panoptes.core.registry.DeclaredEndpoint.At;
import dev.panoptes.core.registry.DeclaredEndpoint.Invalid;
import dev.panoptes.core.registry.DeclaredEndpoint.InvalidPort;
import dev.panoptes.core.registry.DeclaredEndpoint.Unresolved;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsTest {
    private static final String HOSTS = """
        hosts:
          web-1: {address: 10.0.0.5, labels: {zone: a}}
          web-2: {address: 'fd00::7', labels: {zone: a, disk: fast}}
          db: {address: db.internal}
        """;

    private static Registry registry(String agentFields) {
        return Registries.loaded(HOSTS + "agents:\n  one:\n" + agentFields.indent(4))
                .registry();
    }

    private static DeclaredEndpoint endpoint(String url) {
        Registry registry = registry("connection:\n  url: '" + url + "'");
        return registry.endpoint(registry.agents().getFirst());
    }

    private static String host(String agentFields) {
        Registry registry = registry(agentFields);
        return registry.hostOf(registry.agents().getFirst());
    }

    @ParameterizedTest
    @CsvSource({
        "http://hermes:8014, local, http, hermes, 8014",
        "http://hermes, local, http, hermes, 80",
        "HTTPS://Hermes/, local, https, hermes, 443",
        "ws://hermes/stream, local, ws, hermes, 80",
        "nats://bus, local, nats, bus, 4222",
        "tcp://bus:9000, local, tcp, bus, 9000",
        "http://hermes:/, local, http, hermes, 80",
        "http://hermes:08014, local, http, hermes, 8014",
        "http://my_agent:8014, local, http, my_agent, 8014",
        "http://user:se@cret@hermes:8014/x, local, http, hermes, 8014",
        "http://localhost:8014, local, http, localhost, 8014",
        "http://agent.localhost:8014, local, http, agent.localhost, 8014",
        "http://127.8.9.1:8014, local, http, 127.8.9.1, 8014",
        "http://0.0.0.0:8014, local, http, 0.0.0.0, 8014",
        "http://[::1]:8014, local, http, ::1, 8014",
        "http://[::]:8014, local, http, ::, 8014",
        "http://hermes.:8014, local, http, hermes., 8014",
        "http://hermes.example.org:8014, hermes.example.org, http, hermes.example.org, 8014",
        "http://hermes.example.org.:8014, hermes.example.org, http, hermes.example.org., 8014",
        "http://192.0.2.9:8014, 192.0.2.9, http, 192.0.2.9, 8014",
        "http://WEB-1:8014, web-1, http, web-1, 8014",
        "http://10.0.0.5:8014, web-1, http, 10.0.0.5, 8014",
        "http://[FD00:0::7]:8014, web-2, http, fd00:0::7, 8014",
        "http://db.internal:8014, db, http, db.internal, 8014",
        "http://[2001:db8::1]:65535, 2001:db8::1, http, 2001:db8::1, 65535",
        "http://[fe80::1%25eth0]:80, fe80::1, http, fe80::1%25eth0, 80",
    })
    void aUsableUrlGivesHostSchemeAddressAndPort(String url, String host, String scheme, String address, int port) {
        assertThat(endpoint(url)).isInstanceOfSatisfying(At.class, at -> {
            assertThat(at.host()).isEqualTo(host);
            assertThat(at.scheme()).isEqualTo(scheme);
            assertThat(at.address()).isEqualTo(address);
            assertThat(at.port()).isEqualTo(port);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "http://gateway:80/agents/hermes/, /agents/hermes",
        "http://gateway:80/, ''",
        "http://gateway:80?x=1, ''",
        "http://gateway:80/a?x=/b#/c, /a",
        "http://gateway:80/${BASE:-x}/{id}, /${BASE:-x}/{id}",
    })
    void thePathIsKeptWithoutItsLastSlash(String url, String path) {
        assertThat(endpoint(url))
                .isInstanceOfSatisfying(At.class, at -> assertThat(at.path()).isEqualTo(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hermes:0",
                "http://hermes:70000",
                "http://hermes:65536",
                "http://hermes:99999999999999999999",
                "http://hermes:abc",
                "http://hermes:-1",
                "http://hermes:80 14",
                "http://hermes:+8014",
                "http://hermes:８０１４",
                "http://[::1]:x",
                "tcp://bus",
                "grpc://bus/",
            })
    void aPortThatIsNoPortIsAnInvalidPort(String url) {
        assertThat(endpoint(url)).isInstanceOf(InvalidPort.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hermes:8014",
                "hermes",
                "8014",
                "//hermes:8014",
                "http:hermes:8014",
                "http:/hermes:8014",
                "http://",
                "http://:8014",
                "http:///path",
                "http://user@:8014",
                "htp://hermes:8014",
                "file:///etc/passwd",
                "ftp://hermes:70000",
                "mailto:a@b.example",
                "http://her mes:8014",
                "http://a:b:8014",
                "http://::1:8014",
                "http://[::1:8014",
                "http://[::1]8014",
                "http://[127.0.0.1]:80",
                "http://[zz::1]:80",
                "http://her|mes:80",
                "://hermes:80",
            })
    void whatCannotBeReachedIsInvalid(String url) {
        assertThat(endpoint(url)).isInstanceOf(Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hermes:${PORT}",
                "http://hermes:${PORT:-8014}/x",
                "http://${HOST:-a/b}:8014",
                "${HERMES_URL}",
                "${HERMES_URL}/api",
                "{{ base_url }}/api",
                "http://{{host}}:8014",
                "http://hermes:{{ port | default: '8014' }}",
                "http://hermes:$PORT",
                "http://hermes:%(port)s",
                "http://<host>:8014",
                "${SCHEME}://hermes:8014",
            })
    void aPlaceholderInHostOrPortIsUnresolved(String url) {
        Registry registry = registry("connection:\n  url: \"" + url + "\"");
        assertThat(registry.endpoint(registry.agents().getFirst())).isInstanceOf(Unresolved.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "connection: {}", "connection: {url: }", "connection: {url: ''}", "connection: {url: ' '}"})
    void noUrlIsAbsent(String fields) {
        Registry registry = registry(fields + "\nname: One");
        assertThat(registry.endpoint(registry.agents().getFirst())).isInstanceOf(Absent.class);
    }

    @Test
    void reasonsNeverQuoteUserinfo() {
        assertThat(endpoint("http://me:hunter2@hermes:99999").toString()).doesNotContain("hunter2");
        assertThat(endpoint("http://me:hunter2@her mes:80").toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "host: web-1, web-1",
        "host: Web-1, web-1",
        "host: 10.0.0.5, web-1",
        "host: localhost, local",
        "host: ::1, local",
        "host: other, other",
        "'connection: {url: \"http://web-2:${PORT}\"}', web-2",
        "'connection: {url: \"http://${H}:80\"}', local",
        "'connection: {url: \"htp://a.example:80\"}', a.example",
        "'{host: web-1, connection: {url: \"http://b.example:80\"}}', web-1",
        "name: One, local",
    })
    void theHostIsKnownEvenWithoutAUsableUrl(String fields, String host) {
        assertThat(host(fields)).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({
        "'placement: {hosts: [web-1, 10.0.0.9, localhost]}', 'web-1,10.0.0.9,local'",
        "'placement: {selector: {zone: a}}', 'web-1,web-2'",
        "'placement: {selector: {zone: a, disk: fast}}', 'web-2'",
        "'placement: {selector: {zone: nowhere}}', 'local'",
        "'{host: db, placement: {hosts: [web-1]}}', 'db'",
        "'placement: {replicas: {max: 2}}', 'local'",
    })
    void aPlacementSaysOnWhichHostsCopiesMayRun(String fields, String hosts) {
        Registry registry = registry(fields);
        assertThat(String.join(",", registry.hostsOf(registry.agents().getFirst())))
                .isEqualTo(hosts);
    }
}
