package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What units bind as systemd starts them: the files that count, and what stands between a unit and its program. */
class UnitStartsTest {
    private static final String FROM_ENVIRONMENT = """
        import os, uvicorn
        from fastapi import FastAPI
        app = FastAPI()
        if __name__ == '__main__':
            uvicorn.run(app, host='0.0.0.0', port=int(os.getenv('PORT', '8000')))
        """;
    private static final String FROM_ARGUMENTS = """
        import argparse, uvicorn
        from fastapi import FastAPI
        app = FastAPI()
        if __name__ == '__main__':
            p = argparse.ArgumentParser()
            p.add_argument('--port', '-p', type=int, default=8000)
            p.add_argument('--verbose', action='store_true')
            uvicorn.run(app, host='0.0.0.0', port=p.parse_args().port)
        """;
    private static final String BY_PLACE = """
        import argparse, uvicorn
        from fastapi import FastAPI
        app = FastAPI()
        if __name__ == '__main__':
            p = argparse.ArgumentParser()
            p.add_argument('--debug', action='store_true')
            p.add_argument('port', nargs='?', type=int, default=8000)
            uvicorn.run(app, host='0.0.0.0', port=p.parse_args().port)
        """;
    private static final String NODE = """
        require('http').createServer((q, r) => r.end('{}')).listen(process.env.PORT || 3000);
        """;
    /** Takes what systemd hands over. */
    private static final String HANDED = """
        import http.server, socket
        server = http.server.HTTPServer(('', 0), http.server.SimpleHTTPRequestHandler, bind_and_activate=False)
        server.socket = socket.socket(fileno=3)
        server.serve_forever()
        """;

    private static final String PYTHON = "ExecStart=/usr/bin/python3 main.py";

    @TempDir
    private Path root;

    private UnitStartsTest file(String path, String text) throws IOException {
        new DeclaredTree(root).file(path, text);
        return this;
    }

    private UnitStartsTest link(String path, String target) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.createSymbolicLink(root.resolve(path), Path.of(target));
        return this;
    }

    private UnitStartsTest unit(String path, String... lines) throws IOException {
        return file(path, "[Service]\nWorkingDirectory=/opt/fleet/agents/a\n" + String.join("\n", lines) + "\n");
    }

    private List<Launch> units() throws IOException, InterruptedException {
        Declarations declarations = new DeclaredTree(root).read();
        return DeclaredTree.launches(declarations).all().stream()
                .filter(launch -> launch.kind() == Launch.Kind.UNIT)
                .toList();
    }

    /** The ports of the only unit; why they are not known where they are not. */
    private String binds() throws IOException, InterruptedException {
        List<Launch> units = units();
        assertThat(units).hasSize(1);
        Launch launch = units.getFirst();
        return launch.unknown() == null ? launch.bound().toString() : launch.bound() + " " + launch.unknown();
    }

    private String node(String command, String... environment) throws IOException, InterruptedException {
        file("agents/a/server.js", NODE);
        unit("units/a.service", String.join("\n", environment), "ExecStart=" + command);
        return binds();
    }

    private String arguments(String program, String command) throws IOException, InterruptedException {
        file("agents/a/main.py", program);
        unit("units/a.service", "Environment=PORT=8200", "ExecStart=" + command);
        return binds();
    }

    @Test
    void theFirstFolderOfTheSearchPathCounts() throws IOException, InterruptedException {
        file("agents/a/main.py", FROM_ENVIRONMENT)
                .unit("usr/lib/systemd/system/a.service", "Environment=PORT=8101", PYTHON)
                .unit("etc/systemd/system/a.service", "Environment=PORT=8102", PYTHON);
        assertThat(binds()).isEqualTo("[8102]");
        file("usr/lib/systemd/system/a.service.d/90.conf", "[Service]\nEnvironment=PORT=8103\n");
        assertThat(binds()).isEqualTo("[8103]");
        file("etc/systemd/system/a.service.d/90.conf", "[Service]\nEnvironment=PORT=8104\n");
        assertThat(binds()).isEqualTo("[8104]");
        // Empty, it hides the other.
        file("etc/systemd/system/a.service.d/90.conf", "");
        assertThat(binds()).isEqualTo("[8102]");
        file("etc/systemd/system/service.d/95.conf", "[Service]\nEnvironment=PORT=8105\n");
        assertThat(binds()).isEqualTo("[8105]");
        link("etc/systemd/system/a.service.d/95.conf", "/dev/null");
        assertThat(binds()).isEqualTo("[8102]");
        Files.delete(root.resolve("etc/systemd/system/a.service.d/95.conf"));
    }

    @Test
    void aMaskedUnitIsNone() throws IOException, InterruptedException {
        file("agents/a/main.py", FROM_ENVIRONMENT).unit("usr/lib/systemd/system/a.service", PYTHON);
        assertThat(binds()).isEqualTo("[8000]");
        link("etc/systemd/system/a.service", "/dev/null");
        assertThat(units()).isEmpty();
        Files.delete(root.resolve("etc/systemd/system/a.service"));
        file("etc/systemd/system/a.service", "");
        assertThat(units()).isEmpty();
        // The folders of users are others.
        Files.delete(root.resolve("etc/systemd/system/a.service"));
        link("etc/systemd/user/a.service", "/dev/null");
        assertThat(binds()).isEqualTo("[8000]");
        Files.delete(root.resolve("etc/systemd/user/a.service"));
    }

    @Test
    void dropInsOfAnAliasApply() throws IOException, InterruptedException {
        file("agents/a/main.py", FROM_ENVIRONMENT)
                .unit("units/a.service", PYTHON)
                .link("units/www.service", "a.service")
                .file("units/www.service.d/10.conf", "[Service]\nEnvironment=PORT=8108\n");
        assertThat(binds()).isEqualTo("[8108]");
    }

    @Test
    void whatATargetWantsIsAnInstance() throws IOException, InterruptedException {
        file("agents/a/main.py", FROM_ARGUMENTS)
                .unit("units/a@.service", PYTHON + " --port %i")
                .file("units/fleet.target", "[Unit]\nWants=a@8113.service\n");
        assertThat(binds()).isEqualTo("[8113]");
    }

    @Test
    void specifiersOfTheNameAreReplaced() throws IOException, InterruptedException {
        file("agents/a/main.py", FROM_ARGUMENTS).unit("units/a-8116.service", PYTHON + " --port %j");
        assertThat(binds()).isEqualTo("[8116]");
        Files.delete(root.resolve("units/a-8116.service"));
        file("units/a@.service", "[Service]\nWorkingDirectory=/opt/fleet/%I\n" + PYTHON + " --port 8123\n")
                .link("units/multi-user.target.wants/a@agents-a.service", "../a@.service");
        assertThat(binds()).isEqualTo("[8123]");
    }

    @Test
    void socketsAreTheirServicesPorts() throws IOException, InterruptedException {
        file("agents/a/main.py", HANDED)
                .unit("units/a.service", PYTHON)
                .file("units/a.socket", "[Socket]\nListenStream=/run/a.sock\nListenStream=8300\n");
        assertThat(binds()).isEqualTo("[8300]");
        file("units/a.socket", "[Socket]\nListenStream=127.0.0.1:8301\n");
        assertThat(binds()).isEqualTo("[8301]");
        assertThat(units().getFirst().claims().getFirst().onLoopback()).isTrue();
        file("units/a.socket", "[Socket]\nListenStream=8300\nListenStream=\nListenStream=[::]:8302\n");
        assertThat(binds()).isEqualTo("[8302]");
        file("units/a.socket", "[Socket]\nListenStream=8303\nService=other.service\n");
        assertThat(binds()).isEqualTo("[]");
        file("units/a.socket", "[Socket]\nListenDatagram=8304\nListenStream=vsock::8304\n");
        assertThat(binds()).isEqualTo("[]");
    }

    @Test
    void aServerThatIsHandedItsSocketBindsNoOther() throws IOException, InterruptedException {
        file("agents/a/main.py", "from flask import Flask\napp = Flask(__name__)\n")
                .unit("units/a.service", "ExecStart=/usr/bin/gunicorn main:app")
                .file("units/a.socket", "[Socket]\nListenStream=8305\n");
        assertThat(binds()).isEqualTo("[8305]");
        unit("units/a.service", "ExecStart=/usr/bin/uvicorn --fd 3 main:app");
        assertThat(binds()).isEqualTo("[8305]");
    }

    @Test
    void argparseReadsWhatIsWrittenOtherwise() throws IOException, InterruptedException {
        assertThat(arguments(FROM_ARGUMENTS, "/usr/bin/python3 main.py --por 8179"))
                .isEqualTo("[8179]");
        assertThat(arguments(FROM_ARGUMENTS, "/usr/bin/python3 main.py -p8180")).isEqualTo("[8180]");
        assertThat(arguments(FROM_ARGUMENTS, "/usr/bin/python3 main.py --verbose --por=8181"))
                .isEqualTo("[8181]");
        assertThat(arguments(FROM_ARGUMENTS, "/usr/bin/python3 main.py --verb")).isEqualTo("[8000]");
        assertThat(arguments(BY_PLACE, "/usr/bin/python3 main.py 8182")).isEqualTo("[8182]");
        assertThat(arguments(BY_PLACE, "/usr/bin/python3 main.py --debug 8183")).isEqualTo("[8183]");
        assertThat(arguments(BY_PLACE, "/usr/bin/python3 main.py --debug")).isEqualTo("[8000]");
    }

    @Test
    void clickTakesOptionsFromVariablesWithAPrefix() throws IOException, InterruptedException {
        String program = """
            import click, uvicorn
            from fastapi import FastAPI
            app = FastAPI()
            @click.command()
            @click.option('--port', default=8000)
            def main(port):
                uvicorn.run(app, host='0.0.0.0', port=port)
            if __name__ == '__main__':
                main(%s)
            """;
        file("agents/a/main.py", program.formatted("auto_envvar_prefix='APP'"))
                .unit("units/a.service", "Environment=PORT=1 APP_PORT=9503", PYTHON);
        assertThat(binds()).isEqualTo("[9503]");
        unit("units/a.service", "Environment=APP_PORT=9503", PYTHON + " --port 9504");
        assertThat(binds()).isEqualTo("[9504]");
        file("agents/a/main.py", program.formatted("")).unit("units/a.service", "Environment=APP_PORT=9503", PYTHON);
        assertThat(binds()).isEqualTo("[8000]");
    }

    @Test
    void envAndSudoTakeVariablesAway() throws IOException, InterruptedException {
        assertThat(arguments(FROM_ENVIRONMENT, "/usr/bin/env python3 main.py")).isEqualTo("[8200]");
        assertThat(arguments(FROM_ENVIRONMENT, "/usr/bin/env -i python3 main.py"))
                .isEqualTo("[8000]");
        assertThat(arguments(FROM_ENVIRONMENT, "/usr/bin/env -u PORT python3 main.py"))
                .isEqualTo("[8000]");
        assertThat(arguments(FROM_ENVIRONMENT, "/usr/bin/env -u OTHER python3 main.py"))
                .isEqualTo("[8200]");
        assertThat(arguments(FROM_ENVIRONMENT, "/usr/bin/sudo -E -u web python3 main.py"))
                .isEqualTo("[8200]");
        assertThat(arguments(FROM_ENVIRONMENT, "/usr/bin/sudo -u web python3 main.py"))
                .isEqualTo("[] sudo passes on only the variables that its configuration names");
    }

    @Test
    void filesOfRunnersAreRead() throws IOException, InterruptedException {
        file("agents/a/.env", "# local\nexport PORT=3112\n").file("agents/a/.env.prod", "PORT='3113'\n");
        assertThat(node("/usr/bin/node server.js")).isEqualTo("[3000]");
        assertThat(node("/usr/bin/node --env-file=.env server.js")).isEqualTo("[3112]");
        assertThat(node("/usr/bin/node --env-file .env --env-file .env.prod server.js"))
                .isEqualTo("[3113]");
        assertThat(node("/usr/bin/node -r dotenv/config server.js")).isEqualTo("[3112]");
        assertThat(node("/usr/bin/node -r dotenv/config server.js", "Environment=PORT=3114"))
                .isEqualTo("[3114]");
        assertThat(node("/usr/bin/node -r dotenv/config server.js", "Environment=DOTENV_CONFIG_PATH=.env.prod"))
                .isEqualTo("[3113]");
        assertThat(node("/usr/bin/npx env-cmd -f .env.prod node server.js", "Environment=PORT=3114"))
                .isEqualTo("[3113]");
        assertThat(node("/usr/bin/npx dotenv -e .env.prod -- node server.js")).isEqualTo("[3113]");
        assertThat(node("/usr/bin/bun server.js")).isEqualTo("[3112]");
        file("agents/a/.env", "PORT=${BASE}1\n");
        assertThat(node("/usr/bin/node --env-file=.env server.js")).contains("puts variables together");
    }

    @Test
    void optionsOfRunnersAreNoPrograms() throws IOException, InterruptedException {
        file("agents/a/package.json", """
            {"scripts": {"start": "cross-env PORT=3106 node server.js", "dev": "nodemon --watch src -e js,ts server.js"}}
            """);
        assertThat(node("/usr/bin/npm start")).isEqualTo("[3106]");
        assertThat(node("/usr/bin/npm run dev")).isEqualTo("[3000]");
        assertThat(node("/usr/bin/node --run start")).isEqualTo("[3106]");
        assertThat(node("/usr/bin/nodemon --watch src server.js", "Environment=PORT=3107"))
                .isEqualTo("[3107]");
    }

    @Test
    void aPackageInAnotherFolderIsFollowedThere() throws IOException, InterruptedException {
        file("agents/a/server.js", NODE)
                .file("agents/a/package.json", "{\"scripts\": {\"start\": \"node server.js\"}}");
        for (String command : List.of(
                "/usr/bin/npm --prefix /opt/fleet/agents/a start",
                "/usr/bin/yarn --cwd /opt/fleet/agents/a start",
                "/usr/bin/pnpm -C /opt/fleet/agents/a start")) {
            file(
                    "units/a.service",
                    "[Service]\nWorkingDirectory=/opt/fleet/agents\nEnvironment=PORT=3108\nExecStart=" + command
                            + "\n");
            assertThat(binds()).as(command).isEqualTo("[3108]");
            assertThat(units().getFirst().directory()).isEqualTo("agents/a");
        }
    }

    @Test
    void whatACommandNamesIsWhereItBelongs() throws IOException, InterruptedException {
        file("agents/a/server.js", NODE)
                .file("units/a.service", "[Service]\nExecStart=/usr/local/bin/runner --app=/opt/fleet/agents/a\n")
                .file("units/b.service", "[Service]\nWorkingDirectory=/opt/fleet/agents/a\nExecStart=/bin/true\n");
        assertThat(units()).extracting(Launch::directory).containsExactly("agents/a", "agents/a");
    }
}
