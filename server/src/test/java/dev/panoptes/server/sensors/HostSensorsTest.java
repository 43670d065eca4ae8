package dev.panoptes.server.sensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the sensors of a host are told, what its daemon says of it, and what the health of the whole makes of that. */
@ExtendWith(TestPostgres.class)
class HostSensorsTest {
    private static final Map<String, String> SETTINGS =
            Map.of("limits.requests_per_second", "0", "observe.local", "false");
    private static final String SENSORS = "/api/v1/hosts/web-1/sensors";
    private static final String CONFIG = SENSORS + "/config";

    @TempDir
    Path directory;

    private static Answer daemon(TestServer server, String token, String method, String path, String body)
            throws IOException, InterruptedException {
        return server.call(method, path, body, Map.of("Authorization", "Bearer " + token));
    }

    private static String beat(int version, String hash, String state, int applied, String dns) {
        return "{\"version\": \"1.0\", \"config_version\": " + version + ", \"config_hash\": \"" + hash
                + "\", \"config_state\": \"" + state + "\", \"config_error\": "
                + (state.equals("FAILED") ? "\"settings.dns: no\"" : "null") + ", \"applied_version\": " + applied
                + ", \"sensors\": [{\"name\": \"dns\", \"state\": \"" + dns + "\", \"reason\": "
                + (dns.equals("stopped") ? "\"switched off by configuration\"" : "null")
                + ", \"interval_seconds\": 30, \"cycles\": 1, \"events\": 2, \"errors\": 0},"
                + " {\"name\": \"auth\", \"state\": \"running\", \"cycles\": 1, \"events\": 2, \"errors\": 0}]}";
    }

    private static JsonNode sensor(JsonNode view, String name) {
        return view.path("items")
                .valueStream()
                .filter(item -> item.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode health(TestServer server, String id) throws IOException, InterruptedException {
        return server.get("/api/v1/health/agents")
                .json()
                .path("sensors")
                .valueStream()
                .filter(item -> item.path("agent_id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSwitchIsPendingUntilTheDaemonSaysThatItDidItAndAnOffSensorIsNotQuietButOff(Databases databases)
            throws IOException, InterruptedException {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T06:00:00Z"));
        try (TestServer server = TestServer.start(databases, directory, SETTINGS, now::get)) {
            String token = server.token("observer");
            JsonNode before = server.get(SENSORS).json();
            assertThat(before.path("daemon").isNull()).isTrue();
            assertThat(before.path("configuration").path("state").isNull()).isTrue();
            assertThat(before.path("items").size()).isEqualTo(9);
            assertThat(sensor(before, "dns").path("state").asString()).isEqualTo("unknown");
            assertThat(sensor(before, "dns").path("enabled").asBoolean()).isTrue();

            Answer config = daemon(server, token, "GET", "/api/v1/observers/config", null);
            assertThat(config.header("Config-Version")).isEqualTo("0");
            String none = String.valueOf(config.header("Config-Hash"));
            JsonNode first = daemon(
                            server,
                            token,
                            "POST",
                            "/api/v1/observers/heartbeat",
                            beat(0, none, "APPLIED", 0, "running"))
                    .json();
            assertThat(first.path("config_hash").asString()).isEqualTo(none);
            assertThat(sensor(server.get(SENSORS).json(), "dns").path("state").asString())
                    .isEqualTo("running");
            assertThat(health(server, "dns_agent").path("state").asString()).isEqualTo("running");

            Answer off = server.post(SENSORS + "/dns/switch", "{\"enabled\": false, \"cause\": \"too loud\"}");
            assertThat(off.status()).as(off.body()).isEqualTo(200);
            assertThat(off.json().path("configuration").path("state").asString())
                    .isEqualTo("PENDING");
            assertThat(sensor(off.json(), "dns").path("enabled").asBoolean()).isFalse();
            assertThat(sensor(off.json(), "dns").path("state").asString()).isEqualTo("running");

            Answer wanted = daemon(server, token, "GET", "/api/v1/observers/config", null);
            assertThat(wanted.json().at("/settings/dns/enabled").asBoolean(true))
                    .isFalse();
            String hash = String.valueOf(wanted.header("Config-Hash"));
            daemon(server, token, "POST", "/api/v1/observers/heartbeat", beat(1, hash, "APPLIED", 1, "stopped"));
            JsonNode after = server.get(SENSORS).json();
            assertThat(after.path("configuration").path("state").asString()).isEqualTo("APPLIED");
            assertThat(after.path("configuration").path("applied_version").asInt())
                    .isEqualTo(1);
            assertThat(sensor(after, "dns").path("reason").asString()).isEqualTo("switched off by configuration");
            JsonNode dns = health(server, "dns_agent");
            assertThat(dns.path("state").asString()).isEqualTo("stopped");
            assertThat(dns.path("blockers").toString()).contains("web-1: switched off by configuration");
            assertThat(health(server, "auth_agent").path("state").asString()).isEqualTo("running");

            // A daemon that is not heard of any more is no daemon that runs.
            now.set(now.get().plus(Duration.ofMinutes(1)));
            JsonNode silent = server.get(SENSORS).json();
            assertThat(silent.path("daemon").path("state").asString()).isEqualTo("stale");
            assertThat(sensor(silent, "auth").path("state").asString()).isEqualTo("unknown");
            assertThat(sensor(silent, "auth").path("reason").asString()).contains("has not been heard of since");
        }
    }

    @Test
    void whatCouldNotBeAppliedIsToldWithItsReasonAndWhatRunsInstead(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            String token = server.token("observer");
            server.post(SENSORS + "/dns/switch", "{\"enabled\": false}");
            String hash = String.valueOf(server.get(CONFIG).header("Config-Hash"));
            daemon(server, token, "POST", "/api/v1/observers/heartbeat", beat(1, hash, "FAILED", 0, "running"));
            JsonNode told = server.get(SENSORS).json().path("configuration");
            assertThat(told.path("state").asString()).isEqualTo("FAILED");
            assertThat(told.path("error").asString()).isEqualTo("settings.dns: no");
            assertThat(told.path("applied_version").asInt(-1)).isZero();
        }
    }

    @Test
    void onlyWhatFitsIsStoredEveryVersionIsKeptAndAnEarlierOneComesBack(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            server.token("observer");
            Answer put = server.call(
                    "PUT",
                    CONFIG,
                    "{\"settings\": {\"proc\": {\"interval\": \"10s\"}}, \"limits\": {\"spool_drop\": \"newest\"}}");
            assertThat(put.status()).as(put.body()).isEqualTo(200);
            assertThat(put.header("ETag")).isEqualTo("\"1\"");
            for (String unfit : new String[] {
                "{\"settings\": {\"sensor\": {\"enabled\": true}}}",
                "{\"settings\": {\"dns\": {\"enabled\": \"no\"}}}",
                "{\"settings\": {\"dns\": {\"interval\": 0}}}",
                "{\"settings\": {\"dns\": {\"interval\": \"10 years\"}}}",
                "{\"settings\": {\"file_integrity\": {\"paths\": [\"etc\"]}}}",
                "{\"settings\": {\"snmp\": {\"devices\": [{\"community_file\": \"/etc/shadow\"}]}}}",
                "{\"settings\": {\"flow\": {\"listen\": \"0.0.0.0:2055\"}}}",
                "{\"rules\": [{}]}",
                "{\"limits\": {\"spool_bytes\": 1}}"
            }) {
                assertThat(server.call("PUT", CONFIG, unfit).status()).as(unfit).isEqualTo(422);
            }
            server.post(SENSORS + "/dns/switch", "{\"enabled\": false}");
            // It says so already.
            server.post(SENSORS + "/dns/switch", "{\"enabled\": false}");
            JsonNode history = server.get(CONFIG + "/history").json().path("items");
            assertThat(history.size()).isEqualTo(2);
            assertThat(history.get(0).path("cause").asString()).isEqualTo("dns switched off");
            assertThat(server.get(CONFIG).json().at("/settings/proc/interval").asString())
                    .isEqualTo("10s");
            assertThat(server.get(CONFIG + "/diff").json().path("changes").toString())
                    .isEqualTo("[{\"pointer\":\"/settings/dns\",\"before\":null,\"after\":{\"enabled\":false}}]");
            assertThat(server.post(CONFIG + "/rollback", "{\"version\": 1}").status())
                    .isEqualTo(200);
            assertThat(server.get(CONFIG).json().at("/settings/dns").isMissingNode())
                    .isTrue();
        }
    }

    @Test
    void hostsThatNobodyKnowsHaveNoSensorsAndNobodyElseMaySwitch(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            assertThat(server.get(SENSORS).status()).isEqualTo(404);
            String token = server.token("observer");
            assertThat(server.get(SENSORS).status()).isEqualTo(200);
            assertThat(server.post(SENSORS + "/nothing/switch", "{\"enabled\": true}")
                            .status())
                    .isEqualTo(404);
            assertThat(server.post(SENSORS + "/dns/switch", "{}").status()).isEqualTo(400);
            String viewer = server.token("viewer");
            for (String caller : new String[] {viewer, token}) {
                assertThat(daemon(server, caller, "POST", SENSORS + "/dns/switch", "{\"enabled\": false}")
                                .status())
                        .isEqualTo(403);
            }
            assertThat(daemon(server, viewer, "GET", "/api/v1/observers/config", null)
                            .status())
                    .isEqualTo(403);
            for (String bad : new String[] {
                "{}",
                beat(0, "x", "DONE", 0, "running"),
                beat(0, "x", "APPLIED", 0, "asleep"),
                beat(-1, "x", "APPLIED", 0, "running")
            }) {
                assertThat(daemon(server, token, "POST", "/api/v1/observers/heartbeat", bad)
                                .status())
                        .as(bad)
                        .isEqualTo(400);
            }
        }
    }
}
