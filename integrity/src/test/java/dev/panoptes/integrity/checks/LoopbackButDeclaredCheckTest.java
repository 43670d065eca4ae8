package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.CodeReader;
import dev.panoptes.code.FactCache;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeclarationsReader;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.world.RegistryView;
import dev.panoptes.integrity.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackButDeclaredCheckTest {
    @TempDir
    private Path root;

    private static final String FLASK = """
            from flask import Flask
            app = Flask(__name__)
            if __name__ == "__main__":
                app.run(port=8014)
            """;

    @Test
    void aUnitOnLoopbackIsNotReachedFromOtherHosts() throws IOException, InterruptedException {
        unit("/usr/bin/uvicorn main:app --port 8014");
        assertThat(at("http://10.0.0.5:8014")).containsExactly("fail hermes@10.0.0.5 [hermes, hermes.service]");
        assertThat(at("http://hermes.example.org:8014")).hasSize(1);
        unit("/usr/bin/uvicorn main:app --host 0.0.0.0 --port 8014");
        assertThat(at("http://10.0.0.5:8014")).containsExactly("pass hermes");
    }

    @Test
    void whatIsMeantForItsOwnHostMayListenThere() throws IOException, InterruptedException {
        unit("/usr/bin/uvicorn main:app --port 8014");
        assertThat(at("http://127.0.0.1:8014")).isEmpty();
        assertThat(at("http://hermes:8014")).isEmpty();
        assertThat(at("https://10.0.0.5")).isEmpty();
    }

    @Test
    void anAddressThatIsNotKnownAccusesNobody() throws IOException, InterruptedException {
        unit("/usr/bin/uvicorn main:app $OPTIONS --port 8014\nEnvironmentFile=/etc/default/hermes");
        assertThat(at("http://10.0.0.5:8014")).isEmpty();
        unit("/usr/bin/uvicorn main:app --port 8014\nEnvironmentFile=/etc/default/hermes");
        assertThat(at("http://10.0.0.5:8014")).isEmpty();
        unit("/usr/local/bin/something --port 8014");
        assertThat(at("http://10.0.0.5:8014")).isEmpty();
    }

    @Test
    void aContainerThatPublishesNothingIsReachedByItsNameOnly() throws IOException, InterruptedException {
        write("agents/hermes/main.py", FLASK);
        write("agents/hermes/Dockerfile", "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"main.py\"]\n");
        write("compose.yml", "services: {hermes: {build: agents/hermes}}\n");
        assertThat(at("http://hermes:8014")).hasSize(1);
        write("compose.yml", "services: {hermes: {build: agents/hermes, ports: ['8014:8014']}}\n");
        assertThat(at("http://hermes:8014")).isEmpty();
        write(
                "compose.yml",
                "services: {hermes: {build: agents/hermes}, front: {image: nginx, network_mode: 'service:hermes'}}\n");
        assertThat(at("http://hermes:8014")).isEmpty();
        write("compose.yml", "services: {hermes: {build: agents/hermes}}\n");
        write("agents/hermes/main.py", FLASK.replace("port=", "host='0.0.0.0', port="));
        assertThat(at("http://hermes:8014")).containsExactly("pass hermes");
    }

    private void unit(String command) throws IOException {
        write("agents/hermes/main.py", "from fastapi import FastAPI\napp = FastAPI()\n");
        write(
                "units/hermes.service",
                "[Service]\nWorkingDirectory=/opt/fleet/agents/hermes\nExecStart=" + command + "\n");
    }

    private List<String> at(String url) throws IOException, InterruptedException {
        write("registry.yaml", "agents: {hermes: {name: hermes, connection: {url: '" + url + "'}}}\n");
        RegistryResult.Loaded loaded =
                (RegistryResult.Loaded) new RegistryLoader().load(root.resolve("registry.yaml"), "registry.yaml");
        DeclarationsReader reader =
                new DeclarationsReader(new CodeReader(FactCache.none(), CodeReader.HEALTH_ENDPOINTS));
        DeclarationsReader.Result read = reader.read(new DeclarationsReader.Request(
                root.toRealPath(), "agents", null, loaded.registry(), Duration.ofSeconds(30)));
        Declarations declarations = ((DeclarationsReader.Result.Read) read).declarations();
        return Verdicts.of(
                new LoopbackButDeclaredCheck(),
                new World(
                        new RegistryView(loaded.registry(), false, List.of()),
                        declarations,
                        List.of(),
                        Profile.NONE,
                        new Links(loaded.registry(), declarations),
                        Duration.ofMinutes(15),
                        null,
                        Instant.EPOCH));
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
