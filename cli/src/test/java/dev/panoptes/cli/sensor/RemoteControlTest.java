package dev.panoptes.cli.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.ServerUrl;
import dev.panoptes.cli.client.Token;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import dev.panoptes.sensors.Budgets;
import dev.panoptes.sensors.Log;
import dev.panoptes.sensors.Orders;
import dev.panoptes.sensors.Origin;
import dev.panoptes.sensors.RunOptions;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorRunner;
import dev.panoptes.sensors.SensorState;
import dev.panoptes.sensors.Sensors;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.spool.Limits;
import dev.panoptes.server.configs.SensorSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The daemon does as its server says, within what a server may order, and the last good order holds while nobody is heard. */
class RemoteControlTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final SensorConfiguration LOCAL = new SensorConfiguration(Settings.none());

    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Log log =
            new Log(new PrintStream(said, true, StandardCharsets.UTF_8), InstantSource.system(), Log.Level.INFO);
    private HttpServer server;
    private final AtomicInteger version = new AtomicInteger();
    private volatile String document = "{\"rules\":[],\"settings\":{},\"limits\":{}}";
    private volatile @Nullable JsonNode beat;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/api/v1/observers/heartbeat", exchange -> {
            beat = JSON.readTree(exchange.getRequestBody().readAllBytes());
            answer(
                    exchange,
                    "{\"config_version\":" + version + ",\"config_hash\":\"h" + version + "\",\"interval\":15}");
        });
        server.createContext("/api/v1/observers/config", exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"" + version + "\"");
            answer(exchange, document);
        });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private ServerClient client() throws UsageException {
        return new ServerClient(
                ServerUrl.of("http://127.0.0.1:" + server.getAddress().getPort()), new Token.Given("pno_test"), null);
    }

    private RunOptions options() {
        return new RunOptions(
                new Host(directory.resolve("host")),
                new Origin("id", "host", "1"),
                InstantSource.system(),
                ZoneOffset.UTC,
                directory.resolve("data"),
                null,
                Duration.ofMinutes(5),
                false,
                Limits.DEFAULT,
                Budgets.DEFAULT,
                null,
                false,
                null,
                new SplittableRandom(1));
    }

    private KeptConfiguration kept() {
        return new KeptConfiguration(directory.resolve("data"));
    }

    private RemoteControl control(ServerClient client, SensorRunner runner, @Nullable RemoteConfiguration applied) {
        return new RemoteControl(client, runner, Sensors.all(), LOCAL, kept(), applied, log, new SplittableRandom(1));
    }

    private void put(String text) {
        document = text;
        version.incrementAndGet();
    }

    private static SensorState state(SensorRunner runner, String sensor) {
        return runner.states().stream()
                .filter(state -> state.sensor().equals(sensor))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSwitchIsObeyedSaidAndHoldsOverARestartWhileTheServerIsAway()
            throws IOException, InterruptedException, UsageException {
        Files.createDirectories(directory.resolve("host/etc"));
        try (ServerClient client = client();
                SensorRunner runner =
                        SensorRunner.start(Sensors.all(), options(), sensor -> Orders.of(LOCAL.of(sensor)), log)) {
            RemoteControl control = control(client, runner, null);
            control.step();
            assertThat(beat.path("config_hash").asString()).isEqualTo("h0");
            put("{\"settings\":{\"persistence\":{\"enabled\":false},\"proc\":{\"interval\":\"7s\"}},"
                    + "\"limits\":{\"spool_bytes\":33554432}}");
            control.step();
            assertThat(state(runner, "persistence").word()).isEqualTo(SensorState.Word.STOPPED);
            assertThat(beat.path("config_state").asString()).isEqualTo("APPLIED");
            assertThat(beat.path("applied_version").asInt()).isEqualTo(1);
            JsonNode told = beat.path("sensors")
                    .valueStream()
                    .filter(sensor -> sensor.path("name").asString().equals("persistence"))
                    .findFirst()
                    .orElseThrow();
            assertThat(told.path("state").asString()).isEqualTo("stopped");
            assertThat(told.path("reason").asString()).isEqualTo("switched off by configuration");
            control.ends();
            assertThat(beat.path("sensors").get(0).path("reason").asString()).isEqualTo("its daemon was stopped");
        }
        server.stop(0);
        RemoteConfiguration last = kept().read(Sensors.all(), LOCAL).orElseThrow();
        assertThat(last.version()).isEqualTo(1);
        assertThat(last.limits()).isEqualTo(new Limits(33554432, Limits.DEFAULT.segmentBytes(), true));
        assertThat(last.orders("persistence", LOCAL).enabled()).isFalse();
        assertThat(last.orders("proc", LOCAL).settings().duration("interval", Duration.ZERO))
                .isEqualTo(Duration.ofSeconds(7));
        try (ServerClient client = client();
                SensorRunner runner =
                        SensorRunner.start(Sensors.all(), options(), sensor -> last.orders(sensor, LOCAL), log)) {
            assertThat(control(client, runner, last).step()).isEqualTo(Duration.ofSeconds(15));
            assertThat(state(runner, "persistence").word()).isEqualTo(SensorState.Word.STOPPED);
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("the server is not heard", "version 1 holds");
    }

    @Test
    void whatAServerMayNotOrderIsRefusedByTheDaemonItselfAndTheLastGoodHolds()
            throws IOException, InterruptedException, UsageException {
        try (ServerClient client = client();
                SensorRunner runner =
                        SensorRunner.start(Sensors.all(), options(), sensor -> Orders.of(LOCAL.of(sensor)), log)) {
            RemoteControl control = control(client, runner, null);
            put("{\"settings\":{\"dns\":{\"enabled\":false}}}");
            control.step();
            for (String bad : new String[] {
                "{\"settings\":{\"flow\":{\"listen\":\"0.0.0.0:2055\"}}}",
                "{\"settings\":{\"snmp\":{\"devices\":[{\"address\":\"192.0.2.1\",\"community_file\":\"/etc/shadow\"}]}}}",
                "{\"settings\":{\"nothing\":{}}}",
                "{\"settings\":{\"proc\":{\"interval\":\"soon\"}}}",
                "{\"settings\":{\"proc\":{\"interval\":0}}}",
                "{\"settings\":{\"file_integrity\":{\"paths\":[\"etc\"]}}}",
                "{\"settings\":[]}",
                "{\"rules\":[1]}",
                "{\"limits\":{\"spool_bytes\":1}}",
                "{\"server\":\"http://elsewhere\"}"
            }) {
                put(bad);
                control.step();
                assertThat(beat.path("config_state").asString()).as(bad).isEqualTo("FAILED");
                assertThat(beat.path("config_version").asInt()).as(bad).isEqualTo(version.get());
                assertThat(beat.path("config_error").asString()).as(bad).isNotBlank();
                assertThat(beat.path("applied_version").asInt()).as(bad).isEqualTo(1);
            }
            assertThat(state(runner, "dns").word()).isEqualTo(SensorState.Word.STOPPED);
            assertThat(kept().read(Sensors.all(), LOCAL).orElseThrow().version())
                    .isEqualTo(1);
            put("{}");
            control.step();
            assertThat(beat.path("config_state").asString()).isEqualTo("APPLIED");
            assertThat(state(runner, "dns").word()).isNotEqualTo(SensorState.Word.STOPPED);
        }
    }

    @Test
    void aKeptFileThatWasCutOrChangedIsToldAndNotBelieved() throws IOException {
        Path file = directory.resolve("data/configuration.json");
        Files.createDirectories(directory.resolve("data"));
        assertThat(kept().read(Sensors.all(), LOCAL)).isEmpty();
        for (String broken : new String[] {
            "",
            "{\"version\":1,\"hash\":\"h\",\"docu",
            "[]",
            "{\"version\":1,\"hash\":\"h\",\"document\":{\"settings\":{\"flow\":{\"listen\":\"0.0.0.0:1\"}}}}"
        }) {
            Files.writeString(file, broken);
            assertThatThrownBy(() -> kept().read(Sensors.all(), LOCAL))
                    .as(broken)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("configuration.json");
        }
    }

    @Test
    void whatTheServersSchemaAllowsIsWhatTheDaemonTakes() {
        assertThat(Sensors.all().stream().map(Sensor::name)).isEqualTo(SensorSchema.SENSORS);
        JsonNode schema = JSON.readTree(SensorSchema.text());
        JsonNode settings = schema.at("/properties/settings/properties");
        assertThat(settings.propertyNames()).containsExactlyInAnyOrderElementsOf(SensorSchema.SENSORS);
        for (String sensor : SensorSchema.SENSORS) {
            JsonNode part = settings.path(sensor);
            JsonNode properties = part.has("$ref")
                    ? schema.at(part.path("$ref").asString().substring(1)).path("properties")
                    : part.path("properties");
            assertThat(properties
                            .propertyStream()
                            .map(java.util.Map.Entry::getKey)
                            .collect(Collectors.toSet()))
                    .as(sensor)
                    .isEqualTo(RemoteConfiguration.keys(sensor));
        }
    }

    @Test
    void theHostsOwnFileHoldsWhereTheServerSaysNothing() {
        YamlResult read = new YamlReader()
                .parse(
                        "proc: {interval: 20s, usage_cpu_percent: 50}\ndns: {enabled: false}\n"
                                .getBytes(StandardCharsets.UTF_8),
                        "test");
        SensorConfiguration local =
                new SensorConfiguration(Settings.of((YamlNode.Mapping) ((YamlResult.Parsed) read).root(), ""));
        RemoteConfiguration.Result result = RemoteConfiguration.of(
                3, "h", JSON.readTree("{\"settings\":{\"proc\":{\"interval\":5}}}"), Sensors.all(), local);
        RemoteConfiguration remote = ((RemoteConfiguration.Result.Usable) result).configuration();
        Settings proc = remote.orders("proc", local).settings();
        assertThat(proc.duration("interval", Duration.ZERO)).isEqualTo(Duration.ofSeconds(5));
        assertThat(proc.number("usage_cpu_percent", 0)).isEqualTo(50);
        assertThat(remote.orders("dns", local).enabled()).isFalse();
        assertThat(List.of("auth", "flow"))
                .allMatch(sensor -> remote.orders(sensor, local).enabled());
    }
}
